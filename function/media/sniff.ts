import { kindOf, mediaKinds } from './kinds.ts';

/** Chooses ffmpeg's demuxer by a file's first bytes; its name and extension are ignored. */

/** Demuxers that ffmpeg may use, also for files without a known signature; none of them opens other files. */
export const allowedDemuxers = [
	...new Set([
		...mediaKinds.flatMap(({ demuxer }) => demuxer ?? []),
		...['h264', 'hevc', 'm4v', 'mp3', 'aac', 'wav', 'flac'],
	]),
];

/** Whether a demuxer reads still pictures. */
export const isPictureDemuxer = (demuxer: string | null) => demuxer?.endsWith('_pipe') ?? false;

/** ffmpeg's demuxer for a file that begins with `head` (at least 400 bytes, or the whole file); null if the signature is unknown. */
export const sniffDemuxer = (head: Uint8Array): string | null => kindOf(head)?.demuxer ?? null;
