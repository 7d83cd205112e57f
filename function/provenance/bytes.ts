/** The bytes of a file, read where they are needed, so that a file of any size takes little memory. */
export type Bytes = {
	readonly size: number;
	/** At most `length` bytes from `at` on; fewer at the end of the file. */
	read(at: number, length: number): Uint8Array<ArrayBuffer>;
};

/** A part of them. */
export const partOf = (bytes: Bytes, from: number, to: number): Bytes => ({
	size: Math.max(0, Math.min(to, bytes.size) - from),
	read: (at, length) => bytes.read(from + at, Math.min(length, to - from - at)),
});
