import { type FileHandle, open } from 'node:fs/promises';

/** Most bytes of a header that are searched. */
const maxBytes = 16 * 1024 ** 2;
/** Most top-level boxes of an MP4 that are skipped. */
const maxBoxes = 10_000;
/** Bytes of a stream without a header that are searched. */
const startBytes = 512 * 1024;

/**
 * Whether a file says that its video is encrypted: Common Encryption, FairPlay, Matroska's ContentEncryption, Windows Media DRM, or the
 * scrambling of a transport stream.
 */
export async function isEncrypted(path: string, demuxer: string | null): Promise<boolean> {
	const find = demuxer === null ? undefined : finders[demuxer];
	if (!find) return false;
	await using file = await open(path, 'r');
	return await find(file);
}

const finders: Readonly<Record<string, (file: FileHandle) => Promise<boolean>>> = {
	mov: async (file) => hasEncryptedEntry(await readMovieBox(file)),
	matroska: async (file) => hasEncryptedTrack(await readAt(file, 0, startBytes)),
	asf: async (file) => {
		const head = await readAt(file, 0, startBytes);
		return asfEncryptions.some((guid) => head.includes(guid));
	},
	mpegts: async (file) => isScrambled(await readAt(file, 0, startBytes)),
};

/** ASF's Content Encryption Objects: 2211B3FB-BD23-11D2-B4B7-00A0C955FC6E and 298AE614-2622-4C17-B935-DAE07EE9289C. */
const asfEncryptions = ['fbb3112223bdd211b4b700a0c955fc6e', '14e68a292226174cb935dae07ee9289c'].map((guid) =>
	Buffer.from(guid, 'hex'),
);

/** Whether a sample entry is one of encrypted video (ISO/IEC 14496-12, 8.5.2): `encv`, or FairPlay's `drmi`. */
function hasEncryptedEntry(movie: Buffer): boolean {
	for (let at = movie.indexOf('stsd'); at >= 0; at = movie.indexOf('stsd', at + 4)) {
		if (at + 12 > movie.length) break;
		const count = movie.readUInt32BE(at + 8);
		for (let entry = at + 12, number = 0; number < count && entry + 8 <= movie.length; number++) {
			const size = movie.readUInt32BE(entry);
			if (/^(encv|drmi)$/.test(movie.toString('latin1', entry + 4, entry + 8))) return true;
			if (size < 8) break;
			entry += size;
		}
	}
	return false;
}

/** Elements of Matroska (RFC 9559) that lead to ContentEncryption, and the one with the first frames. */
const [segment, tracks, trackEntry, encodings, encoding] = [0x18538067, 0x1654ae6b, 0xae, 0x6d80, 0x6240];
const [encryption, trackType, cluster] = [0x5035, 0x83, 0x1f43b675];
const videoTrack = 1;
const paths: ReadonlySet<number> = new Set([segment, tracks, trackEntry, encodings, encoding]);

/** Whether a track of video has a ContentEncryption element. */
function hasEncryptedTrack(head: Buffer): boolean {
	let isVideo = false;
	let isFound = false;
	for (let at = 0; at + 2 <= head.length; ) {
		const id = readNumber(head, at, true);
		const size = readNumber(head, at + id.length, false);
		const content = at + id.length + size.length;
		if (size.length === 0 || id.value === cluster || content > head.length) break;
		if (id.value === trackEntry) [isVideo, isFound] = [false, false];
		if (id.value === trackType) isVideo = head[content] === videoTrack;
		if (id.value === encryption) isFound = true;
		if (isVideo && isFound) return true;
		at = paths.has(id.value) ? content : content + size.value;
	}
	return false;
}

/** A variable-length number (RFC 8794, 4); ids keep the bit that marks their length. */
function readNumber(bytes: Buffer, at: number, isId: boolean): { readonly value: number; readonly length: number } {
	const first = bytes[at] ?? 0;
	const length = Math.clz32(first) - 23;
	if (first === 0 || at + length > bytes.length) return { value: 0, length: 0 };
	let value = isId ? first : first & (0xff >> length);
	for (let i = 1; i < length; i++) value = value * 256 + (bytes[at + i] as number);
	return { value, length };
}

/** Packets of a transport stream that carry tables or nothing (ISO/IEC 13818-1, 2.4.3.3); they are never scrambled. */
const lastTablePid = 0x1f;
const nullPid = 0x1fff;

/** Whether most packets with a payload are scrambled (ISO/IEC 13818-1, transport_scrambling_control). */
function isScrambled(head: Buffer): boolean {
	const [first, step] = head[0] === 0x47 ? [0, 188] : [4, 192];
	let scrambled = 0;
	let count = 0;
	for (let at = first; at + 4 <= head.length && head[at] === 0x47; at += step) {
		const pid = head.readUInt16BE(at + 1) & 0x1fff;
		const control = head[at + 3] as number;
		if (pid <= lastTablePid || pid === nullPid || (control & 0x10) === 0) continue;
		count++;
		if ((control & 0xc0) !== 0) scrambled++;
	}
	return scrambled > count / 2;
}

async function readMovieBox(file: FileHandle): Promise<Buffer> {
	for (let at = 0, box = 0; box < maxBoxes; box++) {
		const head = await readAt(file, at, 16);
		if (head.length < 8) break;
		const short = head.readUInt32BE(0);
		if (short === 1 && head.length < 16) break;
		const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
		if (head.toString('latin1', 4, 8) === 'moov') return readAt(file, at, Math.min(size || maxBytes, maxBytes));
		if (size < 8) break;
		at += size;
	}
	return Buffer.alloc(0);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}
