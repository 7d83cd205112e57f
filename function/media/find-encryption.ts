import { type FileHandle, open } from 'node:fs/promises';

/** Most bytes of a header that are searched. */
const maxBytes = 16 * 1024 ** 2;
/** Most top-level boxes of an MP4 that are skipped. */
const maxBoxes = 10_000;

/** Whether the header of a file says that its video is encrypted (Common Encryption, Matroska's ContentEncryption, Windows Media DRM). */
export async function isEncrypted(path: string, demuxer: string | null): Promise<boolean> {
	await using file = await open(path, 'r');
	if (demuxer === 'mov') return (await readMovieBox(file)).includes('encv');
	if (demuxer === 'matroska') return hasEncryption.test((await readAt(file, 0, 65_536)).toString('latin1'));
	if (demuxer === 'asf') return (await readAt(file, 0, 65_536)).includes(asfEncryption);
	return false;
}

/** Matroska: ContentEncodings (6D80) closely followed by ContentEncryption (5035). */
const hasEncryption = /\x6d\x80[\s\S]{1,40}\x50\x35/;
/** ASF's Content Encryption Object, 2211B3FB-BD23-11D2-B4B7-00A0C955FC6E. */
const asfEncryption = Buffer.from('fbb3112223bdd211b4b700a0c955fc6e', 'hex');

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
