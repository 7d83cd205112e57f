import { expect, test } from 'vitest';
import type { AnalysisEvent } from '../../../function/contract/events.ts';
import { AnalysisError } from '../../../function/errors.ts';
import { JobsInFlight } from '../../../function/worker/jobs-in-flight.ts';

const progress = (framesDone: number): AnalysisEvent => ({ type: 'progress', framesDone, framesTotal: 9, faces: 0 });

async function all(events: AsyncIterable<AnalysisEvent>): Promise<AnalysisEvent[]> {
	const seen: AnalysisEvent[] = [];
	for await (const event of events) seen.push(event);
	return seen;
}

test('each job gets its own events, including those before the first read', async () => {
	const jobs = new JobsInFlight();
	const [one, two] = [jobs.add('one.mp4'), jobs.add('two.mp4')];
	expect(one.number).not.toBe(two.number);
	jobs.emit(two.number, progress(7));
	jobs.emit(one.number, progress(1));
	jobs.end(one.number);
	jobs.emit(one.number, progress(2)); // the job has ended
	jobs.emit(99, progress(3));
	expect(jobs.size).toBe(1);
	jobs.failAll(new AnalysisError('inference-died', 'score'));
	expect(await all(two.events)).toMatchObject([
		{ framesDone: 7 },
		{ type: 'failed', fileName: 'two.mp4', error: { code: 'inference-died' } },
	]);
	expect((await one.events.next()).value).toEqual(progress(1));
	expect(jobs.size).toBe(0);
});
