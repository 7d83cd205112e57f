import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeClip } from './clips.ts';
import { figure } from './figure.ts';
import type { ReaderAnswer, ReaderOrder } from './reader-maker.ts';
import type { ServiceBench } from './service-bench.ts';
import { forget, upload } from './service-client.ts';

/** 25 clients that poll a job and 25 that follow its events while it runs; what health takes meanwhile, and the longest of all answers. */
export async function benchReaders({ service: { url }, folder, quick, tell }: ServiceBench): Promise<void> {
	const plan = { frames: 'all' };
	const id = await upload(url, makeClip(folder, 'sd-600s', 640, 480, 600, 25)); // it is being analysed all the time
	const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
	await fetch(`${url}/v1/analyses`, { method: 'POST', headers, body: JSON.stringify({ uploadId: id, plan }) });
	const order: ReaderOrder = { url, id, plan, pollers: 25, followers: 25, pauseMs: 200, seconds: quick ? 10 : 30 };
	const script = join(import.meta.dirname, 'reader-maker.ts');
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)]);
	const { health, polls, streams, events, errors } = JSON.parse(stdout) as ReaderAnswer;
	const last = (await (await fetch(`${url}/v1/analyses/${id}`)).json()) as { state?: string };
	await forget(url, id);
	const who = '25 clients poll and 25 follow a job';
	tell(
		figure(`${who}: health p99, ms`, health.p99Ms, { atMost: 100 }, { health, stillRuns: last.state === 'running' }),
	);
	const longest = Math.max(health.maxMs, polls.maxMs, streams.maxMs);
	tell(figure(`${who}: longest answer, ms`, longest, { atMost: 500 }, { polls, streams, events }));
	tell(figure(`${who}: errors`, errors, { atMost: 0 }));
}
