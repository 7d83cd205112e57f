import type { VideoSample } from 'mediabunny';
import type { EncodePicture } from '../../function/evidence/moments.ts';
import { rgbFromPlanes } from '../../function/evidence/rgb-from-planes.ts';
import type { FaceCrop, Frame } from '../../function/values.ts';
import { Buffers } from './buffers.ts';
import { type Picture, type Planes, rgbFromRgba, rgbFromYuv, turnPicture } from './to-rgb.ts';

/** Longest side of an analysed picture, in px, as in the program. */
const maxSide = 1920;
/** Longest side of the frames shown during an analysis, in px. */
const shownFrameSide = 640;
/** Side of the crops shown during an analysis, in px. */
const shownSide = 96;

/** A decoded frame; its memory belongs to a pool until `release`. */
export type FramePicture = Picture & { release(): void };

/**
 * A decoded frame, upright with square pixels and then turned clockwise by `turnDeg`, at most 1920 px per side, in memory of `buffers`. Its planes
 * become RGB, which takes twice the memory, when its pixels are first read.
 */
export async function pictureFromFrame(sample: VideoSample, buffers: Buffers, turnDeg = 0): Promise<FramePicture> {
	const { format, displayWidth: width, displayHeight: height, visibleRect, squarePixelWidth, rotation, flip } = sample;
	const isPlain = visibleRect.width === squarePixelWidth && Math.max(width, height) <= maxSide;
	if (isPlain && (format === 'I420' || format === 'I422' || format === 'I444' || format === 'NV12')) {
		const data = buffers.acquire(sample.allocationSize());
		const layout = await sample.copyTo(data);
		const { matrix, fullRange } = sample.colorSpace;
		const size = { width: visibleRect.width, height: visibleRect.height };
		const planes = { format, ...size, data, layout, matrix: matrix ?? null, isFullRange: fullRange ?? null };
		return new PlanesPicture(planes, [[rotation, flip] as const, [turnDeg, false] as const], buffers);
	}
	const picture = drawn({ width, height }, buffers, (context, drawnWidth, drawnHeight) =>
		sample.draw(context, 0, 0, drawnWidth, drawnHeight),
	);
	const turned = turnInPlace(picture, turnDeg, false, buffers);
	return { ...turned, release: () => buffers.release(turned.rgb) };
}

/** A turn clockwise in degrees, then whether the picture is mirrored. */
type Turn = readonly [turnDeg: number, isMirrored: boolean];

/** Planes that become upright RGB when its pixels are first read. */
class PlanesPicture implements FramePicture {
	readonly width: number;
	readonly height: number;
	readonly #turns: readonly Turn[];
	readonly #buffers: Buffers;
	#planes: (Planes & { readonly data: Uint8Array<ArrayBuffer> }) | null;
	#rgb: Uint8Array<ArrayBuffer> | null = null;

	constructor(planes: Planes & { readonly data: Uint8Array<ArrayBuffer> }, turns: readonly Turn[], buffers: Buffers) {
		const isOnSide = turns.reduce((sum, [turnDeg]) => sum + turnDeg, 0) % 180 !== 0;
		[this.width, this.height] = isOnSide ? [planes.height, planes.width] : [planes.width, planes.height];
		this.#planes = planes;
		this.#turns = turns;
		this.#buffers = buffers;
	}

	get rgb(): Uint8Array<ArrayBuffer> {
		this.#rgb ??= this.#convert();
		return this.#rgb;
	}

	release(): void {
		for (const buffer of [this.#rgb, this.#planes?.data]) if (buffer) this.#buffers.release(buffer);
		this.#rgb = null;
		this.#planes = null;
	}

	#convert(): Uint8Array<ArrayBuffer> {
		const planes = this.#planes;
		if (!planes) throw new Error('the pixels of a released frame were read');
		const { width, height } = planes;
		const rgb = rgbFromYuv(planes, this.#buffers.acquire(3 * width * height));
		this.#buffers.release(planes.data);
		this.#planes = null;
		let picture: Picture = { width, height, rgb };
		for (const [turnDeg, isMirrored] of this.#turns) picture = turnInPlace(picture, turnDeg, isMirrored, this.#buffers);
		return picture.rgb;
	}
}

/** Turns a picture and gives the memory of the unturned one back. */
function turnInPlace(picture: Picture, turnDeg: number, isMirrored: boolean, buffers: Buffers): Picture {
	const turned = turnPicture(picture, turnDeg, isMirrored, (size) => buffers.acquire(size));
	if (turned.rgb !== picture.rgb) buffers.release(picture.rgb);
	return turned;
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

/** A whole frame as a small base64 JPEG, for live viewers. */
export async function encodeFrame({ width, height, rgb }: Pick<Frame, 'width' | 'height' | 'rgb'>): Promise<string> {
	const step = Math.max(1, Math.ceil(Math.max(width, height) / shownFrameSide));
	const image = new ImageData(Math.max(1, Math.floor(width / step)), Math.max(1, Math.floor(height / step)));
	for (let y = 0, to = 0; y < image.height; y++)
		for (let x = 0; x < image.width; x++, to += 4) {
			const from = 3 * (y * step * width + x * step);
			image.data.set([rgb[from] as number, rgb[from + 1] as number, rgb[from + 2] as number, 255], to);
		}
	const canvas = new OffscreenCanvas(image.width, image.height);
	contextOf(canvas).putImageData(image, 0, 0);
	return encode(canvas, 0.8);
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
