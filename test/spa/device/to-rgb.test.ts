import { describe, expect, it } from 'vitest';
import { type Planes, rgbFromRgba, rgbFromYuv, turnPicture } from '../../../spa/device/to-rgb.ts';

/** One colour, 2 x 2 px. */
const plain = (y: number, u: number, v: number, more: Partial<Planes> = {}): Planes => ({
	format: 'I420',
	width: 2,
	height: 2,
	data: Uint8Array.of(y, y, y, y, u, v),
	layout: [
		{ offset: 0, stride: 2 },
		{ offset: 4, stride: 1 },
		{ offset: 5, stride: 1 },
	],
	matrix: 'smpte170m',
	isFullRange: false,
	...more,
});

describe('planes as RGB', () => {
	it.each([
		['black', plain(16, 128, 128), [0, 0, 0]],
		['white', plain(235, 128, 128), [255, 255, 255]],
		['grey of the full range', plain(128, 128, 128, { isFullRange: true }), [128, 128, 128]],
		['red by BT.601', plain(81, 90, 240), [254, 0, 0]],
		['red by BT.709', plain(63, 102, 240, { matrix: 'bt709' }), [255, 1, 0]],
		['a small picture without a matrix is BT.601', plain(81, 90, 240, { matrix: null }), [254, 0, 0]],
	])('%s', (_, planes, colour) => {
		for (const [i, value] of rgbFromYuv(planes).entries())
			expect(Math.abs(value - (colour[i % 3] as number))).toBeLessThanOrEqual(1);
	});

	it('reads interleaved chroma', () => {
		const layout = [
			{ offset: 0, stride: 2 },
			{ offset: 4, stride: 2 },
		];
		expect(rgbFromYuv(plain(81, 90, 240, { format: 'NV12', layout }))).toEqual(rgbFromYuv(plain(81, 90, 240)));
	});

	it('reads one chroma sample per pixel, or per two neighbouring pixels', () => {
		const [red, grey] = [
			[81, 90, 240],
			[126, 128, 128],
		] as const;
		const I444 = plain(0, 0, 0, {
			format: 'I444',
			data: Uint8Array.of(
				...[red[0], grey[0], grey[0], red[0]],
				...[red[1], 128, 128, red[1]],
				...[red[2], 128, 128, red[2]],
			),
			layout: [0, 4, 8].map((offset) => ({ offset, stride: 2 })),
		});
		const I422 = plain(0, 0, 0, {
			format: 'I422',
			data: Uint8Array.of(...[red[0], red[0], grey[0], grey[0]], ...[red[1], 128], ...[red[2], 128]),
			layout: [
				{ offset: 0, stride: 2 },
				{ offset: 4, stride: 1 },
				{ offset: 6, stride: 1 },
			],
		});
		const isRed = (planes: Planes) => [0, 1, 2, 3].map((i) => (rgbFromYuv(planes)[3 * i] as number) > 200);
		expect(isRed(I444)).toEqual([true, false, false, true]);
		expect(isRed(I422)).toEqual([true, true, false, false]);
	});

	it('drops the alpha channel', () => {
		expect([...rgbFromRgba(Uint8ClampedArray.of(1, 2, 3, 0, 4, 5, 6, 255))]).toEqual([1, 2, 3, 4, 5, 6]);
	});
});

describe('a rotated picture', () => {
	const picture = { width: 3, height: 1, rgb: Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3) };
	const first = ({ rgb }: { rgb: Uint8Array }) => [...rgb].filter((_, i) => i % 3 === 0);

	it.each([
		[0, false, [3, 1], [1, 2, 3]],
		[90, false, [1, 3], [1, 2, 3]],
		[180, false, [3, 1], [3, 2, 1]],
		[270, false, [1, 3], [3, 2, 1]],
		[0, true, [3, 1], [3, 2, 1]],
	])('by %i degrees, mirrored: %s', (turnDeg, isMirrored, [width, height], pixels) => {
		const turned = turnPicture(picture, turnDeg, isMirrored);
		expect([turned.width, turned.height]).toEqual([width, height]);
		expect(first(turned)).toEqual(pixels);
	});

	it('is unchanged after four quarter turns', () => {
		const square = { width: 2, height: 2, rgb: Uint8Array.from({ length: 12 }, (_, i) => i) };
		let turned = square;
		for (let i = 0; i < 4; i++) turned = turnPicture(turned, 90, false) as typeof square;
		expect(turned).toEqual(square);
	});
});
