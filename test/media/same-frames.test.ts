import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { planRuns } from '../../function/media/plan-runs.ts';
import type { Sampling } from '../../function/values.ts';
import { readWalk, stampsOf } from '../../spa/device/choose-frames.ts';
import { type ClipName, clip } from '../fixtures/make-clips.ts';
import { readClip } from './open-clip.ts';

/** Times of the frames that a browser decodes. */
async function chosen(path: string, sampling: Sampling): Promise<number[]> {
	const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
	const track = await input.getPrimaryVideoTrack();
	if (!track) throw new Error(`no video in ${path}`);
	const startS = Math.max(0, await input.getFirstTimestamp());
	const walk = await readWalk(track, startS);
	const stamps = await stampsOf(walk, planRuns(walk.clock, sampling).runs);
	input.dispose();
	return stamps.map((stampS) => stampS - startS);
}

const ranges = [
	{ fromS: 0.4, toS: 0.8, frames: 4 },
	{ fromS: 1.2, toS: 1.9, frames: 7 },
];
const samplings: Record<string, Partial<Sampling>> = {
	'10 frames': { frames: 10 },
	'16 frames': { frames: 16 },
	'25 frames, each on the border of two': { frames: 25 },
	'3 frames': { frames: 3 },
	'5 a second': { frames: 'all' },
	'the first frames': { frames: 7, part: 'start' },
	'a part': { frames: 5, span: { fromS: 0.6, toS: 1.6 } },
	'a second pass': { ranges },
};
const clips: ClipName[] = [
	'plain.mp4',
	'plain.mkv',
	'plain.mov',
	'pyramid.mp4',
	'variable.mkv',
	'plain.webm',
	'plain.ts',
];

describe.each(clips)('%s in a browser', (name) => {
	test.each(Object.keys(samplings))('selects the same frames as the program: %s', async (what) => {
		const path = await clip(name);
		const sampling = { frames: 10, part: 'whole', ...samplings[what] } as const;
		const { times } = await readClip(path, sampling);
		const own = await chosen(path, sampling);
		expect(own.map((timeS) => timeS.toFixed(3))).toEqual(times.map((timeS) => timeS.toFixed(3)));
	});
});

test.each(['long.mp4', 'reordered.mp4', 'sparse.mp4'] as const)('also from a long clip: %s', async (name) => {
	const path = await clip(name);
	for (const frames of [8, 25, 1000]) {
		const { times } = await readClip(path, { frames });
		const own = await chosen(path, { frames, part: 'whole' });
		expect(own.map((timeS) => timeS.toFixed(3))).toEqual(times.map((timeS) => timeS.toFixed(3)));
	}
});
