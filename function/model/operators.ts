import type { Box } from '../contract/report.ts';
import type { Face, Frame } from '../values.ts';
import type { ReadCover } from '../vision/cover-watch.ts';
import type { Detect } from '../vision/detect-faces.ts';
import type { Session } from './session.ts';

/** The models as plain functions over plain values; models/export describes the graphs. */

/** Crops `boxes` from a frame: [3, size, size] RGB 0..1 each, black outside the frame. */
export type Crop = ((frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]>) & { readonly size: number };
/** Identity descriptor [128] of a crop. */
export type Describe = (crop: Float32Array) => Promise<Float32Array>;

/** Detector and finder as one function; the sessions are models/face-detector.onnx and models/face-finder.onnx. */
export function createDetector(detector: Session, finder: Session): Detect {
	return async (frame, options) => {
		const isFinder = 'finder' in options;
		const feeds = {
			frame: { data: frame.rgb, shape: [frame.height, frame.width, 3] },
			side: { data: BigInt64Array.of(BigInt(isFinder ? options.finder : options.side)), shape: [] },
			...(isFinder ? {} : { margin: { data: Float32Array.of(options.margin), shape: [] } }),
			min_score: { data: Float32Array.of(options.minScore), shape: [] },
		};
		const faces = (scores: Float32Array, boxes: Float32Array): Face[] =>
			Array.from(scores, (score, i) => {
				const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(4 * i, 4 * i + 4);
				return { score, box: { x: x1, y: y1, width: x2 - x1, height: y2 - y1 } };
			});
		if (!isFinder) {
			const [boxes, scores] = await detector.run(feeds, ['boxes', 'scores']);
			return faces(scores.data, boxes.data);
		}
		const [boxes, scores, landmarks] = await finder.run(feeds, ['boxes', 'scores', 'landmarks']);
		return faces(scores.data, boxes.data)
			.filter((_, i) => isUpright(landmarks.data.subarray(10 * i, 10 * i + 10)))
			.map(({ score, box }) => ({ score, box: asDetected(box) }));
	};
}

/** Whether the mouth is below the eyes to within an eighth of a turn: the finder also detects sideways faces, which are handled by turning the picture. */
function isUpright([x1 = 0, y1 = 0, x2 = 0, y2 = 0, , , x3 = 0, y3 = 0, x4 = 0, y4 = 0]: Float32Array): boolean {
	return y3 + y4 - y1 - y2 > Math.abs(x3 + x4 - x1 - x2);
}

/** Width and height of the detector's box relative to the finder's box of the same face: medians (models/export/README.md). */
const finderToDetector = { width: 1.02, height: 0.925 } as const;

/** A finder box as the detector would draw it, because the classifier's crops are defined by the detector's boxes. */
function asDetected(box: Box): Box {
	const width = box.width * finderToDetector.width;
	const height = box.height * finderToDetector.height;
	return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

/** Side of the crops for a face's quality and covers, px, for every classifier. */
export const qualityCropSize = 160;

/** The cover model as a function; `session` is models/face-cover.onnx, for crops of `size` px. */
export function createCoverReader(session: Session, size: number): ReadCover {
	return async (crops) => {
		if (crops.length === 0) return [];
		const data = new Float32Array(crops.length * 3 * size * size);
		for (const [i, crop] of crops.entries()) data.set(crop, i * crop.length);
		const [covered, drawn] = await session.run(
			{ crops: { data, shape: [crops.length, 3, size, size], isMoved: true } },
			['covered', 'drawn'],
		);
		return crops.map((_, i) => ({ covered: covered.data[i] ?? 0, drawn: drawn.data[i] ?? 0 }));
	};
}

/** The identity model as a function; `session` takes crops [1, 3, size, size] and returns descriptor [1, 128]. */
export function createDescriber(session: Session, size: number): Describe {
	return async (crop) => {
		const [descriptor] = await session.run({ crops: { data: crop, shape: [1, 3, size, size] } }, ['descriptor']);
		return descriptor.data;
	};
}
