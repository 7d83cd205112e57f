import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeClip } from './clips.ts';
import { figure } from './figure.ts';
import type { ReaderAnswer, ReaderOrder } from './reader-maker.ts';
import type { ServiceBench } from './service-bench.ts';
import { forget, upload } from './service-client.ts';

/** 25 clients poll a job and 25 follow its events while it runs; measures the health responses meanwhile, and the longest of all responses. */
export async function benchReaders({ service: { url }, folder, quick, report }: ServiceBench): Promise<void> {
	const plan = { frames: 'all' };
	const jobs = 24;
	const file = makeClip(folder, 'sd-30s', 640, 480, 30, 25);
	const headers = { 'content-type': 'application/json', prefer: 'respond-async' };
	const ids: string[] = [];
	for (let job = 0; job < jobs; job++) {
		ids.push(await upload(url, file)); // one after another, so that an analysis is always running
		const body = JSON.stringify({ uploadId: ids[job], plan });
		await (await fetch(`${url}/v1/analyses`, { method: 'POST', headers, body })).body?.cancel();
	}
	const id = ids[0] as string;
	const order: ReaderOrder = { url, id, plan, pollers: 25, followers: 25, pauseMs: 200, seconds: quick ? 10 : 30 };
	const script = join(import.meta.dirname, 'reader-maker.ts');
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)]);
	const { health, polls, streams, events, errors } = JSON.parse(stdout) as ReaderAnswer;
	const last = (await (await fetch(`${url}/v1/analyses/${ids.at(-1)}`)).json()) as { state?: string };
	for (const each of ids.reverse()) await forget(url, each);
	const who = '25 clients poll and 25 follow a job';
	report(
		figure(`${who}: health p99, ms`, health.p99Ms, { atMost: 100 }, { health, isStillBusy: last.state !== undefined }),
	);
	const longest = Math.max(health.maxMs, polls.maxMs, streams.maxMs);
	report(figure(`${who}: longest response, ms`, longest, { atMost: 500 }, { polls, streams, events }));
	report(figure(`${who}: errors`, errors, { atMost: 0 }));
}
