import type { UploadTicket } from '../contract/upload.ts';
import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { errorFromAnswer, type Fault, isAbort, ProblemError, toProblemError } from './problem-error.ts';
import type { BytesAnswer, SendBytes } from './send-bytes.ts';
import type { Api } from './service-api.ts';

/** How a file on its way stands: `interrupted` waits for the network or the store and goes on by itself. */
export type SendState = 'idle' | 'sending' | 'paused' | 'interrupted' | 'done' | 'failed' | 'cancelled';

/** How far a file is on its way. */
export type SendProgress = {
	readonly state: SendState;
	/** Name of the upload and of its analysis; null before the service gave one. */
	readonly id: string | null;
	readonly sentBytes: number;
	/** Why it is interrupted or failed; null otherwise. */
	readonly fault: Fault | null;
	/** Whether it goes on from where an earlier sender stopped. */
	readonly isContinued: boolean;
};

/** Remembers the ticket of a file that is being sent, so that another sender can go on with it. */
export type TicketMemory = {
	find(): UploadTicket | null;
	keep(ticket: UploadTicket): void;
	forget(): void;
};

/** What a sender needs. */
export type FileSenderOptions = {
	readonly api: Pick<Api, 'createUpload' | 'deleteAnalysis'>;
	readonly fileName: string;
	readonly contentType: string;
	readonly send: SendBytes;
	readonly machine: Machine;
	/** Called whenever something of the progress changes. */
	readonly onChange?: (progress: SendProgress) => void;
};

/** Parts of 8 to 32 MiB: a multiple of 256 KiB, as the protocol of Google's resumable uploads wants. */
const minPartBytes = 8 * 1024 ** 2;
const maxPartBytes = 32 * 1024 ** 2;

/** A part that took less than this is followed by one of twice the size, ms. */
const quickPartMs = 4_000;

/** Failures in a row without a byte of progress after which it ends: some minutes of pauses. */
const maxAttempts = 10;

/** Times that a new address is asked for when the store knows the old one no more. */
const maxRenewals = 2;

/** Headers that a browser sets itself and refuses to be given. */
const forbiddenHeaders = new Set(['content-length', 'host']);

/** One file on its way to the store: pause, resume, cancel. A lost connection and an expired address are got over. */
export class FileSender {
	readonly #file: Blob;
	readonly #options: FileSenderOptions;
	readonly #end = new AbortController();
	#memory: TicketMemory | null = null;
	#part: AbortController | null = null;
	#partBytes = minPartBytes;
	#isPaused = false;
	#resumeWaiting: (() => void) | null = null;
	#progress: SendProgress = { state: 'idle', id: null, sentBytes: 0, fault: null, isContinued: false };

	constructor(file: Blob, options: FileSenderOptions) {
		this.#file = file;
		this.#options = options;
	}

	get progress(): SendProgress {
		return this.#progress;
	}

	/** Sends the file and resolves with its id; rejects with ProblemError (`cancelled` after `cancel`). */
	async run(memory: TicketMemory | null = null): Promise<string> {
		this.#memory = memory;
		try {
			return await this.#send();
		} catch (thrown) {
			const isCancelled = this.#end.signal.aborted || isAbort(thrown);
			const error = isCancelled ? new ProblemError('cancelled', { retryable: true }) : toProblemError(thrown);
			this.#change(isCancelled ? { state: 'cancelled', fault: null } : { state: 'failed', fault: error });
			throw error;
		}
	}

	/** Stops sending until `resume`; what has arrived stays. */
	pause(): void {
		const { state } = this.#progress;
		if (state !== 'sending' && state !== 'interrupted') return;
		this.#isPaused = true;
		this.#change({ state: 'paused' });
		this.#part?.abort();
	}

	resume(): void {
		if (!this.#isPaused) return;
		this.#isPaused = false;
		this.#resumeWaiting?.();
	}

	/** Ends it for good and has the service delete what arrived. */
	async cancel(): Promise<void> {
		if (this.#progress.state === 'done' || this.#end.signal.aborted) return;
		this.#end.abort();
		this.#part?.abort();
		this.#resumeWaiting?.();
		this.#change({ state: 'cancelled' });
		this.#memory?.forget();
		const { id } = this.#progress;
		if (id) await this.#options.api.deleteAnalysis(id).catch(() => {}); // the store's sweeper is the back-stop
	}

	#change(change: Partial<SendProgress>): void {
		this.#progress = { ...this.#progress, ...change };
		this.#options.onChange?.(this.#progress);
	}

	async #send(): Promise<string> {
		let ticket = this.#memory?.find() ?? null;
		this.#change({ isContinued: ticket !== null });
		for (let renewals = 0; ; renewals++) {
			const isFresh = ticket === null;
			ticket ??= await this.#createTicket();
			this.#change({ id: ticket.id });
			if (ticket.upload.resumable) this.#memory?.keep(ticket);
			const refusal = await this.#sendAll(ticket, isFresh ? 0 : null);
			this.#memory?.forget();
			if (refusal === null) {
				this.#change({ sentBytes: this.#file.size, state: 'done' });
				return ticket.id;
			}
			if (renewals >= maxRenewals) throw refusal;
			ticket = null;
			this.#change({ isContinued: false, sentBytes: 0 });
		}
	}

	async #createTicket(): Promise<UploadTicket> {
		const { fileName, contentType, api } = this.#options;
		const request = { fileName, sizeBytes: this.#file.size, contentType };
		const key = randomKey();
		for (let attempt = 0; ; attempt++) {
			await this.#untilAllowed();
			try {
				return await api.createUpload(request, key, this.#end.signal);
			} catch (thrown) {
				const fault = toProblemError(thrown);
				if (!fault.retryable || fault.code === 'cancelled') throw fault;
				await this.#interrupt(fault, attempt);
			}
		}
	}

	/** Sends from `offset` on (null = ask the store how far it got) to the end; null, or why the store does not take this ticket any more. */
	async #sendAll(ticket: UploadTicket, offset: number | null): Promise<ProblemError | null> {
		const { machine } = this.#options;
		const unknown = ticket.upload.resumable ? null : 0; // what does not come in parts begins anew
		let at = offset ?? unknown;
		let furthest = at ?? 0;
		for (let attempt = 0; ; ) {
			await this.#untilAllowed();
			const startMs = machine.now();
			const answer = await this.#put(ticket, at).catch((thrown: unknown) => toProblemError(thrown));
			if (answer instanceof ProblemError) {
				at = unknown;
				if (isAbort(answer)) continue; // paused or cancelled
				await this.#file.slice(0, 1).arrayBuffer().catch(fileGone);
				await this.#interrupt(answer, attempt++);
				continue;
			}
			if (answer.status === 200 || answer.status === 201) return null;
			if (answer.status === 308) {
				const wasPart = at !== null;
				at = arrivedBytes(answer);
				this.#change({ sentBytes: at });
				if (at > furthest) {
					furthest = at;
					attempt = 0;
					if (wasPart && machine.now() - startMs < quickPartMs)
						this.#partBytes = Math.min(maxPartBytes, 2 * this.#partBytes);
				} else if (wasPart) await this.#interrupt(new ProblemError('upload-stalled', { retryable: true }), attempt++);
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
		const { size } = this.#file;
		const end = at === null ? 0 : Math.min(size, upload.resumable ? at + this.#partBytes : size);
		const range = at === null || at === size ? `bytes */${size}` : `bytes ${at}-${end - 1}/${size}`;
		const headers = Object.entries(upload.headers).filter(([name]) => !forbiddenHeaders.has(name.toLowerCase()));
		this.#part = new AbortController();
		try {
			return await this.#options.send({
				url: upload.url,
				headers: { ...Object.fromEntries(headers), ...(upload.resumable && { 'Content-Range': range }) },
				body: at === null || at === size ? null : this.#file.slice(at, end),
				signal: this.#part.signal,
				onProgress: (sentBytes) => {
					if (at === null || this.#progress.state !== 'sending') return;
					this.#change({ sentBytes: Math.min(size, at + sentBytes) });
				},
			});
		} finally {
			this.#part = null;
		}
	}

	/** Waits as long as it is paused; throws when it was cancelled. */
	async #untilAllowed(): Promise<void> {
		while (this.#isPaused && !this.#end.signal.aborted)
			await new Promise<void>((resolve) => {
				this.#resumeWaiting = resolve;
			});
		this.#end.signal.throwIfAborted();
		this.#change({ state: 'sending', fault: null });
	}

	/** Waits before the next attempt, longer each time, and for the network; throws `fault` after too many. */
	async #interrupt(fault: ProblemError, attempt: number): Promise<void> {
		const { machine } = this.#options;
		if (attempt >= maxAttempts && machine.isOnline()) throw fault;
		this.#end.signal.throwIfAborted();
		this.#change({ fault, ...(!this.#isPaused && { state: 'interrupted' }) });
		const pauseMs = Math.max(growingPauseMs(attempt), 1000 * (fault.retryAfterS ?? 0));
		await pauseForNetwork(machine, pauseMs, this.#end.signal);
	}
}

/** Statuses after which the same may succeed later. */
const isPassing = (status: number) => status >= 500 || status === 408 || status === 429;

/** Statuses by which a store says that it knows nothing of this upload (any more). */
const isForgotten = (status: number) => status === 401 || status === 403 || status === 404 || status === 410;

/** Bytes that have arrived by a 308's `Range: bytes=0-B`; without it none have. */
const arrivedBytes = ({ range }: BytesAnswer) => Number(/^bytes=0-(\d+)$/.exec(range ?? '')?.[1] ?? -1) + 1;

function faultFromAnswer({ status, body, retryAfter }: BytesAnswer): ProblemError {
	const fault = errorFromAnswer(status, body, retryAfter);
	if (fault.code !== 'bad-answer') return fault;
	// a bucket answers in words of its own
	const { retryable, retryAfterS, detail } = fault;
	return new ProblemError(isPassing(status) ? 'store-failed' : 'upload-refused', {
		status,
		retryable,
		retryAfterS,
		detail,
	});
}

function fileGone(cause: unknown): never {
	throw new ProblemError('file-gone', { cause });
}

const randomKey = () =>
	Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
