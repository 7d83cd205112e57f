import { open } from 'node:fs/promises';
import type { FileNote } from '../contract/report.ts';
import { type ReadAt, readerOf } from './read-at.ts';
import type { Source } from './source.ts';

/** Most bytes behind the last packet that are searched, and how many are read at a time. */
const maxSearchedBytes = 64 * 1024 ** 2;
const partBytes = 1024 ** 2;
/** Most top-level boxes of an MP4 that are skipped. */
const maxBoxes = 10_000;

/** How videos and animations begin. Longer than the signatures of `kinds.ts`, because they are searched for in any bytes. */
const starts = [
	'\\0\\0\\0[\\x08-\\xff]ftyp(?!M4[AB] |avi[fs]|he[iv][cxms]|mi[afF]|msf1|j[px][2hmxl] |crx )[\\w ]{4}\\0', // MP4 (ISO/IEC 14496-12), but neither sound nor pictures, such as JPEG 2000's
	'[\\s\\S]{4}moov\\0\\0\\0[\\s\\S]mvhd', // QuickTime
	'\\x1a\\x45\\xdf\\xa3[\\s\\S]{1,40}\\x42\\x82[\\s\\S]{1,8}(?:matroska|webm)', // RFC 9559
	'RIFF[\\s\\S]{4}AVI LIST',
	'FLV\\x01[\\0\\x01\\x04\\x05]\\0\\0\\0\\x09',
	'\\x30\\x26\\xb2\\x75\\x8e\\x66\\xcf\\x11\\xa6\\xd9\\0\\xaa\\0\\x62\\xce\\x6c', // ASF's Header Object
	'\\x06\\x0e\\x2b\\x34\\x02\\x05\\x01\\x01\\x0d\\x01\\x02\\x01\\x01\\x02', // MXF's header partition, SMPTE ST 377-1
	'OggS\\0\\x02', // the first page of a stream, RFC 3533
	'DKIF\\0\\0\\x20\\0', // IVF
	'YUV4MPEG2 W\\d',
];
/** Behind a video, these are covers and thumbnails. */
const startsOfPictures: Readonly<Record<string, string>> = { gif: 'GIF8[79]a', apng: '\\x89PNG\\r\\n\\x1a\\n' };
/** Longest match of `starts`. */
const startBytes = 64;

/**
 * Notes that a file goes on with another video, as after joining files byte by byte: most containers end where their first header
 * says. `endAt` is the position of the last packet that was read; containers that go on, such as transport streams, have none behind it.
 */
export async function notesOfRest(
	{ path, demuxer }: Pick<Source, 'path' | 'demuxer'>,
	endAt: number,
): Promise<FileNote[]> {
	await using file = await open(path, 'r');
	const { size } = await file.stat();
	const read = readerOf(file);
	const from = demuxer === 'mov' ? await endOfMovie(read, endAt) : endAt;
	const to = Math.min(size, from + maxSearchedBytes);
	const start = new RegExp([...starts, startsOfPictures[demuxer ?? ''] ?? []].flat().join('|'));
	for (let at = from; at < to; at += partBytes) {
		const found = start.exec((await read(at, partBytes + startBytes)).toString('latin1'));
		if (found) return [{ code: 'rest-left-out', bytes: size - at - found.index }];
	}
	return [];
}

/** The end of the boxes that hold the last packet and the first index, which may come after it. */
async function endOfMovie(read: ReadAt, endAt: number): Promise<number> {
	let hasIndex = false;
	let at = 0;
	for (let box = 0; box < maxBoxes && !(hasIndex && at > endAt); box++) {
		const head = await read(at, 16);
		if (head.length < 8) break;
		const short = head.readUInt32BE(0);
		if (short === 1 && head.length < 16) break;
		const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short;
		if (size < 8) break;
		hasIndex ||= head.toString('latin1', 4, 8) === 'moov';
		at += size;
	}
	return Math.max(at, endAt);
}
