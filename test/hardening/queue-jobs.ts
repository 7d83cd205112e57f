import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { packageRoot } from '../../function/config.ts';
import type { Job } from '../../function/contract/job.ts';
import type { Report } from '../../function/contract/report.ts';
import type { Problem } from '../../function/contract/service.ts';
import { residentMb } from '../bench/process-tree.ts';
import { type RunningService, startService } from '../tools/start-service.ts';

/** The number of jobs, and the numbers of reports after which the service is killed. */
export type QueueOptions = {
	readonly jobs: number;
	readonly killAfter: readonly number[];
	/** Called with progress notes. */
	readonly onNote?: (text: string) => void;
};

/** The result of a run. */
export type QueueResult = {
	/** Growth of each HTTP process from the moment when all of its jobs were queued to its last report, %. */
	readonly growthPercent: readonly number[];
	/** How often a job was submitted again after a kill. */
	readonly interrupted: number;
	readonly reports: number;
	readonly faults: readonly string[];
};

/** The state of a job, its report, or the problem that it failed with. */
type Known = Job | Report | Problem;

const isReport = (known: Known | undefined): known is Report => known !== undefined && 'schema' in known;

/**
 * Queues jobs of one picture each, kills the service in between, and resubmits the jobs that it reports as interrupted. A fault is a job that has
 * neither a report nor that state, that overtakes another, or that never ends.
 */
export async function queueJobs(data: string, options: QueueOptions): Promise<QueueResult> {
	const queue = new JobQueue(data, options);
	try {
		return await queue.run();
	} finally {
		await queue.close();
	}
}

class JobQueue {
	readonly #data: string;
	readonly #options: Required<QueueOptions>;
	readonly #faults: string[] = [];
	readonly #growthPercent: number[] = [];
	#interrupted = 0;
	#service: RunningService | null = null;

	constructor(data: string, options: QueueOptions) {
		this.#data = data;
		this.#options = { onNote: () => {}, ...options };
	}

	async run(): Promise<QueueResult> {
		const { jobs, killAfter } = this.#options;
		await this.#open();
		const picture = await readFile(join(packageRoot(), 'test/fixtures/portraits/a.jpg'));
		await this.#until(await this.#send(picture, 'first.jpg'));
		this.#note('one job has ended, none is waiting');
		const ids: string[] = [];
		for (let number = 0; number < jobs; number++) ids.push(await this.#send(picture, `${number}.jpg`));
		let waiting = ids;
		for (const [kills, reports] of [...killAfter, jobs].entries()) {
			const queuedMb = this.#note(`${waiting.length} jobs are queued`);
			await this.#checkPlaces(waiting);
			await this.#until(waiting[reports - (jobs - waiting.length) - 1] as string);
			const endMb = this.#note(`there are ${reports} reports`);
			this.#growthPercent.push(Math.round(1000 * (endMb / queuedMb - 1)) / 10);
			if (kills === killAfter.length) break;
			await this.#service?.stop('SIGKILL');
			await this.#open();
			waiting = await this.#askAgain(waiting, kills + 1);
		}
		const reports = (await this.#readAll(ids)).filter(isReport);
		if (reports.length < jobs) this.#faults.push(`${jobs - reports.length} jobs have no report`);
		const wrong = reports.filter(({ fileName }, number) => fileName !== `${number}.jpg`);
		if (wrong.length > 0) this.#faults.push(`${wrong.length} jobs have the report of another`);
		const growthPercent = this.#growthPercent;
		return { growthPercent, interrupted: this.#interrupted, reports: reports.length, faults: this.#faults };
	}

	async close(): Promise<void> {
		await this.#service?.stop();
	}

	async #open(): Promise<void> {
		const env = {
			...{ UNMASK_SLOTS: '1', UNMASK_QUEUE: `${this.#options.jobs}`, UNMASK_LOG: 'silent' },
			UNMASK_REQUESTS_A_MINUTE: '100000000',
		};
		this.#service = await startService({ data: this.#data, env });
	}

	/** Resubmits, after a kill, the jobs without a report, in their order. */
	async #askAgain(ids: readonly string[], kill: number): Promise<string[]> {
		const known = await this.#readAll(ids);
		const first = known.findIndex((state) => !isReport(state));
		if (known.slice(first).some(isReport)) this.#faults.push(`kill ${kill}: a job has overtaken another`);
		const rest = ids.filter((_, i) => !isReport(known[i]));
		for (const state of known) {
			if (isReport(state) || ('code' in state && state.code === 'analysis-interrupted' && state.retryable)) continue;
			this.#faults.push(`kill ${kill}: ${JSON.stringify(state).slice(0, 200)}`);
		}
		const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
		for (const uploadId of rest)
			await this.#ask('/v1/analyses', { method: 'POST', headers, body: JSON.stringify({ uploadId }) });
		this.#interrupted += rest.length;
		return rest;
	}

	/** Checks that the places of waiting jobs increase. They are read from the last to the first, because the queue moves on meanwhile. */
	async #checkPlaces(ids: readonly string[]): Promise<void> {
		const states = (await this.#readAll(ids.toReversed())).toReversed();
		const places = states.map((state) => ('position' in state ? (state.position ?? 0) : 0));
		const growing = places.every((place, i) => i === 0 || place === 0 || place > (places[i - 1] as number));
		if (!growing) this.#faults.push('the places in the queue are not in order');
	}

	async #until(id: string): Promise<void> {
		while (!isReport(await this.#read(id))) await wait(250);
	}

	async #readAll(ids: readonly string[]): Promise<Known[]> {
		const known: Known[] = [];
		for (const id of ids) known.push(await this.#read(id));
		return known;
	}

	#read(id: string): Promise<Known> {
		return this.#ask(`/v1/analyses/${id}`, {});
	}

	async #send(picture: Buffer, name: string): Promise<string> {
		const body = new FormData();
		body.append('file', new File([new Uint8Array(picture)], name, { type: 'image/jpeg' }));
		const job = await this.#ask('/v1/analyses', { method: 'POST', body, headers: { prefer: 'respond-async' } });
		if (!('state' in job)) throw new Error(`${name}: ${JSON.stringify(job)}`);
		return job.id;
	}

	async #ask(path: string, init: RequestInit): Promise<Known> {
		return (await (await fetch(`${this.#service?.url}${path}`, init)).json()) as Known;
	}

	#note(at: string): number {
		const mb = residentMb(this.#service?.pid as number);
		this.#options.onNote(`${at}: HTTP process ${Math.round(mb)} MB`);
		return mb;
	}
}
