import type { VideoSample } from 'mediabunny';
import { expect, it } from 'vitest';
import { Buffers } from '../../../spa/device/buffers.ts';
import { pictureFromFrame } from '../../../spa/device/pictures.ts';

/** Buffers that record which sizes are in use. */
class WatchedBuffers extends Buffers {
	readonly inUse: number[] = [];
	override acquire(size: number) {
		this.inUse.push(size);
		return super.acquire(size);
	}
	override release(buffer: Uint8Array<ArrayBuffer>) {
		this.inUse.splice(this.inUse.indexOf(buffer.length), 1);
		super.release(buffer);
	}
}

/** A grey frame of 4 x 2 px, dark on the left, that a phone has recorded on its side. */
const sample = (rotation: number) =>
	({
		...{ format: 'I420', displayWidth: 4, displayHeight: 2, squarePixelWidth: 4, rotation, flip: false },
		visibleRect: { left: 0, top: 0, width: 4, height: 2 },
		colorSpace: { matrix: 'bt709', fullRange: true },
		allocationSize: () => 12,
		async copyTo(into: Uint8Array) {
			into.set([10, 20, 30, 40, 10, 20, 30, 40, 128, 128, 128, 128]);
			return [
				{ offset: 0, stride: 4 },
				{ offset: 8, stride: 2 },
				{ offset: 10, stride: 2 },
			];
		},
	}) as unknown as VideoSample;

it('a frame is as large as its planes until its pixels are read, and gives all memory back', async () => {
	const buffers = new WatchedBuffers();
	const picture = await pictureFromFrame(sample(0), buffers);
	expect(buffers.inUse).toEqual([12]);
	expect(picture.rgb.filter((_, i) => i % 3 === 0)).toEqual(Uint8Array.of(10, 20, 30, 40, 10, 20, 30, 40));
	expect(picture.rgb, 'read twice, converted once').toBe(picture.rgb);
	expect(buffers.inUse).toEqual([24]);
	picture.release();
	expect(buffers.inUse).toEqual([]);
	expect(() => picture.rgb).toThrow('released');
});

it('a frame that is never read costs no conversion', async () => {
	const buffers = new WatchedBuffers();
	(await pictureFromFrame(sample(0), buffers)).release();
	expect(buffers.inUse).toEqual([]);
});

it('a turned frame has the turned size at once, and the unturned one gives its memory back', async () => {
	const buffers = new WatchedBuffers();
	const picture = await pictureFromFrame(sample(90), buffers, 180);
	expect([picture.width, picture.height]).toEqual([2, 4]);
	expect(picture.rgb.filter((_, i) => i % 3 === 0)).toEqual(Uint8Array.of(40, 40, 30, 30, 20, 20, 10, 10));
	expect(buffers.inUse).toEqual([24]);
});
