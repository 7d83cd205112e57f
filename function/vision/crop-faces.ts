import type { Box } from '../contract/report.ts';
import type { CroppedFrame, Frame, TrackedFrame } from '../values.ts';
import { CoverWatch, type ReadCover } from './cover-watch.ts';
import { type CropRule, cutBox, squareBox } from './geometry.ts';
import { measureQuality } from './measure-quality.ts';

/** Crops boxes from a frame, [3, size, size] RGB 0..1 each; see model/operators.ts. */
type Cut = ((frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]>) & { readonly size: number };

/** How faces are cropped. */
export type Cutting = {
	/** For the classifier. */
	readonly cut: Cut;
	readonly rule: CropRule;
	/** Crops for measuring quality, 160 px for every classifier; used only if the classifier's crops show a different square. */
	readonly cutForQuality: Cut;
	readonly readCover: ReadCover;
	/** Shrinks a larger classifier crop to the size of a quality crop. */
	readonly shrink: (crop: Float32Array) => Float32Array;
};

/** Side of the square that quality is measured on, as a multiple of the box's longer side; the thresholds of verdict/exclude-face.ts depend on it. */
const qualityMargin = 1.3;

/**
 * Crops every tracked face. This is the last stage that holds whole frames, so it releases them.
 * Yields boxes in px of a picture `videoWidth` wide, whatever the size of the analysed frame.
 */
export async function* cropFaces(
	frames: AsyncIterable<TrackedFrame>,
	{ cut, rule, cutForQuality, readCover, shrink }: Cutting,
	videoWidth: number,
): AsyncGenerator<CroppedFrame, void> {
	const watch = new CoverWatch(readCover);
	const isSquare = rule.shape === 'square' && rule.margin === qualityMargin && cut.size >= cutForQuality.size;
	/** Quality crops, made from the classifier's if they show the same square, which saves a second pass over the frame. */
	const squaresOf = (frame: Frame, faces: readonly { readonly box: Box }[], crops: Float32Array[]) => {
		if (isSquare) return cut.size === cutForQuality.size ? crops : crops.map(shrink);
		return cutForQuality(
			frame,
			faces.map((face) => squareBox(face.box, qualityMargin)),
		);
	};
	for await (const { frame, faces } of frames) {
		const boxes = faces.map((face) => cutBox(face.box, rule, frame));
		const crops = await cut(frame, boxes);
		const squares = await squaresOf(frame, faces, crops);
		frame.release?.();
		const covers = await watch.of(frame.timeS, faces, squares);
		const scale = videoWidth / frame.width;
		yield {
			frameIndex: frame.index,
			timeS: frame.timeS,
			faces: faces.map((face, i) => ({
				...face,
				box: scaled(face.box, scale),
				frameIndex: frame.index,
				timeS: frame.timeS,
				cropBox: scaled(boxes[i] as Box, scale),
				size: cut.size,
				pixels: crops[i] as Float32Array,
				quality: {
					...measureQuality(squares[i] as Float32Array, cutForQuality.size, face.box, frame.width, frame.height),
					...covers[i],
				},
			})),
		};
	}
}

const scaled = ({ x, y, width, height }: Box, scale: number): Box => ({
	x: x * scale,
	y: y * scale,
	width: width * scale,
	height: height * scale,
});
