import { kindOf, mediaKinds } from './kinds.ts';

/** ffmpeg's way to read a file, by its first bytes: names and extensions are never believed. */

/** Demuxers that a file without a known signature may turn out to be; none of them opens other files. */
export const allowedDemuxers = [
	...new Set([
		...mediaKinds.flatMap(({ demuxer }) => demuxer ?? []),
		...['h264', 'hevc', 'm4v', 'mp3', 'aac', 'wav', 'flac'],
	]),
];

/** Demuxers of still pictures. */
export const isPictureDemuxer = (demuxer: string | null) => demuxer?.endsWith('_pipe') ?? false;

/** ffmpeg's demuxer for a file that begins with `head` (at least 400 bytes, or the whole file); null = no known signature. */
export const sniffDemuxer = (head: Uint8Array): string | null => kindOf(head)?.demuxer ?? null;
