/** Random access to a file, so that a file of any size needs little memory. */
export type Bytes = {
	readonly size: number;
	/** At most `length` bytes at offset `at`; fewer at the end of the file. */
	read(at: number, length: number): Uint8Array<ArrayBuffer>;
};

/** The bytes from offset `from` to before `to`. */
export const partOf = (bytes: Bytes, from: number, to: number): Bytes => ({
	size: Math.max(0, Math.min(to, bytes.size) - from),
	read: (at, length) => bytes.read(from + at, Math.min(length, to - from - at)),
});
