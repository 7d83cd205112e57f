/** Converts IEEE 754 16-bit floats (binary16) to 32 bits and back; Node 20 has no Float16Array. */

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** The float32 value of every binary16 pattern; computed on first use. */
let widened: Float32Array | null = null;

const widen = (_: unknown, half: number) => {
	const exponent = (half >> 10) & 31;
	const fraction = half & 1023;
	const sign = half & 0x8000 ? -1 : 1;
	if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
	return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
};

/** Converts binary16 patterns to float32 values exactly. */
export function floatsFromHalves(halves: Uint16Array): Float32Array<ArrayBuffer> {
	widened ??= Float32Array.from({ length: 65_536 }, widen);
	const floats = new Float32Array(halves.length);
	for (let i = 0; i < halves.length; i++) floats[i] = widened[halves[i] as number] as number;
	return floats;
}

/** Converts float32 values to the nearest binary16 patterns (ties to even); values that round beyond 65504 become infinite. */
export function halvesFromFloats(floats: Float32Array): Uint16Array<ArrayBuffer> {
	const halves = new Uint16Array(floats.length);
	for (let i = 0; i < floats.length; i++) {
		value[0] = floats[i] as number;
		halves[i] = halfFromBits(bits[0] as number);
	}
	return halves;
}

function halfFromBits(float: number): number {
	const sign = (float >>> 16) & 0x8000;
	const magnitude = float & 0x7fffffff;
	if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00); // too large, infinite or NaN
	if (magnitude < 0x38800000) {
		// below 2^-14: the fraction counts steps of 2^-24
		const shift = 126 - (magnitude >>> 23);
		if (shift > 24) return sign;
		const fraction = (magnitude & 0x7fffff) | 0x800000;
		const half = fraction >>> shift;
		const rest = fraction & ((1 << shift) - 1);
		const tie = 1 << (shift - 1);
		return sign | (rest > tie || (rest === tie && half & 1) ? half + 1 : half);
	}
	const half = (magnitude - 0x38000000) >>> 13;
	const rest = magnitude & 0x1fff;
	return sign | (rest > 0x1000 || (rest === 0x1000 && half & 1) ? half + 1 : half); // a carry into the exponent gives the correct result
}
