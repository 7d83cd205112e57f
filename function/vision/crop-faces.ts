import type { Box } from '../contract.ts';
import type { CroppedFrame, Frame, TrackedFrame } from '../values.ts';
import { squareBox } from './geometry.ts';
import { measureQuality } from './measure-quality.ts';

/** Cuts squares out of a frame, [3, size, size] RGB 0..1 each; see model/operators.ts. */
type Cut = ((frame: Frame, boxes: readonly Box[]) => Promise<Float32Array[]>) & { readonly size: number };

/**
 * Cuts every tracked face; the last stage that holds a whole frame, so it releases it.
 * `margin` = side of the square as a multiple of the box's longer side; boxes leave in px of a picture `videoWidth` wide, however large the frame was analysed.
 */
export async function* cropFaces(
	frames: AsyncIterable<TrackedFrame>,
	cut: Cut,
	margin: number,
	videoWidth: number,
): AsyncGenerator<CroppedFrame, void> {
	for await (const { frame, faces } of frames) {
		const squares = faces.map((face) => squareBox(face.box, margin));
		const crops = await cut(frame, squares);
		frame.release?.();
		const scale = videoWidth / frame.width;
		yield {
			frameIndex: frame.index,
			timeS: frame.timeS,
			faces: faces.map((face, i) => ({
				...face,
				box: scaled(face.box, scale),
				frameIndex: frame.index,
				timeS: frame.timeS,
				cropBox: scaled(squares[i] as Box, scale),
				size: cut.size,
				pixels: crops[i] as Float32Array,
				quality: measureQuality(crops[i] as Float32Array, cut.size, face.box, frame.width, frame.height),
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
