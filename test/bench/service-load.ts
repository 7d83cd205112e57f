import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure, round } from './figure.ts';
import type { LoadAnswer, LoadOrder } from './load-maker.ts';
import type { ServiceBench } from './service-bench.ts';
import { analyse, forget, upload } from './service-client.ts';

const clients = 50;

/** 50 clients that request health, models and a stored report while analyses run, without and with a pause. */
export async function benchLoad({ service: { url }, shortClip, quick, report }: ServiceBench): Promise<void> {
	const storedId = await upload(url, shortClip);
	await analyse(url, storedId, { frames: 40 });
	const paths = ['/healthz', '/v1/models', `/v1/analyses/${storedId}`];
	for (const pauseMs of [0, 100]) {
		let analyses = 0;
		let isOver = false;
		const analysing = (async () => {
			while (!isOver) {
				const id = await upload(url, shortClip);
				await analyse(url, id, { frames: 20 });
				await forget(url, id);
				analyses++;
			}
		})();
		const order = { url, paths, clients, pauseMs, seconds: quick ? 3 : 20 };
		const answer = await makeLoad(order).finally(() => {
			isOver = true;
			return analysing;
		});
		const { requests, errors, p50Ms, p99Ms, maxMs, byPath } = answer;
		const how = pauseMs === 0 ? 'without a pause' : `each ${pauseMs} ms after its last response`;
		const aSecond = round(requests / order.seconds, 0);
		const details = { requests, aSecond, p50Ms, maxMs, p99MsByPath: byPath, analysesMeanwhile: analyses };
		report(figure(`50 clients, ${how}: p99, ms`, p99Ms, { atMost: 100 }, details));
		report(figure(`50 clients, ${how}: errors`, errors, { atMost: 0 }));
	}
	await forget(url, storedId);
}

/** Runs in a separate process, so that the service is measured and not this program. */
async function makeLoad(order: LoadOrder): Promise<LoadAnswer> {
	const script = join(import.meta.dirname, 'load-maker.ts');
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, JSON.stringify(order)]);
	return JSON.parse(stdout) as LoadAnswer;
}
