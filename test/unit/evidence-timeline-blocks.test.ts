import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timelineBlocks } from '../../function/evidence/timeline-blocks.ts';

/** One face per second, beginning at `startS`. */
const faces = (probabilities: readonly number[], startS = 0) =>
	probabilities.map((fakeProbability, i) => ({
		frameIndex: startS + i,
		timeS: startS + i + 0.5,
		fakeProbability,
		excluded: null,
	}));

test('one character per interval, higher if more suspicious, a dot if no face was seen', () => {
	expect(timelineBlocks(faces([0, 0.2, 0.4, 0.6, 0.8, 1]), 6, 6)).toBe('▁▂▄▅▇█');
	expect(timelineBlocks([...faces([1, 1]), ...faces([0, 0], 4)], 8, 8)).toBe('██··▁▁··');
	expect(timelineBlocks([], 10, 5)).toBe('·····');
});

test('a line with more characters than frames has no gaps, a shorter one shows means', () => {
	expect(timelineBlocks(faces([1, 1, 1, 1]), 4, 16)).toBe('█'.repeat(16));
	expect(timelineBlocks(faces([0, 1, 0, 1]), 4, 2)).toBe('▅▅');
});

test('times that are rounded to frames leave no gaps', () => {
	const times = [0.28, 0.88, 1.48, 2.12, 2.72]; // 5 targets in 3 s at 25 frames per second
	const seen = times.map((timeS, frameIndex) => ({ frameIndex, timeS, fakeProbability: 1, excluded: null }));
	expect(timelineBlocks(seen, 3, 46)).toBe('█'.repeat(46));
});

test('a second pass over a part leaves no gaps elsewhere', () => {
	const closer = Array.from({ length: 12 }, (_, i) => ({
		...{ frameIndex: 10 + i, timeS: 1.6 + i / 10, fakeProbability: 1, excluded: null },
		secondPass: true as const,
	}));
	const seen = [...faces(Array(10).fill(1)), ...closer].toSorted((a, b) => a.timeS - b.timeS);
	expect(timelineBlocks(seen, 10, 40)).toBe('█'.repeat(40));
});

test('bursts of frames leave no gaps between them, but a burst without the face does', () => {
	const bursts = Array.from({ length: 40 }, (_, frameIndex) => {
		const timeS = 10 * Math.floor(frameIndex / 4) + 0.2 * (frameIndex % 4);
		return { frameIndex, timeS, fakeProbability: 1, excluded: null };
	});
	expect(timelineBlocks(bursts, 100, 40)).toBe('█'.repeat(37).padEnd(40, '·'));
	const away = bursts.filter(({ timeS }) => timeS < 20 || timeS >= 40);
	expect(timelineBlocks(away, 100, 20)).toBe(`███····${'█'.repeat(12)}·`);
});

test('faces that were not judged are not drawn', () => {
	const some = faces([1, 1, 1, 1]).map((face, i) => (i < 2 ? { ...face, excluded: 'face-too-small' as const } : face));
	expect(timelineBlocks(some, 4, 4)).toBe('··██');
});

test('always has the requested length', () => {
	fc.assert(
		fc.property(
			fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
			fc.integer({ min: 0, max: 120 }),
			fc.double({ min: 0.01, max: 1e4, noNaN: true }),
			(probabilities, width, durationS) => {
				expect([...timelineBlocks(faces(probabilities), durationS, width)]).toHaveLength(width);
			},
		),
	);
});
