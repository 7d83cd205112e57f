import { FileSender, type SendProgress, type SendState } from '../../function/client/file-sender.ts';
import { type Fault, ProblemError } from '../../function/client/problem-error.ts';
import type { Api } from '../../function/client/service-api.ts';
import { wireFileName } from '../../function/client/wire-file-name.ts';
import { createSpeed } from './speed.ts';
import type { Surroundings } from './surroundings.ts';
import { createUploadSessions, fingerprintFile, type UploadSessions } from './upload-sessions.ts';

/** One file being uploaded, as the page shows it: progress, speed, and resuming after the tab was closed. */
export class Upload {
	readonly file: File;
	readonly #sessions: UploadSessions;
	readonly #sender: FileSender;
	readonly #speed;
	#shown: SendProgress = $state.raw({ state: 'idle', id: null, sentBytes: 0, fault: null, isContinued: false });
	#bytesPerS = $state<number | null>(null);

	constructor(
		file: File,
		{
			api,
			around,
			contentType,
		}: { api: Pick<Api, 'createUpload' | 'deleteAnalysis'>; around: Surroundings; contentType: string },
	) {
		this.file = file;
		this.#sessions = createUploadSessions(around.storage, around.now);
		this.#speed = createSpeed(around.now);
		this.#sender = new FileSender(file, {
			api,
			fileName: wireFileName(file.name),
			contentType,
			send: around.send,
			machine: around,
			onChange: (progress) => this.#show(progress),
		});
	}

	get state(): SendState {
		return this.#shown.state;
	}
	/** Id of the upload and of its analysis; null until the service has assigned one. */
	get id(): string | null {
		return this.#shown.id;
	}
	get sentBytes(): number {
		return this.#shown.sentBytes;
	}
	get totalBytes(): number {
		return this.file.size;
	}
	/** 0..1. */
	get progress(): number {
		return this.sentBytes / this.file.size;
	}
	/** Average of the last seconds; null = not known yet, or nothing is being sent. */
	get bytesPerS(): number | null {
		return this.state === 'sending' ? this.#bytesPerS : null;
	}
	/** Seconds left at this speed; null = unknown. */
	get leftS(): number | null {
		const speed = this.bytesPerS;
		return speed ? (this.file.size - this.sentBytes) / speed : null;
	}
	/** Whether it resumes an upload from an earlier visit. */
	get isContinued(): boolean {
		return this.#shown.isContinued;
	}
	/** Why it is interrupted or failed; null otherwise. */
	get fault(): Fault | null {
		return this.#shown.fault;
	}

	/** Whether an upload of this very file from an earlier visit can be resumed. */
	async hasSession(): Promise<boolean> {
		return this.#sessions.find(await fingerprintFile(this.file)) !== null;
	}

	/** Sends the file and resolves with its id; rejects with ProblemError (`cancelled` after `cancel`). */
	async run(): Promise<string> {
		const fingerprint = await fingerprintFile(this.file).catch((cause: unknown) => cause);
		if (typeof fingerprint !== 'string') {
			const fault = new ProblemError('file-gone', { cause: fingerprint });
			this.#show({ ...this.#shown, state: 'failed', fault });
			throw fault;
		}
		return this.#sender.run({
			find: () => this.#sessions.find(fingerprint),
			keep: (ticket) => this.#sessions.keep(fingerprint, ticket),
			forget: () => this.#sessions.forget(fingerprint),
		});
	}

	/** Pauses sending until `resume`; what has arrived is kept. */
	pause(): void {
		this.#sender.pause();
	}

	resume(): void {
		this.#sender.resume();
	}

	/** Cancels it for good and has the service delete what arrived. */
	cancel(): Promise<void> {
		return this.#sender.cancel();
	}

	#show(progress: SendProgress): void {
		const isSending = progress.state === 'sending' && this.#shown.state === 'sending';
		this.#shown = progress;
		if (isSending) this.#bytesPerS = this.#speed.add(progress.sentBytes);
		else {
			this.#speed.reset();
			this.#bytesPerS = null;
		}
	}
}
