import { expect, it } from 'vitest';
import {
	exifOrientation,
	orientationFilters,
	orientationOfMatrix,
	turnFurther,
} from '../../../function/media/orientation.ts';

const matrix = (a: number, b: number, c: number, d: number) =>
	orientationOfMatrix([a, b, 0, c, d, 0, 0, 0, 1].map((value) => value * 65_536));

/** Where the filters move the point (x, y) of a picture centred on the origin, y downwards. */
function move([x, y]: readonly [number, number], filters: readonly string[]): [number, number] {
	let point: [number, number] = [x, y];
	for (const filter of filters) {
		const [px, py] = point;
		if (filter === 'hflip') point = [-px, py];
		if (filter === 'vflip') point = [px, -py];
		if (filter === 'transpose=clock') point = [-py, px];
		if (filter === 'transpose=cclock') point = [py, -px];
	}
	return point;
}

it.each([
	[1, 0, 0, 1],
	[-1, 0, 0, 1],
	[1, 0, 0, -1],
	[-1, 0, 0, -1],
	[0, 1, -1, 0],
	[0, -1, 1, 0],
	[0, 1, 1, 0],
	[0, -1, -1, 0],
])('the filters for the matrix %i %i %i %i apply it', (a, b, c, d) => {
	const [x, y] = move([2, 1], orientationFilters(matrix(a, b, c, d)));
	expect([x + 0, y + 0]).toEqual([a * 2 + c, b * 2 + d]);
});

it('a matrix that is slightly off, scaled or empty maps to the nearest orientation', () => {
	expect(matrix(0.02, 1.1, -1.1, 0.02)).toEqual({ turnDeg: 90, isMirrored: false });
	expect(matrix(0, 0, 0, 0)).toEqual({ turnDeg: 0, isMirrored: false });
	expect(orientationOfMatrix([])).toEqual({ turnDeg: 0, isMirrored: false });
});

// TIFF 6.0, tag 274: where the first row and column of the stored picture are when it is upright
it.each([
	[1, [2, 1]],
	[2, [-2, 1]],
	[3, [-2, -1]],
	[4, [2, -1]],
	[5, [1, 2]],
	[6, [-1, 2]],
	[7, [-1, -2]],
	[8, [1, -2]],
	[99, [2, 1]],
])('EXIF orientation %i', (value, goes) => {
	const [x, y] = move([2, 1], orientationFilters(exifOrientation(value)));
	expect([x + 0, y + 0]).toEqual(goes);
});

it('four quarter turns cancel out', () => {
	const start = exifOrientation(5);
	const turned = [90, 90, 90, 90].reduce(turnFurther, start);
	expect(turned).toEqual(start);
});
