import type { ReadAt } from './read-at.ts';

/** Most boxes before the picture that are skipped, and most bytes of its header: far more than the fields below take. */
const maxBoxes = 100;
const headerBytes = 64;

/** Whether a JPEG XL is an animation, by the header of its codestream (ISO/IEC 18181-1, annex D). */
export async function isAnimatedJxl(read: ReadAt): Promise<boolean> {
	const header = await readHeader(read);
	return header !== null && header.readUInt16BE(0) === 0xff0a && isAnimated(new Bits(header.subarray(2)));
}

/** The start of the codestream: of the file itself, or in the first of its boxes (ISO/IEC 18181-2). */
async function readHeader(read: ReadAt): Promise<Buffer | null> {
	for (let at = 0, box = 0; box < maxBoxes; box++) {
		const head = await read(at, headerBytes);
		if (head.length < 16) return null;
		if (at === 0 && head.readUInt16BE(0) === 0xff0a) return head;
		const short = head.readUInt32BE(0);
		const [size, start] = short === 1 ? [Number(head.readBigUInt64BE(8)), 16] : [short, 8];
		const type = head.toString('latin1', 4, 8);
		if (type === 'jxlc') return head.subarray(start);
		if (type === 'jxlp') return head.subarray(start + 4); // after the part's number
		if (size < start) return null;
		at += size;
	}
	return null;
}

function isAnimated(bits: Bits): boolean {
	skipSize(bits);
	if (bits.flag()) return false; // every field has its default
	if (!bits.flag()) return false; // no orientation, preview or animation
	bits.skip(3); // orientation
	if (bits.flag()) skipSize(bits); // intrinsic size
	if (bits.flag()) skipPreviewSize(bits);
	return bits.flag();
}

function skipSize(bits: Bits): void {
	const isSmall = bits.flag();
	const skipSide = () => bits.skip(isSmall ? 5 : ([9, 13, 18, 30][bits.number(2)] as number));
	skipSide();
	if (bits.number(3) === 0) skipSide(); // else the width follows from a ratio
}

function skipPreviewSize(bits: Bits): void {
	const lengths = bits.flag() ? [0, 0, 5, 9] : [6, 8, 10, 12];
	const skipSide = () => bits.skip(lengths[bits.number(2)] as number);
	skipSide();
	if (bits.number(3) === 0) skipSide();
}

/** Reads bits, the lowest of each byte first; zeros behind the end. */
class Bits {
	readonly #bytes: Uint8Array;
	#at = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
	}

	number(count: number): number {
		let value = 0;
		for (let i = 0; i < count; i++, this.#at++)
			value += (((this.#bytes[this.#at >> 3] ?? 0) >> (this.#at & 7)) & 1) * 2 ** i;
		return value;
	}

	flag = () => this.number(1) === 1;

	skip(count: number): void {
		this.#at += count;
	}
}
