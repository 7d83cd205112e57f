import { growingPauseMs } from '../../function/client/machine.ts';
import { type Fault, toProblemError } from '../../function/client/problem-error.ts';
import { type ApiOptions, createApi } from '../../function/client/service-api.ts';
import { waitForReport } from '../../function/client/wait-for-report.ts';
import type { Report } from '../../function/contract/report.ts';
import type { Ready, Service } from '../../function/contract/service.ts';
import type { Device } from '../device/device.ts';
import { Analysis } from './analysis.svelte.ts';
import { workSeconds } from './depth.ts';
import { History } from './history.svelte.ts';
import { LinkImport } from './link-import.svelte.ts';
import { jpegUrl } from './people.ts';
import { type Place, Preferences } from './preferences.svelte.ts';
import { type Route, routeFromHash } from './route.ts';
import type { Surroundings } from './surroundings.ts';

const keyStorageKey = 'unmask.key';

/** The state of the service as the page sees it: `unreachable` = no answer, `offline` = this machine has no network. */
export type ServiceState =
	| 'asking'
	| 'starting'
	| 'ready'
	| 'failed'
	| 'stopping'
	| 'unreachable'
	| 'offline'
	| 'refused';

/** An analysis that can be compared. */
export type Choice = { readonly id: string; readonly fileName: string; readonly date: string };

/** Options of a session. */
export type SessionOptions = {
	readonly around: Surroundings;
	readonly base: string;
	readonly browserLanguages?: readonly string[];
	readonly fetch?: ApiOptions['fetch'];
	/** Runs analyses in this browser; null or undefined if it cannot. */
	readonly device?: Device | null;
};

/** The whole page: its route, the state of the service, and the analyses of this visit. */
export class Session {
	readonly preferences: Preferences;
	readonly history: History;
	readonly api;
	readonly link: LinkImport;
	/** Runs analyses in this browser; null if it cannot. */
	readonly device: Device | null;
	readonly #around: Surroundings;
	readonly #end = new AbortController();
	#nextCheck = new AbortController();
	#isWatching = false;
	#isWorking = false;

	#route = $state.raw<Route>({ page: 'start' });
	#online = $state(true);
	#apiKey = $state<string | null>(null);
	#isKeyRefused = $state(false);
	#service = $state.raw<Service | null>(null);
	#ready = $state.raw<Ready | null>(null);
	#serviceState = $state<ServiceState>('asking');
	#serviceFault = $state.raw<Fault | null>(null);
	#analyses = $state.raw<readonly Analysis[]>([]);

	constructor({ around, base, browserLanguages, fetch, device = null }: SessionOptions) {
		this.#around = around;
		this.device = device;
		this.#online = around.isOnline();
		this.#apiKey = around.tabStorage.getItem(keyStorageKey);
		this.preferences = new Preferences(around.storage, browserLanguages);
		this.history = new History(around.storage);
		this.api = createApi({
			base,
			apiKey: () => this.#apiKey,
			isOnline: around.isOnline,
			onUnreachable: () => {
				if (!this.#isWatching) void this.refresh();
			},
			onUnauthorised: () => {
				this.#isKeyRefused = true;
			},
			...(fetch && { fetch }),
		});
		this.link = new LinkImport(this.api, around);
	}

	get route(): Route {
		return this.#route;
	}
	get online(): boolean {
		return this.#online;
	}
	/** The key sent with requests; null = none. */
	get apiKey(): string | null {
		return this.#apiKey;
	}
	/** Whether the service needs a key and there is none, or a wrong one. */
	get needsKey(): boolean {
		return this.#isKeyRefused || (this.#service?.needsKey === true && !this.#apiKey);
	}
	/** null = not known yet. */
	get service(): Service | null {
		return this.#service;
	}
	get ready(): Ready | null {
		return this.#ready;
	}
	get serviceState(): ServiceState {
		return !this.#online && this.#serviceState === 'unreachable' ? 'offline' : this.#serviceState;
	}
	/** Why the service cannot be used; null if it can. */
	get serviceFault(): Fault | null {
		return this.#serviceFault;
	}
	/** Whether there is a service: not if it cannot be reached, or if the page's host does not run one. */
	get hasService(): boolean {
		return !['unreachable', 'offline'].includes(this.serviceState) && !this.isStatic;
	}
	/** Whether the page's host is not a service, such as a static host. */
	get isStatic(): boolean {
		return this.#serviceFault?.code === 'bad-answer';
	}
	/** Where the next analysis runs: as chosen; in this browser if there is no service, at the service if this browser cannot. */
	get place(): Place {
		if (!this.device) return 'server';
		return this.hasService ? this.preferences.place : 'device';
	}
	/** The analyses of this visit, in the order in which they were chosen or opened. */
	get analyses(): readonly Analysis[] {
		return this.#analyses;
	}
	/** The analysis named by the route; null elsewhere. */
	get current(): Analysis | null {
		const { route } = this;
		return route.page === 'analysis' ? (this.#analyses.find(({ id }) => id === route.id) ?? null) : null;
	}
	/** Analyses that were added and have no answer yet: the list of the start page. */
	get pending(): readonly Analysis[] {
		return this.#analyses.filter(({ isAdded, stage }) => isAdded && stage !== 'done');
	}
	/** Whether the service may be asked to fetch a file: never if files must not leave this browser. */
	get canFetch(): boolean {
		return this.place === 'server' && this.#service?.links === true;
	}

	/** Analyses with a report, newest first: those of this visit, and those at the service that this browser remembers. */
	get finished(): readonly Choice[] {
		const own = this.#analyses.flatMap(({ id, fileName, report }) =>
			id && report ? [{ id, fileName, date: report.createdAt }] : [],
		);
		const known = new Set(own.map(({ id }) => id));
		const earlier = this.history.entries.filter(({ id, state }) => state === 'done' && !known.has(id));
		return [...own, ...earlier].sort((a, b) => b.date.localeCompare(a.date));
	}

	/** The newest report of this visit; null if there is none. */
	get lastReport(): Report | null {
		const reports = this.#analyses.flatMap(({ report }) => (report ? [report] : []));
		return reports.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0] ?? null;
	}

	/** The report of an analysis, from this visit or from the service; rejects with ProblemError. */
	async readReport(id: string): Promise<Report> {
		const own = this.#analyses.find((analysis) => analysis.id === id)?.report;
		return own ?? (await waitForReport(this.api, id, this.#around, { signal: this.#end.signal }));
	}

	/** Watches the network and the service until `dispose`. */
	begin(): void {
		const leave = this.#around.onConnection((online) => {
			this.#online = online;
			void this.refresh();
		});
		this.#end.signal.addEventListener('abort', leave);
		void this.refresh();
	}

	dispose(): void {
		this.#end.abort();
		this.#nextCheck.abort();
		for (const analysis of this.#analyses) analysis.dispose();
	}

	/** Called when the page's address changed; opens what it names. `hash` as in location.hash. */
	async goTo(hash: string): Promise<void> {
		this.#route = routeFromHash(hash);
		const { route } = this;
		if (route.page !== 'analysis' || this.current) return;
		const kept = this.history.find(route.id);
		const analysis = this.#add({ id: route.id, fileName: kept?.fileName ?? '' });
		if (kept) analysis.setDepth(kept.depth);
		analysis.setModel(kept?.model ?? null);
		await analysis.open().catch(async (thrown: unknown) => {
			const isLost = toProblemError(thrown).code === 'report-not-found';
			if (isLost && kept?.state === 'running') await analysis.start(); // the tab was closed during the analysis
		});
		if (kept?.state === 'running' && analysis.stage === 'done') this.#remember(analysis);
	}

	/** Adds files that were dropped, pasted or picked; each is checked at once and sent by `startAll`. */
	choose(files: readonly File[]): readonly Analysis[] {
		const limits = this.#limits;
		const chosen = files.map((file) => this.#add({ file, limits }));
		for (const analysis of chosen) void analysis.check();
		return chosen;
	}

	/** Has the service fetch the file at `link.address`, and lists it like a chosen file. */
	async fetchLink(): Promise<void> {
		const fetched = await this.link.fetch();
		if (fetched) this.#add({ fetched });
	}

	/** Sends and analyses all ready files, one after another; resolves when none are left. `model` null = the service's default. */
	async startAll(model: string | null = null): Promise<void> {
		for (const analysis of this.#analyses) {
			if (analysis.stage !== 'ready') continue;
			analysis.setDepth(this.preferences.depth);
			analysis.setModel(model);
			analysis.setPlace(this.place);
			analysis.wait();
		}
		if (this.#isWorking) return;
		this.#isWorking = true;
		try {
			for (let next = this.#next(); next; next = this.#next()) await next.start();
		} finally {
			this.#isWorking = false;
		}
	}

	/** Adds a file and starts at once, like `choose` and `startAll`. */
	async startOne(file: File, model: string | null = null): Promise<void> {
		await this.#add({ file, limits: this.#limits }).check();
		await this.startAll(model);
	}

	/** Removes an analysis from the list and stops it if it runs; its stored report stays. */
	async dismiss(analysis: Analysis): Promise<void> {
		this.#analyses = this.#analyses.filter((other) => other !== analysis);
		await analysis.cancel();
		analysis.dispose();
	}

	/** Deletes report and upload at the service and the entry here; rejects with ProblemError. */
	async remove(id: string): Promise<void> {
		const analysis = this.#analyses.find((other) => other.id === id);
		if (analysis) {
			await analysis.remove();
			await this.dismiss(analysis);
		} else await this.api.deleteAnalysis(id);
		this.history.remove(id);
	}

	/** Stores the key in this tab, checks it with the service, and retries what was refused; null or empty forgets it. */
	async setApiKey(key: string | null): Promise<void> {
		this.#apiKey = key?.trim() || null;
		this.#isKeyRefused = false;
		try {
			if (this.#apiKey) this.#around.tabStorage.setItem(keyStorageKey, this.#apiKey);
			else this.#around.tabStorage.removeItem(keyStorageKey);
		} catch {
			// without storage, it lasts as long as the page
		}
		await this.api.models(this.#end.signal).catch(() => {}); // needs the key; other problems are reported by `refresh`
		void this.refresh();
		if (this.needsKey) return;
		for (const analysis of this.#analyses) if (analysis.fault?.code === 'unauthorised') await analysis.retry();
	}

	/** Asks for the state of the service, with growing pauses, until it is ready. */
	async refresh(): Promise<void> {
		this.#nextCheck.abort();
		if (this.#isWatching) return;
		this.#isWatching = true;
		for (let attempt = 0; !this.#end.signal.aborted; attempt++) {
			this.#nextCheck = new AbortController();
			const isReady = await this.#ask();
			if (isReady && !this.#nextCheck.signal.aborted) break;
			await this.#around.pause(growingPauseMs(attempt), this.#nextCheck.signal).catch(() => {}); // ended by `refresh`
		}
		this.#isWatching = false;
	}

	/** Seconds of work for a depth with a model, null = the default; the result is null if unknown. */
	workSeconds(depth: Analysis['depth'], durationS: number | null, model: string | null = null): number | null {
		const { secondsAFrame = null, secondsAFrameByModel = {} } = this.#service ?? {};
		const ofModel = model === null ? secondsAFrame : (secondsAFrameByModel[model] ?? null);
		return workSeconds(depth, { durationS, secondsAFrame: ofModel });
	}

	/** Limits for chosen files: the service's do not hold for this browser. */
	get #limits() {
		return this.place === 'device' ? null : (this.#service?.limits ?? null);
	}

	#next(): Analysis | undefined {
		return this.#analyses.find(({ stage }) => stage === 'waiting');
	}

	#add(source: ConstructorParameters<typeof Analysis>[0]): Analysis {
		const analysis = new Analysis(source, {
			api: this.api,
			device: this.device,
			around: this.#around,
			depth: this.preferences.depth,
			onChange: (changed) => this.#remember(changed),
		});
		this.#analyses = [...this.#analyses, analysis];
		return analysis;
	}

	#remember(analysis: Analysis): void {
		const { id, fileName, depth, model, report, fault, stage } = analysis;
		if (!id || analysis.place === 'device') return; // an analysis on this device leaves no trace in the history
		if (stage === 'cancelled') {
			this.history.remove(id);
			return;
		}
		if (stage === 'done' || stage === 'failed') void this.refresh(); // updates the seconds per frame
		const face = analysis.people.find(({ trackId }) => trackId === report?.verdict.trackId) ?? analysis.people[0];
		const moment = face?.moments[0];
		this.history.put({
			id,
			fileName,
			date: new Date(this.#around.now()).toISOString(),
			depth,
			model,
			state: report ? 'done' : fault ? 'failed' : 'running',
			outcome: report?.verdict.outcome ?? null,
			sentence: report?.verdict.sentence ?? null,
			code: fault?.code ?? null,
			thumbnailUrl: face?.cropUrl ?? (moment ? jpegUrl(moment.cropJpegBase64) : null),
		});
	}

	/** Asks for the state of the service once; true if there is no need to ask again. */
	async #ask(): Promise<boolean> {
		try {
			const ready = await this.api.ready(this.#end.signal);
			this.#ready = ready;
			this.#service = await this.api.service(this.#end.signal);
			this.#serviceState = ready.state;
			this.#serviceFault = null;
			return ready.ready;
		} catch (thrown) {
			const fault = toProblemError(thrown);
			if (this.#end.signal.aborted) return true;
			this.#serviceFault = fault;
			this.#serviceState = fault.status === null ? 'unreachable' : 'refused';
			return fault.code === 'unauthorised'; // asked again once there is a key
		}
	}
}
