import { expect, it } from 'vitest';
import { isAnimatedJxl } from '../../../function/media/jxl.ts';

/** A codestream whose header has these fields, each as value and number of bits, the lowest first (ISO/IEC 18181-1, annex D). */
function codestream(...fields: readonly (readonly [value: number, bits: number])[]): Buffer {
	const bits = fields.flatMap(([value, count]) =>
		Array.from({ length: count }, (_, i) => Math.floor(value / 2 ** i) % 2),
	);
	const bytes = Buffer.alloc(80);
	bytes.writeUInt16BE(0xff0a);
	for (const [at, bit] of bits.entries()) bytes[2 + (at >> 3)] = (bytes[2 + (at >> 3)] as number) | (bit << (at & 7));
	return bytes;
}
const reading = (bytes: Buffer) => async (at: number, length: number) => bytes.subarray(at, at + length);

const small = [
	[1, 1],
	[7, 5],
	[1, 3],
] as const; // 64 x 64: height, then a ratio
const large = [
	[0, 1],
	[1, 2],
	[719, 13],
	[0, 3],
	[1, 2],
	[1279, 13],
] as const;
const extra = [
	[0, 1],
	[1, 1],
	[0, 3],
] as const; // not all default, further fields, upright
const [yes, no] = [
	[1, 1],
	[0, 1],
] as const;
const preview = [yes, [2, 2], [3, 5], [1, 3]] as const;

it.each([
	['with defaults only', [...small, yes], false],
	['without further fields', [...small, no, no], false],
	['that is still', [...small, ...extra, no, no, no], false],
	['that is animated', [...small, ...extra, no, no, yes], true],
	['of any size that is animated', [...large, ...extra, no, no, yes], true],
	['with an intrinsic size that is animated', [...small, ...extra, yes, ...large, no, yes], true],
	['with a preview that is animated', [...small, ...extra, no, yes, ...preview, yes], true],
	['with a preview that is still', [...small, ...extra, no, yes, ...preview, no, yes], false],
] as const)('a JPEG XL %s', async (_, fields, isAnimated) => {
	const bare = codestream(...fields);
	const box = (type: string, ...content: Buffer[]) => {
		const head = Buffer.alloc(8);
		head.writeUInt32BE(8 + Buffer.concat(content).length);
		head.write(type, 4, 'latin1');
		return Buffer.concat([head, ...content]);
	};
	const start = Buffer.from('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl \0\0\0\0jxl ', 'latin1');
	for (const bytes of [
		bare,
		Buffer.concat([start, box('jxlc', bare)]),
		Buffer.concat([start, box('jxlp', Buffer.alloc(4), bare)]),
	])
		expect(await isAnimatedJxl(reading(bytes))).toBe(isAnimated);
});

it('a JPEG XL that is cut off, or whose boxes lead nowhere, is no animation', async () => {
	for (const bytes of [
		Buffer.alloc(0),
		Buffer.from([0xff, 0x0a]),
		Buffer.alloc(200),
		Buffer.from('\0\0\0\x0cJXL \r\n\x87\n', 'latin1'),
	])
		expect(await isAnimatedJxl(reading(bytes))).toBe(false);
});
