import type { UploadTicket } from '../contract/upload.ts';
import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { errorFromResponse, type Fault, isAbort, ProblemError, toProblemError } from './problem-error.ts';
import type { BytesAnswer, SendBytes } from './send-bytes.ts';
import type { Api } from './service-api.ts';

/** State of a transfer: `interrupted` waits for the network or the store and resumes automatically. */
export type SendState = 'idle' | 'sending' | 'paused' | 'interrupted' | 'done' | 'failed' | 'cancelled';

/** Progress of a transfer. */
export type SendProgress = {
	readonly state: SendState;
	/** Id of the upload and its analysis; null until the service has assigned one. */
	readonly id: string | null;
	readonly sentBytes: number;
	/** Why it was interrupted or failed; null otherwise. */
	readonly fault: Fault | null;
	/** Whether it resumes the upload of an earlier sender. */
	readonly isContinued: boolean;
};

/** Remembers the ticket of an upload in progress, so that another sender can resume it. */
export type TicketMemory = {
	find(): UploadTicket | null;
	keep(ticket: UploadTicket): void;
	forget(): void;
};

/** Options of a sender. */
export type FileSenderOptions = {
	readonly api: Pick<Api, 'createUpload' | 'deleteAnalysis'>;
	readonly fileName: string;
	readonly contentType: string;
	readonly send: SendBytes;
	readonly machine: Machine;
	/** Called whenever the progress changes. */
	readonly onChange?: (progress: SendProgress) => void;
};

/** Parts of 8 to 32 MiB; Google's resumable upload protocol requires multiples of 256 KiB. */
const minPartBytes = 8 * 1024 ** 2;
const maxPartBytes = 32 * 1024 ** 2;

/** If a part takes less than this, the part size is doubled, milliseconds. */
const quickPartMs = 4_000;

/** Maximum number of consecutive failures without any progress: a few minutes of pauses. */
const maxAttempts = 10;

/** How often to request a new address if the store no longer accepts the old one. */
const maxRenewals = 2;

/** Headers that browsers set themselves and refuse to accept. */
const forbiddenHeaders = new Set(['content-length', 'host']);

/** Sends a file to the store; can be paused, resumed and cancelled. Recovers from lost connections and expired addresses. */
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

	/** Stops sending until `resume`; received bytes are kept. */
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

	/** Stops sending for good and has the service delete the received bytes. */
	async cancel(): Promise<void> {
		if (this.#progress.state === 'done' || this.#end.signal.aborted) return;
		this.#end.abort();
		this.#part?.abort();
		this.#resumeWaiting?.();
		this.#change({ state: 'cancelled' });
		this.#memory?.forget();
		const { id } = this.#progress;
		if (id) await this.#options.api.deleteAnalysis(id).catch(() => {}); // otherwise the upload expires
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

	/** Sends everything from `offset` on (null = query the store's progress first). Returns null, or why the store no longer accepts this ticket. */
	async #sendAll(ticket: UploadTicket, offset: number | null): Promise<ProblemError | null> {
		const { machine } = this.#options;
		const unknown = ticket.upload.resumable ? null : 0; // a non-resumable upload starts over
		let at = offset ?? unknown;
		let furthest = at ?? 0;
		for (let attempt = 0; ; ) {
			await this.#untilAllowed();
			const startMs = machine.now();
			const response = await this.#put(ticket, at).catch((thrown: unknown) => toProblemError(thrown));
			if (response instanceof ProblemError) {
				at = unknown;
				if (isAbort(response)) continue; // paused or cancelled
				await this.#file.slice(0, 1).arrayBuffer().catch(fileGone);
				await this.#interrupt(response, attempt++);
				continue;
			}
			if (response.status === 200 || response.status === 201) return null;
			if (response.status === 308) {
				const wasPart = at !== null;
				at = arrivedBytes(response);
				this.#change({ sentBytes: at });
				if (at > furthest) {
					furthest = at;
					attempt = 0;
					if (wasPart && machine.now() - startMs < quickPartMs)
						this.#partBytes = Math.min(maxPartBytes, 2 * this.#partBytes);
				} else if (wasPart) await this.#interrupt(new ProblemError('upload-stalled', { retryable: true }), attempt++);
				continue;
			}
			const fault = faultFromResponse(response);
			if (isUnknownUpload(response.status)) return fault;
			if (!fault.retryable) throw fault;
			at = unknown;
			await this.#interrupt(fault, attempt++);
		}
	}

	/** Sends one part from `at` on, or queries the store's progress if `at` is null. */
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

	/** Waits while paused; throws if cancelled. */
	async #untilAllowed(): Promise<void> {
		while (this.#isPaused && !this.#end.signal.aborted)
			await new Promise<void>((resolve) => {
				this.#resumeWaiting = resolve;
			});
		this.#end.signal.throwIfAborted();
		this.#change({ state: 'sending', fault: null });
	}

	/** Waits for the network and before the next attempt, longer each time; throws `fault` after too many attempts. */
	async #interrupt(fault: ProblemError, attempt: number): Promise<void> {
		const { machine } = this.#options;
		if (attempt >= maxAttempts && machine.isOnline()) throw fault;
		this.#end.signal.throwIfAborted();
		this.#change({ fault, ...(!this.#isPaused && { state: 'interrupted' }) });
		const pauseMs = Math.max(growingPauseMs(attempt), 1000 * (fault.retryAfterS ?? 0));
		await pauseForNetwork(machine, pauseMs, this.#end.signal);
	}
}

/** Whether a request may succeed later after this status. */
const isTemporary = (status: number) => status >= 500 || status === 408 || status === 429;

/** Whether the store does not know the upload (any more). */
const isUnknownUpload = (status: number) => status === 401 || status === 403 || status === 404 || status === 410;

/** Number of received bytes by the `Range: bytes=0-B` of a 308 response; without it, none. */
const arrivedBytes = ({ range }: BytesAnswer) => Number(/^bytes=0-(\d+)$/.exec(range ?? '')?.[1] ?? -1) + 1;

function faultFromResponse({ status, body, retryAfter }: BytesAnswer): ProblemError {
	const fault = errorFromResponse(status, body, retryAfter);
	if (fault.code !== 'bad-answer') return fault;
	// buckets do not respond with problems
	const { retryable, retryAfterS, detail } = fault;
	return new ProblemError(isTemporary(status) ? 'store-failed' : 'upload-refused', {
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
