/** Converts [3, size, size] 0..1 to [size, size, 3] 0..255. */
export function rgbFromPlanes(pixels: Float32Array, size: number): Uint8Array {
	const plane = size * size;
	const rgb = new Uint8ClampedArray(3 * plane); // rounds and clamps
	for (let channel = 0; channel < 3; channel++)
		for (let i = 0; i < plane; i++) rgb[3 * i + channel] = 255 * (pixels[channel * plane + i] as number);
	return new Uint8Array(rgb.buffer);
}
