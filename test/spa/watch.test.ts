import { render } from 'svelte/server';
import { expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import type { Api } from '../../function/client/service-api.ts';
import type { ServiceEvent } from '../../function/contract/events.ts';
import type { FaceEntry } from '../../function/contract/report.ts';
import { Analysis } from '../../spa/lib/analysis.svelte.ts';
import Watch from '../../spa/parts/Watch.svelte';
import { wordsKey } from '../../spa/parts/words.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { video } from '../unit/verdict-samples.ts';
import { eventually, testSurroundings } from './surroundings.ts';

const [track] = (await sampleReports.real()).tracks;
const sample = track?.faces[0] as FaceEntry;
const id = '1'.padStart(32, '0');
const people = 4;

function* eventsOf(faces: number): Generator<ServiceEvent, void> {
	const frames = faces / people;
	yield { type: 'video', fileName: 'long.mp4', video };
	for (let frameIndex = 0; frameIndex < frames; frameIndex++) {
		const timeS = (60 * frameIndex) / frames;
		for (let trackId = 1; trackId <= people; trackId++)
			yield {
				type: 'face',
				trackId,
				face: { ...sample, frameIndex, timeS, fakeProbability: (frameIndex % 7) / 7 },
				cropJpegBase64: 'crop',
			};
		yield { type: 'progress', framesDone: frameIndex + 1, framesTotal: frames, faces: people * (frameIndex + 1) };
	}
}

/** The page while it watches an analysis of which so many faces have arrived. */
async function watched(faces: number): Promise<string> {
	const api = {
		async *stream() {
			yield* eventsOf(faces);
			await new Promise(() => {});
		},
	} as unknown as Api;
	let nowMs = 0; // each look at the clock is a second later, so that everything that arrives is drawn
	const { around } = testSurroundings({ now: () => (nowMs += 1000) });
	const analysis = new Analysis(
		{ fetched: { id, fileName: 'long.mp4', sizeBytes: 1, host: 'example.org' } },
		{ api, around, depth: 'all' },
	);
	void analysis.start();
	await eventually(() => analysis.facesFound).toBe(faces);
	expect(analysis.people.map((person) => person.faces.length)).toEqual(Array(people).fill(faces / people));
	const context = new Map([[wordsKey, wordsIn('en')]]);
	return render(Watch, { props: { analysis, thresholds: null }, context }).body;
}

const elementsOf = (html: string) => html.match(/<[a-z]/g)?.length ?? 0;

it('the page stays small however many faces it has watched', async () => {
	const [few, many] = [await watched(1000), await watched(10_000)];
	expect(elementsOf(many)).toBe(elementsOf(few));
	expect(elementsOf(many)).toBeGreaterThan(50);
	expect(many.length).toBeLessThan(400_000);
});
