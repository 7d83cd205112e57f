import type { Box } from '../contract/report.ts';
import type { CroppedFrame, Frame, TrackedFrame } from '../values.ts';
import { CoverWatch, type ReadCover } from './cover-watch.ts';
import { type CropRule, cutBox, squareBox } from './geometry.ts';
import { measureQuality } from './measure-quality.ts';

/** Cuts parts out of a frame, [3, size, size] RGB 0..1 each; see model/operators.ts. */
type Cut = ((frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]>) & { readonly size: number };

/** How faces are cut. */
export type Cutting = {
	/** For the classifier. */
	readonly cut: Cut;
	readonly rule: CropRule;
	/** For the quality of a face, at 160 px whatever the classifier takes; used where the classifier's crops do not show the same square. */
	readonly cutForQuality: Cut;
	readonly readCover: ReadCover;
	/** A crop for the classifier at the size of those for the quality, where it is larger. */
	readonly shrink: (crop: Float32Array) => Float32Array;
};

/** The square that quality is measured on, as a multiple of the box's longer side: the limits of verdict/exclude-face.ts were measured with it. */
const qualityMargin = 1.3;

/**
 * Cuts every tracked face; the last stage that holds a whole frame, so it releases it.
 * Boxes leave in px of a picture `videoWidth` wide, however large the frame was analysed.
 */
export async function* cropFaces(
	frames: AsyncIterable<TrackedFrame>,
	{ cut, rule, cutForQuality, readCover, shrink }: Cutting,
	videoWidth: number,
): AsyncGenerator<CroppedFrame, void> {
	const watch = new CoverWatch(readCover);
	const isSquare = rule.shape === 'square' && rule.margin === qualityMargin && cut.size >= cutForQuality.size;
	/** The crops for the quality: of those that are judged where they show the same square, which saves a second reading of the frame. */
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
