import type { VideoSample } from 'mediabunny';
import type { EncodePicture } from '../../function/evidence/moments.ts';
import { rgbFromPlanes } from '../../function/evidence/rgb-from-planes.ts';
import type { FaceCrop } from '../../function/values.ts';
import { Buffers } from './buffers.ts';
import { type Picture, rgbFromRgba, rgbFromYuv, turnPicture } from './to-rgb.ts';

/** Longest side of an analysed picture, in px, as in the program. */
const maxSide = 1920;
/** Side of the crops shown during an analysis, in px. */
const shownSide = 96;

/** A decoded frame, upright with square pixels, at most 1920 px per side, in memory of `buffers`. */
export async function pictureFromFrame(sample: VideoSample, buffers: Buffers): Promise<Picture> {
	const { format, displayWidth: width, displayHeight: height, visibleRect, squarePixelWidth } = sample;
	const isPlain = visibleRect.width === squarePixelWidth && Math.max(width, height) <= maxSide;
	if (isPlain && (format === 'I420' || format === 'I422' || format === 'I444' || format === 'NV12')) {
		const data = buffers.acquire(sample.allocationSize());
		const layout = await sample.copyTo(data);
		const { matrix, fullRange } = sample.colorSpace;
		const size = { width: visibleRect.width, height: visibleRect.height };
		const planes = { format, ...size, data, layout, matrix: matrix ?? null, isFullRange: fullRange ?? null };
		const rgb = rgbFromYuv(planes, buffers.acquire(3 * size.width * size.height));
		buffers.release(data);
		return turnPicture({ ...size, rgb }, sample.rotation, sample.flip);
	}
	return drawn({ width, height }, buffers, (context, drawnWidth, drawnHeight) =>
		sample.draw(context, 0, 0, drawnWidth, drawnHeight),
	);
}

/** A picture file, upright, at most 1920 px per side; rejects if the browser cannot decode it. */
export async function pictureFromImage(file: Blob): Promise<Picture> {
	const bitmap = await createImageBitmap(file);
	try {
		return drawn(bitmap, new Buffers(), (context, width, height) => context.drawImage(bitmap, 0, 0, width, height));
	} finally {
		bitmap.close();
	}
}

function drawn(
	full: Pick<Picture, 'width' | 'height'>,
	buffers: Buffers,
	draw: (context: OffscreenCanvasRenderingContext2D, width: number, height: number) => void,
): Picture {
	const scale = Math.min(1, maxSide / Math.max(full.width, full.height));
	const width = Math.max(1, Math.round(full.width * scale));
	const height = Math.max(1, Math.round(full.height * scale));
	const context = contextOf(new OffscreenCanvas(width, height));
	context.imageSmoothingQuality = 'high';
	draw(context, width, height);
	const { data } = context.getImageData(0, 0, width, height);
	return { width, height, rgb: rgbFromRgba(data, buffers.acquire(3 * width * height)) };
}

/** A moment's picture as a base64 JPEG. */
export const encodeMoment: EncodePicture = (rgb, size) => encode(canvasFrom(rgb, size), 0.92);

/** A crop as a small base64 JPEG, for live viewers. */
export async function encodeCrop({ pixels, size }: Pick<FaceCrop, 'pixels' | 'size'>): Promise<string> {
	const small = new OffscreenCanvas(shownSide, shownSide);
	contextOf(small).drawImage(canvasFrom(rgbFromPlanes(pixels, size), size), 0, 0, shownSide, shownSide);
	return encode(small, 0.8);
}

function canvasFrom(rgb: Uint8Array, size: number): OffscreenCanvas {
	const canvas = new OffscreenCanvas(size, size);
	const image = new ImageData(size, size);
	for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
		image.data[to] = rgb[from] as number;
		image.data[to + 1] = rgb[from + 1] as number;
		image.data[to + 2] = rgb[from + 2] as number;
		image.data[to + 3] = 255;
	}
	contextOf(canvas).putImageData(image, 0, 0);
	return canvas;
}

async function encode(canvas: OffscreenCanvas, quality: number): Promise<string> {
	const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality });
	const bytes = new Uint8Array(await blob.arrayBuffer());
	let text = '';
	for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
	return btoa(text);
}

/** Kept in memory instead of on a graphics card, because every canvas here is read back. */
function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
	return canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
}
