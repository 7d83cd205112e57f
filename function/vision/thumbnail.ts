import type { Box } from '../contract/report.ts';
import type { Frame } from '../values.ts';
import { squareBox } from './geometry.ts';

/** Side of a thumbnail as a multiple of the face's longer side: it shows hair, collar and some background. */
const MARGIN = 2;
/** Cells per side; a cell is the mean of 4 x 4 samples, so that small movements and compression noise do not matter. */
const CELLS = 8;
const SAMPLES = 4;

/** A face and its surroundings as a tiny picture, [8, 8, 3] row by row with the mean of each colour subtracted; cheap enough for every frame. */
export type Thumbnail = Float32Array;

/** Samples the square around a face; beyond the picture, its edge is repeated. */
export function thumbnailFromFrame(frame: Frame, box: Box): Thumbnail {
	const square = squareBox(box, MARGIN);
	const points = CELLS * SAMPLES;
	const pixel = (from: number, point: number, end: number) =>
		Math.min(end - 1, Math.max(0, Math.floor(from + (square.width * (point + 0.5)) / points)));
	const cells = new Float32Array(CELLS * CELLS * 3);
	for (let row = 0; row < points; row++) {
		const line = pixel(square.y, row, frame.height) * frame.width;
		const cellRow = Math.floor(row / SAMPLES) * CELLS;
		for (let column = 0; column < points; column++) {
			const from = (line + pixel(square.x, column, frame.width)) * 3;
			const to = (cellRow + Math.floor(column / SAMPLES)) * 3;
			for (let colour = 0; colour < 3; colour++)
				cells[to + colour] = (cells[to + colour] as number) + (frame.rgb[from + colour] as number);
		}
	}
	return centred(cells);
}

/** The correlation of two thumbnails, -1..1; 0 if one of them has only one colour. */
export function similarity(a: Thumbnail, b: Thumbnail): number {
	const strength = Math.sqrt(product(a, a) * product(b, b));
	return strength > 0 ? product(a, b) / strength : 0;
}

function centred(cells: Float32Array): Float32Array {
	const mean = [0, 0, 0];
	cells.forEach((value, at) => {
		mean[at % 3] = (mean[at % 3] as number) + (value * 3) / cells.length;
	});
	return cells.map((value, at) => value - (mean[at % 3] as number));
}

function product(a: Float32Array, b: Float32Array): number {
	return a.reduce((sum, value, at) => sum + value * (b[at] as number), 0);
}
