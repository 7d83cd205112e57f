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

/** How the service stands for the page: `unreachable` = no answer, `offline` = this machine has no network. */
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

/** What a session is made from; `spoken` = the browser's languages. */
export type SessionOptions = {
	readonly around: Surroundings;
	readonly base: string;
	readonly spoken?: readonly string[];
	readonly fetch?: ApiOptions['fetch'];
	/** Runs analyses in this browser; null or left out where it cannot. */
	readonly device?: Device | null;
};

/** The whole page: where it is, how the service stands, and the analyses of this visit. */
export class Session {
	readonly preferences: Preferences;
	readonly history: History;
	readonly api;
	readonly link: LinkImport;
	/** Runs analyses in this browser; null where it cannot. */
	readonly device: Device | null;
	readonly #around: Surroundings;
	readonly #end = new AbortController();
	#nextLook = new AbortController();
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

	constructor({ around, base, spoken, fetch, device = null }: SessionOptions) {
		this.#around = around;
		this.device = device;
		this.#online = around.isOnline();
		this.#apiKey = around.tabStorage.getItem(keyStorageKey);
		this.preferences = new Preferences(around.storage, spoken);
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
	/** The key that is sent with requests; null = none. */
	get apiKey(): string | null {
		return this.#apiKey;
	}
	/** Whether the service wants a key and there is none or a wrong one. */
	get needsKey(): boolean {
		return this.#isKeyRefused || (this.#service?.needsKey === true && !this.#apiKey);
	}
	/** null = not told yet. */
	get service(): Service | null {
		return this.#service;
	}
	get ready(): Ready | null {
		return this.#ready;
	}
	get serviceState(): ServiceState {
		return !this.#online && this.#serviceState === 'unreachable' ? 'offline' : this.#serviceState;
	}
	/** Why the service cannot be used; null when it can. */
	get serviceFault(): Fault | null {
		return this.#serviceFault;
	}
	/** Whether a service answers: it is not there where it cannot be reached, or where the page's own host knows nothing of one. */
	get hasService(): boolean {
		return !['unreachable', 'offline'].includes(this.serviceState) && !this.isStatic;
	}
	/** Whether the page stands on a host that is no service, as a static one. */
	get isStatic(): boolean {
		return this.#serviceFault?.code === 'bad-answer';
	}
	/** Where the next analysis runs: as chosen; in this browser where there is no service, at the service where this browser cannot. */
	get place(): Place {
		if (!this.device) return 'server';
		return this.hasService ? this.preferences.place : 'device';
	}
	/** Those of this visit, in the order in which they were chosen or opened. */
	get analyses(): readonly Analysis[] {
		return this.#analyses;
	}
	/** The one that the route names; null elsewhere. */
	get current(): Analysis | null {
		const { route } = this;
		return route.page === 'analysis' ? (this.#analyses.find(({ id }) => id === route.id) ?? null) : null;
	}
	/** Those that were chosen and are not yet answered: what the start page lists. */
	get pending(): readonly Analysis[] {
		return this.#analyses.filter(({ isBrought, stage }) => isBrought && stage !== 'done');
	}
	/** Whether the service may be asked to fetch a file: never where files are not to leave this browser. */
	get canFetch(): boolean {
		return this.place === 'server' && this.#service?.links === true;
	}

	/** Analyses with a report: those of this visit, and those at the service that this browser remembers; the newest first. */
	get finished(): readonly Choice[] {
		const own = this.#analyses.flatMap(({ id, fileName, report }) =>
			id && report ? [{ id, fileName, date: report.createdAt }] : [],
		);
		const known = new Set(own.map(({ id }) => id));
		const earlier = this.history.entries.filter(({ id, state }) => state === 'done' && !known.has(id));
		return [...own, ...earlier].sort((a, b) => b.date.localeCompare(a.date));
	}

	/** The newest report of this visit; null without any. */
	get lastReport(): Report | null {
		const reports = this.#analyses.flatMap(({ report }) => (report ? [report] : []));
		return reports.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0] ?? null;
	}

	/** The report of an analysis, of this visit or at the service; rejects with ProblemError. */
	async readReport(id: string): Promise<Report> {
		const own = this.#analyses.find((analysis) => analysis.id === id)?.report;
		return own ?? (await waitForReport(this.api, id, this.#around, { signal: this.#end.signal }));
	}

	/** Begins to watch the network and the service; until `dispose`. */
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
		this.#nextLook.abort();
		for (const analysis of this.#analyses) analysis.dispose();
	}

	/** The page's address changed; opens what it names. `hash` as in location.hash. */
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
			if (isLost && kept?.state === 'running') await analysis.start(); // the tab was closed in the middle
		});
		if (kept?.state === 'running' && analysis.stage === 'done') this.#remember(analysis);
	}

	/** Takes files that were dropped, pasted or picked; each is checked at once and sent by `startAll`. */
	choose(files: readonly File[]): readonly Analysis[] {
		const limits = this.#service?.limits ?? null;
		const chosen = files.map((file) => this.#add({ file, limits }));
		for (const analysis of chosen) void analysis.check();
		return chosen;
	}

	/** Has the service fetch what `link.address` names, and lists it like a chosen file. */
	async fetchLink(): Promise<void> {
		const fetched = await this.link.fetch();
		if (fetched) this.#add({ fetched });
	}

	/** Sends and analyses all that are ready, one after another; resolves when none is left. `model` null = the service's usual one. */
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

	/** Takes a file and begins at once, as with `choose` and `startAll`. */
	async startOne(file: File, model: string | null = null): Promise<void> {
		await this.#add({ file, limits: this.#service?.limits ?? null }).check();
		await this.startAll(model);
	}

	/** Takes an analysis off the list, stopping it when it runs; its stored report stays. */
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

	/** Keeps the key in this tab, asks the service whether it knows it, and goes on with what was refused; null or empty forgets it. */
	async setApiKey(key: string | null): Promise<void> {
		this.#apiKey = key?.trim() || null;
		this.#isKeyRefused = false;
		try {
			if (this.#apiKey) this.#around.tabStorage.setItem(keyStorageKey, this.#apiKey);
			else this.#around.tabStorage.removeItem(keyStorageKey);
		} catch {
			// without room it lasts as long as the page
		}
		await this.api.models(this.#end.signal).catch(() => {}); // needs the key; what else may be wrong is told by `refresh`
		void this.refresh();
		if (this.needsKey) return;
		for (const analysis of this.#analyses) if (analysis.fault?.code === 'unauthorised') await analysis.retry();
	}

	/** Asks how the service stands, again and again with growing pauses until it is ready. */
	async refresh(): Promise<void> {
		this.#nextLook.abort();
		if (this.#isWatching) return;
		this.#isWatching = true;
		for (let attempt = 0; !this.#end.signal.aborted; attempt++) {
			this.#nextLook = new AbortController();
			const isReady = await this.#ask();
			if (isReady && !this.#nextLook.signal.aborted) break;
			await this.#around.pause(growingPauseMs(attempt), this.#nextLook.signal).catch(() => {}); // `refresh` ends it
		}
		this.#isWatching = false;
	}

	/** Seconds of work of a depth for an analysis by a model, null = by the usual one; null = cannot be told. */
	workSeconds(depth: Analysis['depth'], durationS: number | null, model: string | null = null): number | null {
		const { secondsAFrame = null, secondsAFrameByModel = {} } = this.#service ?? {};
		const ofModel = model === null ? secondsAFrame : (secondsAFrameByModel[model] ?? null);
		return workSeconds(depth, { durationS, secondsAFrame: ofModel });
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
		if (!id || analysis.place === 'device') return; // what stays on this device leaves no trace in the history
		if (stage === 'cancelled') {
			this.history.remove(id);
			return;
		}
		if (stage === 'done' || stage === 'failed') void this.refresh(); // the seconds a frame takes are better known now
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

	/** One look at the service; whether nothing more is to be asked. */
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
			return fault.code === 'unauthorised'; // asked again when there is a key
		}
	}
}
