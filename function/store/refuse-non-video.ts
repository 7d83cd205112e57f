import { AnalysisError } from '../errors.ts';
import { isPicture, kindOf } from '../media/kinds.ts';

export { headBytes } from '../media/kinds.ts';

/** Throws `playlist-refused`, `no-video-stream` or `not-a-video` if no video or picture starts with `head` (headBytes, or the whole file). */
export function refuseNonVideo(head: Uint8Array): void {
	const kind = kindOf(head);
	if (kind?.kind === 'playlist') throw new AnalysisError('playlist-refused', 'upload');
	// MPEG-4 audio differs from video only by a brand that not every program writes
	if (kind?.kind === 'audio' && kind.demuxer === null) throw new AnalysisError('no-video-stream', 'upload', kind.name);
	if (!isPicture(kind) && kind?.kind !== 'audio')
		throw new AnalysisError(
			'not-a-video',
			'upload',
			kind ? `by its first bytes: ${kind.name}` : 'its first bytes are those of another kind of file',
		);
}
