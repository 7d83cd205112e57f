import { expect, it } from 'vitest';
import type { FaceEntry } from '../../function/contract/report.ts';
import { Gathering } from '../../spa/lib/people.ts';
import { Throttle } from '../../spa/lib/throttle.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { testSurroundings } from './surroundings.ts';

const [track] = (await sampleReports.real()).tracks;
const sample = track?.faces[0] as FaceEntry;

/** Counts how often a face is read and how many entries are copied while `count` faces are collected and drawn ten times. */
function workOf(count: number): number {
	let work = 0;
	const face = (frameIndex: number) =>
		new Proxy(
			{ ...sample, frameIndex, timeS: frameIndex / 5 },
			{
				get(of, key) {
					work++;
					return Reflect.get(of, key);
				},
			},
		);
	const gathering = new Gathering();
	const lists = new Set<readonly FaceEntry[]>();
	for (let i = 0; i < count; i++) {
		gathering.addFace({ trackId: 1, face: face(i), cropUrl: null });
		const [person] = i % (count / 10) === 0 ? gathering.people() : [];
		person?.lane.paths(count / 5);
		if (person) lists.add(person.faces);
	}
	return work + [...lists].reduce((sum, list) => sum + list.length, 0);
}

it('a face costs the same however many came before', () => {
	expect(workOf(6000) / workOf(1000)).toBeLessThan(6.5);
});

it('the drawing of a person stays small', () => {
	const gathering = new Gathering();
	for (let i = 0; i < 50_000; i++)
		gathering.addFace({
			trackId: 1,
			face: { ...sample, frameIndex: i, timeS: i / 5, fakeProbability: (i % 7) / 7 },
			cropUrl: null,
		});
	const paths = gathering.people()[0]?.lane.paths(10_000);
	expect(paths?.line.length).toBeLessThan(40_000);
	expect(gathering.people()[0]?.faces).toHaveLength(50_000);
});

it('a person who did not change stays the same object', () => {
	const gathering = new Gathering();
	for (const trackId of [1, 2]) gathering.addFace({ trackId, face: sample, cropUrl: null });
	const before = gathering.people();
	gathering.addFace({ trackId: 2, face: { ...sample, frameIndex: 9 }, cropUrl: null });
	const after = gathering.people();
	expect(after[0]).toBe(before[0]);
	expect(after[1]).not.toBe(before[1]);
});

it('drawing is throttled, and the last change is drawn too', async () => {
	let [nowMs, drawn] = [0, 0];
	const { around } = testSurroundings({ now: () => nowMs });
	const throttle = new Throttle(around, 200, () => drawn++);
	for (; nowMs < 100; nowMs++) throttle.request();
	expect(drawn).toBe(1);
	nowMs = 300;
	await new Promise((resolve) => setImmediate(resolve));
	await new Promise((resolve) => setImmediate(resolve));
	expect(drawn).toBe(2);
});

it('faces of a second pass are inserted in chronological order', () => {
	const gathering = new Gathering();
	for (const [frameIndex, timeS] of [0, 5, 10, 5.5].entries())
		gathering.addFace({ trackId: 1, face: { ...sample, frameIndex, timeS }, cropUrl: null });
	expect(gathering.people()[0]?.faces.map(({ timeS }) => timeS)).toEqual([0, 5, 5.5, 10]);
});
