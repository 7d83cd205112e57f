import { AnalysisError } from '../errors.ts';
import { isPlaylist, sniffDemuxer } from '../media/sniff.ts';

/** Bytes of a file's beginning that are looked at. */
export const headBytes = 4096;

/** Throws `playlist-refused` or `not-a-video` when no video or picture begins with `head` (headBytes, or the whole file). */
export function refuseNonVideo(head: Uint8Array): void {
	if (isPlaylist(head)) throw new AnalysisError('playlist-refused', 'upload');
	const known = sniffDemuxer(head) !== null || isBox(head) || isStartCode(head) || hasTransportSync(head);
	if (!known) throw new AnalysisError('not-a-video', 'upload', 'its first bytes are of another kind of file');
}

/** Any box of MP4 and QuickTime: a length below 16 MiB, then four letters (ISO/IEC 14496-12, 4.2). */
function isBox(head: Uint8Array): boolean {
	return head[0] === 0 && /^[a-zA-Z]{4}$/.test(Buffer.from(head.subarray(4, 8)).toString('latin1'));
}

/** A bare H.264, HEVC or MPEG-4 stream begins with 00 00 01 or 00 00 00 01 (ITU-T H.264, annex B). */
function isStartCode(head: Uint8Array): boolean {
	return head[0] === 0 && head[1] === 0 && (head[2] === 1 || (head[2] === 0 && head[3] === 1));
}

/** A transport stream cut anywhere: five sync bytes, one packet of 188, 192 or 204 bytes apart (ISO/IEC 13818-1). */
function hasTransportSync(head: Uint8Array): boolean {
	const isSync = (at: number, step: number) => [0, 1, 2, 3, 4].every((i) => head[at + i * step] === 0x47);
	return [188, 192, 204].some((step) => Array.from({ length: step }, (_, at) => at).some((at) => isSync(at, step)));
}
