import type { Box } from '../contract/report.ts';
import type { Face, Frame } from '../values.ts';
import { clampBox } from '../vision/geometry.ts';
import type { Session } from './session.ts';

/** What the models do, as plain functions over plain values; the graphs are described in models/export. */

/** How one detector pass looks at a frame. */
export type DetectOptions = {
	/** Side of the square that the frame is scaled into, px: 512 is the original network, 256 a quarter of the time for faces of twice the size. */
	readonly side: 256 | 512;
	/** Black border added on each end, as a multiple of the frame's longer side. */
	readonly margin: number;
	/** Lowest detector score returned, 0..1. */
	readonly minScore: number;
};
/** Finds faces in a frame, best first; boxes in px of the frame. */
export type Detect = (frame: Frame, options: DetectOptions) => Promise<Face[]>;
/** Cuts `boxes` out of a frame: [3, size, size] RGB 0..1 each, black outside of the frame. */
export type Crop = ((frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]>) & { readonly size: number };
/** Identity descriptor [128] of a crop. */
export type Describe = (crop: Float32Array) => Promise<Float32Array>;

/** The detector as a function; `session` is models/face-detector.onnx. */
export function createDetector(session: Session): Detect {
	return async (frame, { side, margin, minScore }) => {
		const feeds = {
			frame: { data: frame.rgb, shape: [frame.height, frame.width, 3] },
			side: { data: BigInt64Array.of(BigInt(side)), shape: [] },
			margin: { data: Float32Array.of(margin), shape: [] },
			min_score: { data: Float32Array.of(minScore), shape: [] },
		};
		const [boxes, scores] = await session.run(feeds, ['boxes', 'scores']);
		return Array.from(scores.data, (score, i) => {
			const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.data.subarray(4 * i, 4 * i + 4);
			return { score, box: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 } };
		});
	};
}

/** The crop operator as a function; `session` is models/face-crop-SIZE.onnx. Only the part of the frame under a box is handed over. */
export function createCropper(session: Session, size: number): Crop {
	const crop = async (frame: Frame, box: Box): Promise<Float32Array> => {
		const part = cutOut(frame, box);
		const x = box.x - part.x;
		const y = box.y - part.y;
		const feeds = {
			frame: { data: part.rgb, shape: [part.height, part.width, 3] },
			boxes: { data: Float32Array.of(x, y, x + box.width, y + box.height), shape: [1, 4] },
		};
		const [crops] = await session.run(feeds, ['crops']);
		return crops.data;
	};
	const cropAll = async (frame: Frame, boxes: readonly Box[]) => {
		const crops: Float32Array[] = [];
		for (const box of boxes) crops.push(await crop(frame, box));
		return crops;
	};
	return Object.assign(cropAll, { size });
}

/** The part of the frame that RoiAlign reads for a box: the box and 2 px around it for its bilinear taps. */
function cutOut(frame: Frame, box: Box) {
	const grown = { x: box.x - 2, y: box.y - 2, width: box.width + 4, height: box.height + 4 };
	const inside = clampBox(grown, frame.width, frame.height);
	const x = Math.min(Math.floor(inside.x), frame.width - 1);
	const y = Math.min(Math.floor(inside.y), frame.height - 1);
	const width = Math.max(1, Math.min(frame.width, Math.ceil(inside.x + inside.width)) - x);
	const height = Math.max(1, Math.min(frame.height, Math.ceil(inside.y + inside.height)) - y);
	const rgb = new Uint8Array(width * height * 3);
	for (let row = 0; row < height; row++) {
		const start = ((y + row) * frame.width + x) * 3;
		rgb.set(frame.rgb.subarray(start, start + width * 3), row * width * 3);
	}
	return { x, y, width, height, rgb };
}

/** The identity descriptor as a function; `session` takes crops [1, 3, size, size] and gives descriptor [1, 128]. */
export function createDescriber(session: Session, size: number): Describe {
	return async (crop) => {
		const [descriptor] = await session.run({ crops: { data: crop, shape: [1, 3, size, size] } }, ['descriptor']);
		return descriptor.data;
	};
}
