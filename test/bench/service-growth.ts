import { figure, mean, note, round } from './figure.ts';
import { residentMb } from './process-tree.ts';
import type { ServiceBench } from './service-bench.ts';
import { analyse, forget, upload } from './service-client.ts';

/** Number of analyses over which memory readings are averaged: a single reading depends on the last garbage collection. */
const span = 20;

/** Resident memory of the HTTP process and the model process over consecutive analyses. */
export async function benchGrowth({ service, shortClip, quick, report }: ServiceBench): Promise<void> {
	const { url, pid } = service;
	const checkpoints = quick ? [20, 40] : [20, 50, 100, 150, 200];
	const children = service.childPids();
	const [child] = children;
	if (child === undefined || children.length > 1)
		throw new Error(`expected one child process, found ${children.length}`);
	const readings = { http: [] as number[], child: [] as number[] };
	const at = { http: {} as Record<number, number>, child: {} as Record<number, number> };
	const last = checkpoints.at(-1) as number;
	for (let done = 1; done <= last; done++) {
		const id = await upload(url, shortClip);
		await analyse(url, id, { frames: 10 });
		await forget(url, id);
		readings.http.push(residentMb(pid));
		readings.child.push(residentMb(child));
		if (!checkpoints.includes(done)) continue;
		for (const which of ['http', 'child'] as const) at[which][done] = round(mean(readings[which].slice(-span)), 0);
		note(`    after ${done}: HTTP process ${at.http[done]} MB, child ${at.child[done]} MB`);
	}
	if (service.childPids()[0] !== child) throw new Error('the model process was replaced in between');
	const growth = ({ 20: first = Number.NaN, [last]: end = Number.NaN }: Record<number, number>) =>
		round(100 * (end / first - 1), 1);
	const until = `from the 20th to the ${last}th analysis, %`;
	report(
		figure(`memory of the HTTP process, growth ${until}`, growth(at.http), { atMost: 10 }, { residentMb: at.http }),
	);
	report(
		figure(`memory of the model process, growth ${until}`, growth(at.child), { atMost: 10 }, { residentMb: at.child }),
	);
}
