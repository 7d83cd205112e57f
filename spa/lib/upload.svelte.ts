import type { UploadTicket } from '../../function/contract/upload.ts';
import type { Api } from './api.ts';
import { ApiError, apiErrorFromProblem, type Fault, isAbort, toApiError } from './api-error.ts';
import { wireFileName } from './check-file.ts';
import type { BytesAnswer } from './send-bytes.ts';
import { createSpeed } from './speed.ts';
import { growingPauseMs, pauseForNetwork, type Surroundings } from './surroundings.ts';
import { createUploadSessions, fingerprintFile, type UploadSessions } from './upload-sessions.ts';

/** How an upload stands: `interrupted` waits for the network or the store and goes on by itself. */
export type UploadState = 'idle' | 'sending' | 'paused' | 'interrupted' | 'done' | 'failed' | 'cancelled';

/** Parts of 8 to 32 MiB: a multiple of 256 KiB, as the protocol of Google's resumable uploads wants. */
const minPartBytes = 8 * 1024 ** 2;
const maxPartBytes = 32 * 1024 ** 2;

/** A part that took less than this is followed by one of twice the size, ms. */
const quickPartMs = 4_000;

/** Failures in a row without a byte of progress after which an upload ends: some minutes of pauses. */
const maxAttempts = 10;

/** Statuses after which the same may succeed later. */
const isPassing = (status: number) => status >= 500 || status === 408 || status === 429;

/** Statuses by which a store says that it knows nothing of this upload (any more). */
const isForgotten = (status: number) => status === 401 || status === 403 || status === 404 || status === 410;

/** One file on its way to the store: progress, pause, resume, cancel. A lost connection, a closed tab and an expired address are got over. */
export class Upload {
	readonly file: File;
	readonly #api: Pick<Api, 'createUpload' | 'deleteAnalysis'>;
	readonly #around: Surroundings;
	readonly #sessions: UploadSessions;
	readonly #contentType: string;
	readonly #end = new AbortController();
	#part: AbortController | null = null;
	#partBytes = minPartBytes;
	#speed;
	#resumeWaiting: (() => void) | null = null;

	#state = $state<UploadState>('idle');
	#ticket = $state.raw<UploadTicket | null>(null);
	#sentBytes = $state(0);
	#bytesPerS = $state<number | null>(null);
	#fault = $state.raw<Fault | null>(null);
	#continued = $state(false);
	#isPaused = $state(false);

	constructor(
		file: File,
		{
			api,
			around,
			contentType,
		}: { api: Pick<Api, 'createUpload' | 'deleteAnalysis'>; around: Surroundings; contentType: string },
	) {
		this.file = file;
		this.#api = api;
		this.#around = around;
		this.#contentType = contentType;
		this.#sessions = createUploadSessions(around.storage, around.now);
		this.#speed = createSpeed(around.now);
	}

	get state(): UploadState {
		return this.#state;
	}
	/** Name of the upload and of its analysis; null before the service gave one. */
	get id(): string | null {
		return this.#ticket?.id ?? null;
	}
	get sentBytes(): number {
		return this.#sentBytes;
	}
	get totalBytes(): number {
		return this.file.size;
	}
	/** 0..1. */
	get progress(): number {
		return this.#sentBytes / this.file.size;
	}
	/** Mean of the last seconds; null = not known yet, or nothing is being sent. */
	get bytesPerS(): number | null {
		return this.#state === 'sending' ? this.#bytesPerS : null;
	}
	/** Seconds left at this speed; null = not known. */
	get leftS(): number | null {
		const speed = this.bytesPerS;
		return speed ? (this.file.size - this.#sentBytes) / speed : null;
	}
	/** Whether it goes on from where an earlier visit stopped. */
	get isContinued(): boolean {
		return this.#continued;
	}
	/** Why it is interrupted or failed; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}

	/** Whether an upload of this very file was begun on an earlier visit and can go on. */
	async hasSession(): Promise<boolean> {
		return this.#sessions.find(await fingerprintFile(this.file)) !== null;
	}

	/** Sends the file and resolves with its id; rejects with ApiError (`cancelled` after `cancel`). */
	async run(): Promise<string> {
		try {
			return await this.#send(await fingerprintFile(this.file).catch(fileGone));
		} catch (thrown) {
			const error = this.#end.signal.aborted ? new ApiError('cancelled', { retryable: true }) : toApiError(thrown);
			this.#state = error.code === 'cancelled' ? 'cancelled' : 'failed';
			this.#fault = error.code === 'cancelled' ? null : error;
			throw error;
		}
	}

	/** Stops sending until `resume`; what has arrived stays. */
	pause(): void {
		if (this.#state !== 'sending' && this.#state !== 'interrupted') return;
		this.#isPaused = true;
		this.#state = 'paused';
		this.#part?.abort();
	}

	resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#resumeWaiting?.();
	}

	/** Ends it for good and has the service delete what arrived. */
	async cancel(): Promise<void> {
		if (this.#state === 'done' || this.#end.signal.aborted) return;
		this.#end.abort();
		this.#part?.abort();
		this.#resumeWaiting?.();
		this.#state = 'cancelled';
		const id = this.id;
		const fingerprint = await fingerprintFile(this.file).catch(() => null);
		if (fingerprint) this.#sessions.forget(fingerprint);
		if (id) await this.#api.deleteAnalysis(id).catch(() => {}); // the store's sweeper is the back-stop
	}

	async #send(fingerprint: string): Promise<string> {
		let ticket = this.#sessions.find(fingerprint);
		this.#continued = ticket !== null;
		for (let renewals = 0; ; renewals++) {
			const isFresh = ticket === null;
			ticket ??= await this.#createTicket();
			this.#ticket = ticket;
			if (ticket.upload.resumable) this.#sessions.keep(fingerprint, ticket);
			const refusal = await this.#sendAll(ticket, isFresh ? 0 : null);
			this.#sessions.forget(fingerprint);
			if (refusal === null) {
				this.#sentBytes = this.file.size;
				this.#state = 'done';
				return ticket.id;
			}
			if (renewals >= maxRenewals) throw refusal;
			ticket = null;
			this.#continued = false;
			this.#sentBytes = 0;
		}
	}

	async #createTicket(): Promise<UploadTicket> {
		const request = {
			fileName: wireFileName(this.file.name),
			sizeBytes: this.file.size,
			contentType: this.#contentType,
		};
		const key = randomKey();
		for (let attempt = 0; ; attempt++) {
			await this.#untilAllowed();
			try {
				return await this.#api.createUpload(request, key, this.#end.signal);
			} catch (thrown) {
				const fault = toApiError(thrown);
				if (!fault.retryable || fault.code === 'cancelled') throw fault;
				await this.#interrupt(fault, attempt);
			}
		}
	}

	/** Sends from `offset` on (null = ask the store how far it got) to the end; null, or why the store does not take this ticket any more. */
	async #sendAll(ticket: UploadTicket, offset: number | null): Promise<ApiError | null> {
		const unknown = ticket.upload.resumable ? null : 0; // what does not come in parts begins anew
		let at = offset ?? unknown;
		let furthest = at ?? 0;
		for (let attempt = 0; ; ) {
			await this.#untilAllowed();
			const startMs = this.#around.now();
			const answer = await this.#put(ticket, at).catch((thrown: unknown) => toApiError(thrown));
			if (answer instanceof ApiError) {
				at = unknown;
				if (isAbort(answer)) continue; // paused or cancelled
				await this.file.slice(0, 1).arrayBuffer().catch(fileGone);
				await this.#interrupt(answer, attempt++);
				continue;
			}
			if (answer.status === 200 || answer.status === 201) return null;
			if (answer.status === 308) {
				const wasPart = at !== null;
				at = arrivedBytes(answer);
				this.#sentBytes = at;
				if (at > furthest) {
					furthest = at;
					attempt = 0;
					if (wasPart && this.#around.now() - startMs < quickPartMs)
						this.#partBytes = Math.min(maxPartBytes, 2 * this.#partBytes);
				} else if (wasPart) await this.#interrupt(new ApiError('upload-stalled', { retryable: true }), attempt++);
				continue;
			}
			const fault = faultFromAnswer(answer);
			if (isForgotten(answer.status)) return fault;
			if (!fault.retryable) throw fault;
			at = unknown;
			await this.#interrupt(fault, attempt++);
		}
	}

	/** One part from `at` on, or with null the question how far the store got. */
	async #put({ upload }: UploadTicket, at: number | null): Promise<BytesAnswer> {
		const size = this.file.size;
		const end = at === null ? 0 : Math.min(size, upload.resumable ? at + this.#partBytes : size);
		const range = at === null || at === size ? `bytes */${size}` : `bytes ${at}-${end - 1}/${size}`;
		const headers = Object.entries(upload.headers).filter(([name]) => !forbiddenHeaders.has(name.toLowerCase()));
		this.#part = new AbortController();
		try {
			return await this.#around.send({
				url: upload.url,
				headers: { ...Object.fromEntries(headers), ...(upload.resumable && { 'Content-Range': range }) },
				body: at === null || at === size ? null : this.file.slice(at, end),
				signal: this.#part.signal,
				onProgress: (sentBytes) => {
					if (at === null || this.#state !== 'sending') return;
					this.#sentBytes = Math.min(size, at + sentBytes);
					this.#bytesPerS = this.#speed.add(this.#sentBytes);
				},
			});
		} finally {
			this.#part = null;
		}
	}

	/** Waits as long as it is paused; throws when it was cancelled. */
	async #untilAllowed(): Promise<void> {
		while (this.#isPaused && !this.#end.signal.aborted) {
			await new Promise<void>((resolve) => {
				this.#resumeWaiting = resolve;
			});
			this.#speed.reset();
		}
		this.#end.signal.throwIfAborted();
		this.#state = 'sending';
		this.#fault = null;
	}

	/** Waits before the next attempt, longer each time, and for the network; throws `fault` after too many. */
	async #interrupt(fault: ApiError, attempt: number): Promise<void> {
		if (attempt >= maxAttempts && this.#around.isOnline()) throw fault;
		this.#end.signal.throwIfAborted();
		if (!this.#isPaused) this.#state = 'interrupted';
		this.#fault = fault;
		this.#speed.reset();
		this.#bytesPerS = null;
		const pauseMs = Math.max(growingPauseMs(attempt), 1000 * (fault.retryAfterS ?? 0));
		await pauseForNetwork(this.#around, pauseMs, this.#end.signal);
	}
}

/** Times that a new address is asked for when the store knows the old one no more. */
const maxRenewals = 2;

/** Headers that a browser sets itself and refuses to be given. */
const forbiddenHeaders = new Set(['content-length', 'host']);

/** Bytes that have arrived by a 308's `Range: bytes=0-B`; without it none have. */
const arrivedBytes = ({ range }: BytesAnswer) => Number(/^bytes=0-(\d+)$/.exec(range ?? '')?.[1] ?? -1) + 1;

function faultFromAnswer({ status, body, retryAfter }: BytesAnswer): ApiError {
	const fault = apiErrorFromProblem(status, body, retryAfter);
	if (fault.code !== 'bad-answer') return fault;
	// a bucket answers in words of its own
	const { retryable, retryAfterS, detail } = fault;
	return new ApiError(isPassing(status) ? 'store-failed' : 'upload-refused', {
		status,
		retryable,
		retryAfterS,
		detail,
	});
}

function fileGone(cause: unknown): never {
	throw new ApiError('file-gone', { cause });
}

const randomKey = () =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
