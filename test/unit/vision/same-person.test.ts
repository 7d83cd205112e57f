import { describe, expect, it } from 'vitest';
import { differentFrom, faceInCrop, matchPeople, sameUpTo } from '../../../function/vision/same-person.ts';

const at = (...values: number[]) => Float32Array.from(values);

describe('matchPeople', () => {
	it('measures the distance between the means of the key faces', () => {
		const { distance } = matchPeople([at(0, 0), at(0, 2)], [at(3, 1), at(3, 1)]);
		expect(distance).toBeCloseTo(3, 6);
	});

	it.each([
		[0, 'same'],
		[sameUpTo - 1e-6, 'same'],
		[sameUpTo + 0.01, 'unclear'],
		[differentFrom + 1e-6, 'different'],
		[2, 'different'],
	] as const)('classifies a distance of %d as %s', (distance, sameness) => {
		expect(matchPeople([at(0)], [at(distance)]).sameness).toBe(sameness);
	});
});

it('faceInCrop maps a face in the frame to its key picture', () => {
	const crop = { x: 100, y: 50, width: 448, height: 448 };
	expect(faceInCrop({ x: 164, y: 82, width: 320, height: 384 }, crop, 224)).toEqual({
		x: 32,
		y: 16,
		width: 160,
		height: 192,
	});
});
