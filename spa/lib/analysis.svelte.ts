import { type FollowEvent, followAnalysis } from '../../function/client/follow-analysis.ts';
import { type Fault, ProblemError, toProblemError } from '../../function/client/problem-error.ts';
import type { Api } from '../../function/client/service-api.ts';
import { waitForReport } from '../../function/client/wait-for-report.ts';
import type { Job } from '../../function/contract/job.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { Failure, Report, VideoInfo } from '../../function/contract/report.ts';
import type { Service } from '../../function/contract/service.ts';
import type { Device } from '../device/device.ts';
import { checkFile, type FileCheck } from './check-file.ts';
import { type Depth, planFromDepth } from './depth.ts';
import type { Fetched } from './link-import.svelte.ts';
import { Gathering, jpegUrl, type NewFace, type Person, peopleFromTracks } from './people.ts';
import type { Place } from './preferences.svelte.ts';
import type { Surroundings } from './surroundings.ts';
import { Throttle } from './throttle.ts';
import { Upload } from './upload.svelte.ts';

/**
 * The state of a file: `checking` its first bytes; `refused` before anything was sent; `ready` for the preview; `waiting` for the files before it;
 * `uploading`; `asking` the service, which has not answered or has no free slot; `queued` with a position; `reading` the file; `loading` the models,
 * if it runs in this browser; `scoring` faces; `gathering` the key moments; then an end state.
 */
export type AnalysisStage =
	| 'checking'
	| 'refused'
	| 'ready'
	| 'waiting'
	| 'uploading'
	| 'loading'
	| 'asking'
	| 'queued'
	| 'reading'
	| 'scoring'
	| 'gathering'
	| 'done'
	| 'failed'
	| 'cancelled';

/** The connection to a running analysis: null = fine, otherwise why it was lost and when the next attempt is. */
export type Connection = { readonly code: string; readonly attempt: number; readonly pauseS: number } | null;

/** The service's limits for a file; null elsewhere = not known yet. */
export type FileLimits = Pick<Service['limits'], 'sizeBytes' | 'durationS'>;

/** What an analysis starts from: a chosen file, a file that the service fetched, or the id of an existing analysis. */
export type AnalysisSource =
	| { readonly file: File; readonly limits: FileLimits | null }
	| { readonly fetched: Fetched }
	| { readonly id: string; readonly fileName: string };

/** What an analysis needs; `onChange` is called when it was accepted, has ended, or was deleted. */
export type AnalysisNeeds = {
	readonly api: Api;
	/** Runs analyses in this browser; null or undefined if it cannot. */
	readonly device?: Device | null;
	readonly around: Surroundings;
	readonly depth: Depth;
	readonly onChange?: (analysis: Analysis) => void;
};

/** Maximum number of newest crops kept for display. */
const newestKept = 24;

/** Faces can arrive by the thousand; drawing is throttled to this interval. */
const drawEveryMs = 200;

const running: readonly AnalysisStage[] = [
	'uploading',
	'loading',
	'asking',
	'queued',
	'reading',
	'scoring',
	'gathering',
];

/** Pipeline codes of problems that only occur in this browser, mapped to the page's codes. */
const deviceCodes: Readonly<Record<string, string>> = {
	'codec-unsupported': 'device-codec',
	'not-a-video': 'device-codec',
	'decode-failed': 'device-codec',
	'model-missing': 'device-models',
	'model-damaged': 'device-models',
	'model-failed': 'device-died',
	internal: 'device-died',
};

/** Problems in this browser after which the same file can succeed. */
const retryableCodes: readonly string[] = ['device-models', 'device-died'];

/** What the page says about a failed analysis in this browser; a file that cannot be read any more looks damaged to the decoder. */
async function deviceProblem({ code, message }: Failure, file: File): Promise<ProblemError> {
	const isGone = await file
		.slice(0, 1)
		.arrayBuffer()
		.then(() => false)
		.catch(() => true);
	const known = isGone ? 'file-gone' : (deviceCodes[code] ?? code);
	return new ProblemError(known, { detail: message, retryable: retryableCodes.includes(known) });
}

/** A small picture of an analysed frame. */
export type ShownFrame = { readonly timeS: number; readonly url: string };

/** Whether a face is in a shown frame. */
export const isShown = ({ timeS }: { readonly timeS: number }, shown: ShownFrame): boolean =>
	Math.abs(timeS - shown.timeS) < 1e-3;

let lastKey = 0;

/** One file from being chosen to its answer. */
export class Analysis {
	/** Unique on this page, for lists. */
	readonly key = ++lastKey;
	/** The chosen file; null if only the id is known. */
	readonly file: File | null;
	/** The file that the service fetched, or null. It is always analysed there. */
	readonly fetched: Fetched | null;
	readonly #api: Api;
	readonly #device: Device | null;
	readonly #around: Surroundings;
	readonly #onChange: (analysis: Analysis) => void;
	readonly #limits: FileLimits | null;
	#contentType = 'application/octet-stream';
	#run: AbortController | null = null;
	#isStarted = false;
	#previewUrl: string | null = null;
	#gathering = new Gathering();
	#latest: NewFace[] = [];
	readonly #drawing: Throttle;

	#stage = $state<AnalysisStage>('checking');
	#fileName = $state('');
	#id = $state<string | null>(null);
	#depth = $state<Depth>(40);
	#model = $state<string | null>(null);
	#stability = false;
	#place = $state<Place>('server');
	#loaded = $state.raw<{ readonly done: number; readonly total: number } | null>(null);
	#shown = $state.raw<ShownFrame | null>(null);
	/** A picture whose faces have not been scored yet. */
	#nextShown: ShownFrame | null = null;
	#durationS = $state<number | null>(null);
	#check = $state.raw<FileCheck | null>(null);
	#canContinue = $state(false);
	#fault = $state.raw<Fault | null>(null);
	#connection = $state.raw<Connection>(null);
	#upload = $state.raw<Upload | null>(null);
	#queuePosition = $state<number | null>(null);
	#video = $state.raw<VideoInfo | null>(null);
	#framesDone = $state(0);
	#framesTotal = $state<number | null>(null);
	#facesFound = $state(0);
	#people = $state.raw<readonly Person[]>([]);
	#newest = $state.raw<readonly NewFace[]>([]);
	#report = $state.raw<Report | null>(null);

	constructor(source: AnalysisSource, { api, device = null, around, depth, onChange = () => {} }: AnalysisNeeds) {
		this.#api = api;
		this.#device = device;
		this.#around = around;
		this.#onChange = onChange;
		this.#drawing = new Throttle(around, drawEveryMs, () => this.#draw());
		this.#depth = depth;
		this.file = 'file' in source ? source.file : null;
		this.#limits = 'file' in source ? source.limits : null;
		this.fetched = 'fetched' in source ? source.fetched : null;
		const known = 'fetched' in source ? source.fetched : source;
		this.#fileName = 'file' in known ? known.file.name : known.fileName;
		this.#id = 'id' in known ? known.id : null;
		if (this.fetched) this.#stage = 'ready';
	}

	get stage(): AnalysisStage {
		return this.#stage;
	}
	/** Whether it was added on this visit, as a file or a link, rather than opened by its address. */
	get isAdded(): boolean {
		return this.file !== null || this.fetched !== null;
	}
	/** From the first byte sent to the end. */
	get isRunning(): boolean {
		return running.includes(this.#stage);
	}
	get fileName(): string {
		return this.#fileName;
	}
	/** Id of the analysis at the service; null until the upload has one. */
	get id(): string | null {
		return this.#id ?? this.#upload?.id ?? null;
	}
	get depth(): Depth {
		return this.#depth;
	}
	/** Id of the classifier; null = the service's default. */
	get model(): string | null {
		return this.#model;
	}
	/** Where it runs; an analysis on this device leaves nothing behind when the page is closed. */
	get place(): Place {
		return this.#place;
	}
	/** Bytes of the file read by this browser, or of the models loaded into it; null when neither is going on. */
	get loaded(): { readonly done: number; readonly total: number } | null {
		return this.#loaded;
	}
	/** The last analysed frame with a picture of its own; null if it does not run in this browser. */
	get shown(): ShownFrame | null {
		return this.#shown;
	}
	get plan(): WirePlan {
		return planFromDepth(this.#depth, this.#model, this.#stability);
	}
	/** Length reported by the player or the service, in seconds; 0 = a picture, null = unknown. */
	get durationS(): number | null {
		if (this.#check?.kind === 'image' || this.#video?.kind === 'image') return 0;
		return this.#video?.durationS ?? this.#durationS;
	}
	/** Type by the first bytes, `unknown` until they are checked. */
	get kind(): 'video' | 'image' | 'unknown' {
		return this.#video?.kind ?? this.#check?.kind ?? 'unknown';
	}
	/** A URL of the file for `<video>` or `<img>`, valid until `dispose`; null without a file. */
	get previewUrl(): string | null {
		if (this.file) this.#previewUrl ??= URL.createObjectURL(this.file);
		return this.#previewUrl;
	}
	/** Whether an earlier visit began to upload this very file. */
	get canContinue(): boolean {
		return this.#canContinue;
	}
	/** Why it was refused or failed. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** null = the connection is fine. */
	get connection(): Connection {
		return this.#connection;
	}
	get upload(): Upload | null {
		return this.#upload;
	}
	/** 1 = next; null when not queued. */
	get queuePosition(): number | null {
		return this.#queuePosition;
	}
	get video(): VideoInfo | null {
		return this.#video;
	}
	get framesDone(): number {
		return this.#framesDone;
	}
	/** null = not known yet. */
	get framesTotal(): number | null {
		return this.#framesTotal;
	}
	/** Share of the frames analysed so far, 0..1; null = unknown. */
	get progress(): number | null {
		if (this.#report) return 1;
		return this.#framesTotal ? Math.min(1, this.#framesDone / this.#framesTotal) : null;
	}
	get facesFound(): number {
		return this.#facesFound;
	}
	/** Everyone seen so far, in order of trackId; those of the report once it is there. */
	get people(): readonly Person[] {
		return this.#people;
	}
	/** The faces scored most recently, newest first. */
	get newest(): readonly NewFace[] {
		return this.#newest;
	}
	get report(): Report | null {
		return this.#report;
	}
	/** URL of the stored report; null until there is one. */
	get reportUrl(): string | null {
		return this.#report && this.id && this.#place === 'server' ? this.#api.reportUrl(this.id) : null;
	}

	/** Checks the file; ends in `ready` or `refused`. */
	async check(): Promise<void> {
		if (!this.file) return;
		const check = await checkFile(this.file, this.#limits?.sizeBytes ?? null);
		this.#check = check;
		this.#contentType = check.contentType;
		if (this.#stage !== 'checking') return; // cancelled meanwhile
		if (check.fault) return this.#refuse(check.fault);
		const canContinue = await this.#newUpload(this.file)
			.hasSession()
			.catch(() => false);
		if (this.#stage !== 'checking') return;
		this.#canContinue = canContinue;
		this.#stage = 'ready';
	}

	/** Sets the duration measured by the player, in seconds; a video that is too long is refused before it is sent. */
	setDuration(durationS: number): void {
		this.#durationS = Number.isFinite(durationS) && durationS > 0 ? durationS : null;
		const limitS = this.#limits?.durationS ?? Number.POSITIVE_INFINITY;
		if (this.#stage === 'ready' && (this.#durationS ?? 0) > limitS) this.#refuse('video-too-long');
	}

	setDepth(depth: Depth): void {
		if (!this.isRunning) this.#depth = depth;
	}

	setModel(model: string | null): void {
		if (!this.isRunning) this.#model = model;
	}

	setPlace(place: Place): void {
		if (!this.isRunning && !this.fetched) this.#place = place;
	}

	/** Queues a ready analysis behind those before it. */
	wait(): void {
		if (this.#stage === 'ready') this.#stage = 'waiting';
	}

	/** Sends the file unless the service has it, follows the analysis, and resolves at its end; never rejects. */
	async start(): Promise<void> {
		if (this.isRunning || this.#stage === 'checking' || this.#stage === 'refused') return;
		const run = new AbortController();
		this.#run = run;
		this.#isStarted = true;
		this.#clear();
		this.#stage = 'asking';
		try {
			if (this.#place === 'device' && this.file) await this.#runOnDevice(this.file, run.signal);
			else await this.#uploadAndFollow(run.signal);
		} catch (thrown) {
			if (run.signal.aborted) return; // cancel has set the stage
			const fault = toProblemError(thrown);
			this.#end(fault.code === 'cancelled' ? 'cancelled' : 'failed', fault);
			this.#onChange(this);
		} finally {
			if (this.#run === run) this.#run = null;
		}
	}

	/** Starts again after an end, optionally with more frames; sends the file again if the service has deleted it. */
	async retry(depth: Depth = this.#depth): Promise<void> {
		if (this.isRunning) return;
		this.setDepth(depth);
		if (this.#stage === 'refused') {
			this.#stage = 'checking';
			this.#fault = null;
			return await this.check();
		}
		if (this.#isStarted || this.file) await this.start();
		else await this.open().catch(() => {}); // shown through `fault`
	}

	/** Analyses the file again and tests whether the verdict survives changes to it; the file is sent again if the service has deleted it. */
	async testStability(): Promise<void> {
		if (this.isRunning || !this.file) return;
		this.#stability = true;
		await this.start();
	}

	/** Opens the stored result of the id, or waits for it; rejects with ProblemError. */
	async open(): Promise<void> {
		const id = this.id;
		if (!id) return;
		const run = new AbortController();
		this.#run = run;
		this.#stage = 'asking';
		try {
			const onJob = (job: Job) => this.#showJob(job);
			const report = await waitForReport(this.#api, id, this.#around, { signal: run.signal, onJob });
			this.#fileName = report.fileName;
			this.#showReport(report);
		} catch (thrown) {
			if (run.signal.aborted) return;
			const fault = toProblemError(thrown);
			this.#end('failed', fault);
			throw fault;
		} finally {
			if (this.#run === run) this.#run = null;
		}
	}

	/** Stops at once, here and at the service, which deletes what arrived. */
	async cancel(): Promise<void> {
		if (['done', 'failed', 'cancelled', 'refused'].includes(this.#stage)) return;
		const { id } = this;
		const wasUploading = this.#stage === 'uploading';
		this.#stage = 'cancelled';
		this.#connection = null;
		this.#run?.abort();
		if (wasUploading) await this.#upload?.cancel();
		else if (id && (this.#isStarted || this.fetched) && this.#place === 'server')
			await this.#api.deleteAnalysis(id).catch(() => {}); // without a reader it ends by itself
		this.#onChange(this);
	}

	/** Deletes report and upload at the service; rejects with ProblemError if it cannot be reached. */
	async remove(): Promise<void> {
		await this.cancel();
		if (this.id && this.#place === 'server') await this.#api.deleteAnalysis(this.id);
	}

	/** Releases the connection and the preview without deleting anything. */
	dispose(): void {
		this.#run?.abort();
		if (this.#upload?.state !== 'done') this.#upload?.pause();
		if (this.#previewUrl) URL.revokeObjectURL(this.#previewUrl);
		this.#previewUrl = null;
	}

	/** Runs the whole analysis in this browser with the fast model, whichever was chosen for the server; its id is made here and known nowhere else. */
	async #runOnDevice(file: File, signal: AbortSignal): Promise<void> {
		if (!this.#device) throw new ProblemError('device-unable');
		this.#id ??= crypto.randomUUID().replaceAll('-', '');
		this.#stage = 'reading';
		for await (const event of this.#device.analyse(file, planFromDepth(this.#depth), signal)) {
			if (signal.aborted) return;
			if (event.type === 'picture') {
				this.#nextShown = { timeS: event.timeS, url: jpegUrl(event.jpegBase64) };
				continue;
			}
			if (event.type === 'reading' || event.type === 'loading') {
				this.#stage = event.type;
				this.#loaded = event;
				continue;
			}
			this.#loaded = null;
			if (event.type === 'failed') throw await deviceProblem(event.error, file);
			this.#take(event);
		}
	}

	async #uploadAndFollow(signal: AbortSignal): Promise<void> {
		if (this.#id) {
			try {
				return await this.#follow(this.#id, signal);
			} catch (thrown) {
				if (!this.file || toProblemError(thrown).code !== 'upload-not-found') throw thrown;
				this.#id = null; // deleted after an earlier analysis
			}
		}
		if (!this.file) throw new ProblemError('upload-not-found');
		const upload = this.#newUpload(this.file);
		this.#upload = upload;
		this.#stage = 'uploading';
		this.#id = await upload.run();
		if (signal.aborted) return;
		this.#stage = 'asking';
		await this.#follow(this.#id, signal);
	}

	async #follow(uploadId: string, signal: AbortSignal): Promise<void> {
		const request = { uploadId, plan: this.plan, keepUpload: false };
		for await (const event of followAnalysis(this.#api, request, this.#around, signal)) {
			if (signal.aborted) return; // ignore late events
			this.#take(event);
		}
	}

	#take(event: FollowEvent): void {
		if (event.type !== 'reconnecting') this.#connection = null;
		if (event.type !== 'queued') this.#queuePosition = null;
		switch (event.type) {
			case 'reconnecting':
				this.#connection = { code: event.code, attempt: event.attempt, pauseS: event.pauseMs / 1000 };
				return;
			case 'reconnected':
				return;
			case 'restarted':
				this.#clear();
				return;
			case 'accepted':
				this.#stage = 'reading';
				this.#onChange(this);
				return;
			case 'queued':
				this.#stage = 'queued';
				this.#queuePosition = event.position;
				return;
			case 'video':
				this.#video = event.video;
				this.#stage = 'scoring';
				return;
			case 'progress':
				this.#framesDone = event.framesDone;
				this.#framesTotal = event.framesTotal;
				this.#facesFound = event.faces;
				this.#stage = 'scoring';
				return;
			case 'face':
				this.#takeFace({
					trackId: event.trackId,
					face: event.face,
					cropUrl: event.cropJpegBase64 && jpegUrl(event.cropJpegBase64),
				});
				return;
			case 'segment':
				this.#stage = 'gathering'; // the segments are also in the report
				return;
			case 'moment':
				this.#gathering.addMoment(event.trackId, event.moment);
				this.#stage = 'gathering';
				this.#drawing.request();
				return;
			case 'report':
				this.#showReport(event.report);
				this.#onChange(this);
				return;
			case 'failed':
				this.#end('failed', faultFromFailure(event.error));
				this.#onChange(this);
		}
	}

	#takeFace(face: NewFace): void {
		this.#gathering.addFace(face);
		this.#latest.unshift(face);
		this.#latest.length = Math.min(this.#latest.length, newestKept);
		this.#stage = 'scoring';
		this.#drawing.request();
	}

	/** Draws what has been collected; ignored after the end. */
	#draw(): void {
		if (this.#stage !== 'scoring' && this.#stage !== 'gathering') return;
		this.#people = this.#gathering.people();
		this.#newest = [...this.#latest];
		const next = this.#nextShown;
		if (next && this.#latest.some(({ face }) => isShown(face, next))) this.#shown = next;
	}

	/** Shows the progress of a job that was started elsewhere. */
	#showJob({ position, progress }: Job): void {
		this.#stage = position === null ? 'scoring' : 'queued';
		this.#queuePosition = position;
		this.#framesDone = progress?.framesDone ?? 0;
		this.#framesTotal = progress?.framesTotal ?? null;
		this.#facesFound = progress?.faces ?? 0;
	}

	#showReport(report: Report): void {
		this.#queuePosition = null;
		this.#report = report;
		this.#video = report.video;
		this.#framesDone = report.coverage.framesSampled;
		this.#framesTotal = report.coverage.framesSampled;
		this.#facesFound = report.coverage.facesFound;
		this.#people = peopleFromTracks(report.tracks);
		this.#stage = 'done';
	}

	#refuse(code: string): void {
		this.#fault = new ProblemError(code);
		this.#stage = 'refused';
	}

	#end(stage: 'failed' | 'cancelled', fault: Fault): void {
		this.#fault = fault;
		this.#connection = null;
		this.#queuePosition = null;
		this.#stage = stage;
	}

	#clear(): void {
		this.#gathering = new Gathering();
		this.#latest = [];
		this.#fault = null;
		this.#connection = null;
		this.#queuePosition = null;
		this.#framesDone = 0;
		this.#framesTotal = null;
		this.#facesFound = 0;
		this.#people = [];
		this.#newest = [];
		this.#shown = null;
		this.#nextShown = null;
		this.#report = null;
	}

	#newUpload(file: File): Upload {
		return new Upload(file, { api: this.#api, around: this.#around, contentType: this.#contentType });
	}
}

const faultFromFailure = ({ code, message, retryable }: Failure): Fault => ({
	code,
	detail: message,
	retryable,
	retryAfterS: null,
});
