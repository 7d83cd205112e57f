import { Agent, get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { quantile, round } from './figure.ts';

/** Requests the same addresses repeatedly over many connections. As a program, it takes its order as JSON and prints its answer as JSON. */

export type LoadOrder = {
	readonly url: string;
	/** Requested in turn. */
	readonly paths: readonly string[];
	/** Concurrent requests, each on a kept-alive connection. */
	readonly clients: number;
	/** Pause between a response and the next request of that client. */
	readonly pauseMs: number;
	readonly seconds: number;
};

export type LoadAnswer = {
	readonly requests: number;
	/** Responses other than 200, and broken connections. */
	readonly errors: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly maxMs: number;
	/** p99 by path, ms. */
	readonly byPath: Readonly<Record<string, number>>;
};

async function makeLoad({ url, paths, clients, pauseMs, seconds }: LoadOrder): Promise<LoadAnswer> {
	const agent = new Agent({ keepAlive: true, maxSockets: clients });
	const times = new Map(paths.map((path) => [path, [] as number[]]));
	let errors = 0;
	const untilMs = performance.now() + seconds * 1000;
	const client = async (index: number) => {
		await wait((pauseMs * index) / clients); // not all at the same moment
		for (let i = index; performance.now() < untilMs; i++) {
			const path = paths[i % paths.length] as string;
			const start = performance.now();
			const status = await ask(url + path, agent).catch(() => 0);
			times.get(path)?.push(performance.now() - start);
			if (status !== 200) errors++;
			if (pauseMs > 0) await wait(pauseMs);
		}
	};
	await Promise.all(Array.from({ length: clients }, (_, index) => client(index)));
	agent.destroy();
	const all = [...times.values()].flat();
	const p99 = (values: number[]) => round(quantile(values, 0.99), 1);
	return {
		requests: all.length,
		errors,
		p50Ms: round(quantile(all, 0.5), 1),
		p99Ms: p99(all),
		maxMs: round(quantile(all, 1), 1),
		byPath: Object.fromEntries([...times].map(([path, values]) => [path.replace(/[0-9a-f]{32}/, '{id}'), p99(values)])),
	};
}

/** Reads a response to its end; returns its status. */
function ask(url: string, agent: Agent): Promise<number> {
	return new Promise((resolve, reject) => {
		get(url, { agent }, (response) => {
			response.on('error', reject);
			response.on('end', () => resolve(response.statusCode ?? 0));
			response.resume();
		}).on('error', reject);
	});
}

const [order] = process.argv.slice(2);
if (order !== undefined) process.stdout.write(JSON.stringify(await makeLoad(JSON.parse(order))));
