import { figure, median, round } from './figure.ts';
import type { ServiceBench } from './service-bench.ts';
import { analyse, forget, upload } from './service-client.ts';

/** Milliseconds from a request to its first event, on a service that is warmed up. */
export async function benchFirstEvent({ service: { url }, shortClip, quick, report }: ServiceBench): Promise<void> {
	const firstMs: number[] = [];
	const videoMs: number[] = [];
	for (let run = -1; run < (quick ? 5 : 20); run++) {
		const id = await upload(url, shortClip);
		const arrived = new Map<string, number>();
		const onEvent = ({ type }: { type: string }, ms: number) => {
			if (arrived.size === 0) arrived.set('first', ms);
			if (!arrived.has(type)) arrived.set(type, ms);
		};
		await analyse(url, id, { frames: 10 }, { onEvent });
		await forget(url, id);
		if (run < 0) continue; // warms up
		firstMs.push(arrived.get('first') ?? Number.NaN);
		videoMs.push(arrived.get('video') ?? Number.NaN);
	}
	const details = {
		runs: firstMs.length,
		videoEventMs: { median: round(median(videoMs), 0), max: round(Math.max(...videoMs), 0) },
	};
	report(
		figure('first event after the request, warm, ms: median', round(median(firstMs), 1), { atMost: 300 }, details),
	);
	report(figure('first event after the request, warm, ms: longest', round(Math.max(...firstMs), 1), { atMost: 300 }));
}
