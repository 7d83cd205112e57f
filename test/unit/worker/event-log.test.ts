import { expect, test } from 'vitest';
import type { ServiceEvent } from '../../../function/contract/events.ts';
import { AnalysisError } from '../../../function/errors.ts';
import { EventLog, type LastEvent } from '../../../function/worker/event-log.ts';
import { failedEvent } from '../../../function/worker/failed-event.ts';
import { sampleReport } from '../sample-report.ts';

const { tracks } = await sampleReport({ people: [{ logits: [1, 2, 3] }] });
const [entry] = tracks[0]?.faces ?? [];
const [moment] = tracks[0]?.moments ?? [];
if (!entry || !moment) throw new Error('the sample has neither face nor moment');
const face = (k: number): ServiceEvent => ({
	type: 'face',
	trackId: 1,
	face: { ...entry, frameIndex: k },
	cropJpegBase64: `picture ${k}`,
});
const last: LastEvent = failedEvent('a.mp4', new AnalysisError('cancelled', 'queue'));

async function all(events: AsyncIterable<ServiceEvent>): Promise<ServiceEvent[]> {
	const seen: ServiceEvent[] = [];
	for await (const event of events) seen.push(event);
	return seen;
}

const facesOf = (events: readonly ServiceEvent[]) => events.flatMap((event) => (event.type === 'face' ? [event] : []));

test('a reader that keeps up gets the pictures; a late one gets every face without its picture, and no moments', async () => {
	const log = new EventLog();
	const live = log.follow();
	const pictures: (string | null)[] = [];
	for (let k = 0; k < 1000; k++) {
		log.append(face(k));
		const { value } = await live.next();
		if (value?.type === 'face') pictures.push(value.cropJpegBase64);
	}
	log.append({ type: 'moment', trackId: 1, moment });
	expect(pictures).toEqual(Array.from({ length: 1000 }, (_, k) => `picture ${k}`));
	for (let k = 1000; k < 1100; k++) log.append(face(k));
	log.end(last);
	const late = await all(log.follow());
	expect(facesOf(late).map((event) => event.face)).toEqual(
		Array.from({ length: 1100 }, (_, k) => ({ ...entry, frameIndex: k })),
	);
	expect(
		facesOf(late)
			.slice(0, 1000)
			.map((event) => event.cropJpegBase64),
	).toEqual(Array(1000).fill(null));
	expect(late.some((event) => event.type === 'moment')).toBe(false);
	expect(late.at(-1)).toEqual(last);
	expect((await all(live)).at(-1)).toEqual(last);
});

test('emits only the latest position in the queue, once, and not after the end', async () => {
	const log = new EventLog();
	const reader = log.follow();
	log.moveTo(3);
	log.moveTo(2);
	expect((await reader.next()).value).toEqual({ type: 'queued', position: 2 });
	log.moveTo(2);
	log.moveTo(null);
	log.end(last);
	log.append(face(1));
	log.end(failedEvent('b.mp4', new AnalysisError('internal', 'queue')));
	expect(await all(reader)).toEqual([last]);
});

test('counts readers from their first read; leaving ends a wait', async () => {
	const counts: number[] = [];
	const log = new EventLog((readers) => counts.push(readers));
	const [one, two, never] = [log.follow(), log.follow(), log.follow()];
	log.append(face(1));
	await one.next();
	await two.next();
	const waits = one.next();
	await one.return();
	expect((await waits).done).toBe(true);
	await never.return();
	await two.return();
	expect(counts).toEqual([1, 2, 1, 0]);
});
