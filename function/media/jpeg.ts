/** Most bytes of a file that are searched for JPEGs. */
export const maxJpegBytes = 64 * 1024 ** 2;

/** Where the JPEG that starts at `start` ends, and its size as the four bytes in its frame header (ITU-T T.81, annex B); null if it has no end. */
export function jpegAt(bytes: Buffer, start: number): { readonly end: number; readonly size: number } | null {
	let size = 0;
	for (let at = start + 2; at + 2 <= bytes.length; ) {
		const marker = bytes[at] === 0xff ? (bytes[at + 1] as number) : 0;
		if (marker === 0xd9) return { end: at + 2, size };
		const isFill = marker === 0xff;
		const isData = marker === 0 || (marker >= 0xd0 && marker <= 0xd7);
		if (isFill) at++;
		else if (isData) {
			const next = bytes.indexOf(0xff, at + 1);
			if (next < 0) return null;
			at = next;
		} else {
			if (at + 4 > bytes.length) return null;
			const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
			if (isFrame && size === 0 && at + 9 <= bytes.length) size = bytes.readUInt32BE(at + 5);
			at += 2 + bytes.readUInt16BE(at + 2);
		}
	}
	return null;
}
