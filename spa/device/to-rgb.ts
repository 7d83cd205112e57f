import { colourOf } from '../../function/media/colour.ts';

/** One picture; `rgb` is [height, width, 3], 0..255. */
export type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array<ArrayBuffer> };

/** Planes of a decoded frame with 8 bits per sample, as copied by WebCodecs. */
export type Planes = {
	readonly format: 'I420' | 'I422' | 'I444' | 'NV12';
	readonly width: number;
	readonly height: number;
	readonly data: Uint8Array;
	readonly layout: readonly { readonly offset: number; readonly stride: number }[];
	/** WebCodecs' name of the YUV matrix; null = unknown. */
	readonly matrix: string | null;
	/** null = unknown, which means limited. */
	readonly isFullRange: boolean | null;
};

/** Weights of red and blue in the luma, by the program's names of the matrices (ITU-T H.273, table 4). */
const weights: Readonly<Record<string, readonly [red: number, blue: number]>> = {
	bt601: [0.299, 0.114],
	bt709: [0.2126, 0.0722],
	bt2020: [0.2627, 0.0593],
};

/** Matrix names of WebCodecs that differ from those of ffprobe. */
const matrixNames: Readonly<Record<string, string>> = { 'bt2020-ncl': 'bt2020nc' };

/** Fractional bits of the fixed-point conversion. */
const precision = 14;

/**
 * Converts planes to RGB. Each chroma sample is repeated over its pixels (2 x 2, fewer with fuller chroma), as swscale does without further flags.
 * If the file does not state the matrix, it is chosen by the program's rule. `into` has three bytes per pixel; all are overwritten.
 */
export function rgbFromYuv(
	planes: Planes,
	into: Uint8Array<ArrayBuffer> = new Uint8Array(3 * planes.width * planes.height),
): Uint8Array<ArrayBuffer> {
	const { format, width, height, data, layout, matrix, isFullRange } = planes;
	const known = matrix === null ? undefined : (matrixNames[matrix] ?? matrix);
	const name = colourOf({ color_space: known, pix_fmt: 'yuv420p', width, height }).matrix ?? 'bt709';
	const [red, blue] = weights[name] ?? [0.2126, 0.0722];
	const scale = (value: number) => Math.round(value * 2 ** precision);
	const [lumaScale, chromaScale, floor] = isFullRange ? [1, 1, 0] : [255 / 219, 255 / 224, 16];
	const y1 = scale(lumaScale);
	const rv = scale(2 * (1 - red) * chromaScale);
	const bu = scale(2 * (1 - blue) * chromaScale);
	const gu = scale((-2 * blue * (1 - blue) * chromaScale) / (1 - red - blue));
	const gv = scale((-2 * red * (1 - red) * chromaScale) / (1 - red - blue));
	const half = 1 << (precision - 1);
	const [luma, first, second] = layout;
	const step = format === 'NV12' ? 2 : 1;
	const [uAt, vAt] =
		format === 'NV12' ? [first?.offset ?? 0, (first?.offset ?? 0) + 1] : [first?.offset ?? 0, second?.offset ?? 0];
	const chromaStride = first?.stride ?? 0;
	const [across, down] = format === 'I444' ? [0, 0] : format === 'I422' ? [1, 0] : [1, 1];
	const rgb = new Uint8ClampedArray(into.buffer, into.byteOffset, into.length);
	for (let row = 0, at = 0; row < height; row++) {
		const line = (luma?.offset ?? 0) + row * (luma?.stride ?? 0);
		const chromaLine = (row >> down) * chromaStride;
		for (let column = 0; column < width; column++, at += 3) {
			const chroma = chromaLine + (column >> across) * step;
			const u = (data[uAt + chroma] as number) - 128;
			const v = (data[vAt + chroma] as number) - 128;
			const light = ((data[line + column] as number) - floor) * y1 + half;
			rgb[at] = (light + rv * v) >> precision;
			rgb[at + 1] = (light + gu * u + gv * v) >> precision;
			rgb[at + 2] = (light + bu * u) >> precision;
		}
	}
	return into;
}

/** RGBA as RGB. Alpha is dropped, as in the program's decoder, so transparent parts appear on black. `rgb` has three bytes per pixel. */
export function rgbFromRgba(
	rgba: Uint8ClampedArray,
	rgb: Uint8Array<ArrayBuffer> = new Uint8Array((rgba.length / 4) * 3),
): Uint8Array<ArrayBuffer> {
	for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
		rgb[to] = rgba[from] as number;
		rgb[to + 1] = rgba[from + 1] as number;
		rgb[to + 2] = rgba[from + 2] as number;
	}
	return rgb;
}

/** A picture rotated clockwise by quarter turns, then mirrored left to right if requested; unless there is nothing to do, in memory from `acquire`. */
export function turnPicture(
	{ width, height, rgb }: Picture,
	turnDeg: number,
	isMirrored: boolean,
	acquire: (size: number) => Uint8Array<ArrayBuffer> = (size) => new Uint8Array(size),
): Picture {
	const turn = ((turnDeg % 360) + 360) % 360;
	if (turn === 0 && !isMirrored) return { width, height, rgb };
	const [newWidth, newHeight] = turn % 180 === 0 ? [width, height] : [height, width];
	const turned = acquire(rgb.length);
	for (let y = 0, to = 0; y < newHeight; y++) {
		for (let column = 0; column < newWidth; column++, to += 3) {
			const x = isMirrored ? newWidth - 1 - column : column;
			const from = 3 * placeBefore(turn, x, y, width, height);
			turned[to] = rgb[from] as number;
			turned[to + 1] = rgb[from + 1] as number;
			turned[to + 2] = rgb[from + 2] as number;
		}
	}
	return { width: newWidth, height: newHeight, rgb: turned };
}

/** The position of a rotated picture's pixel before the rotation. */
function placeBefore(turn: number, x: number, y: number, width: number, height: number): number {
	if (turn === 90) return (height - 1 - x) * width + y;
	if (turn === 180) return (height - 1 - y) * width + (width - 1 - x);
	return turn === 270 ? x * width + (width - 1 - y) : y * width + x;
}
