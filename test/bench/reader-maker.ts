import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { quantile, round } from './figure.ts';

/**
 * Polls a job and follows its events over many connections while others request the health. As a program, it takes its order as JSON and prints its
 * answer as JSON.
 */
export type ReaderOrder = {
	readonly url: string;
	/** The job that is read. */
	readonly id: string;
	readonly plan: object;
	/** Clients that request its state, and clients that follow its events and start again when they end. */
	readonly pollers: number;
	readonly followers: number;
	/** Pause between a response and the next request of a polling client. */
	readonly pauseMs: number;
	readonly seconds: number;
};

/** Milliseconds until the response, or until the first event of a stream. */
export type ReaderTimes = {
	readonly n: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly maxMs: number;
};

export type ReaderAnswer = {
	readonly health: ReaderTimes;
	readonly polls: ReaderTimes;
	readonly streams: ReaderTimes;
	/** Events that all followers received together. */
	readonly events: number;
	/** Responses other than 200 and 202, and broken connections. */
	readonly errors: number;
};

async function read({ url, id, plan, pollers, followers, pauseMs, seconds }: ReaderOrder): Promise<ReaderAnswer> {
	const agent = new Agent({ keepAlive: true });
	const untilMs = performance.now() + seconds * 1000;
	const times = { health: [] as number[], polls: [] as number[], streams: [] as number[] };
	const leave = new AbortController();
	let [errors, events] = [0, 0];
	const poll = async (index: number, path: string, into: number[]) => {
		await wait((pauseMs * index) / pollers); // not all at the same moment
		while (performance.now() < untilMs) {
			const begun = performance.now();
			const status = await ask(agent, url + path).catch(() => 0);
			into.push(performance.now() - begun);
			if (status !== 200 && status !== 202) errors++;
			await wait(pauseMs);
		}
	};
	const follow = async () => {
		while (performance.now() < untilMs) {
			const begun = performance.now();
			let isFirst = true;
			const onChunk = (lines: number) => {
				if (isFirst) times.streams.push(performance.now() - begun);
				isFirst = false;
				events += lines;
			};
			const status = await ask(agent, `${url}/v1/analyses`, {
				body: { uploadId: id, plan },
				onChunk,
				signal: leave.signal,
			}).catch(() => (leave.signal.aborted ? 200 : 0));
			if (status !== 200) errors++;
			if (performance.now() < untilMs) await wait(pauseMs);
		}
	};
	const left = wait(seconds * 1000).then(() => leave.abort());
	await Promise.all([
		...Array.from({ length: pollers }, (_, index) => poll(index, `/v1/analyses/${id}`, times.polls)),
		...Array.from({ length: 2 }, (_, index) => poll(index, '/healthz', times.health)),
		...Array.from({ length: followers }, follow),
		left,
	]);
	agent.destroy();
	return {
		...{ health: timesOf(times.health), polls: timesOf(times.polls), streams: timesOf(times.streams) },
		...{ events, errors },
	};
}

const timesOf = (all: readonly number[]): ReaderTimes => ({
	n: all.length,
	...{ p50Ms: round(quantile(all, 0.5), 1), p99Ms: round(quantile(all, 0.99), 1), maxMs: round(quantile(all, 1), 1) },
});

type Asking = { readonly body?: object; readonly onChunk?: (lines: number) => void; readonly signal?: AbortSignal };

/** Reads a response to its end; returns its status. */
function ask(agent: Agent, url: string, { body, onChunk, signal }: Asking = {}): Promise<number> {
	return new Promise((resolve, reject) => {
		const headers = body ? { 'content-type': 'application/json', accept: 'application/x-ndjson' } : {};
		const options = { agent, headers, method: body ? 'POST' : 'GET', ...(signal && { signal }) };
		const asking = request(url, options, (answer) => {
			answer.on('data', (chunk: Buffer) => onChunk?.(chunk.toString().split('\n').length - 1));
			answer.on('error', reject);
			answer.on('end', () => resolve(answer.statusCode ?? 0));
		});
		asking.on('error', reject);
		asking.end(body && JSON.stringify(body));
	});
}

const [order] = process.argv.slice(2);
if (order !== undefined) process.stdout.write(JSON.stringify(await read(JSON.parse(order))));
