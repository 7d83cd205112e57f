import type { FfmpegTools } from './find-ffmpeg.ts';

/** A file and everything needed to read it: created by `openMedia` and passed to every run of ffmpeg. */
export type Source = {
	readonly path: string;
	/** ffmpeg's demuxer by the first bytes; null to let ffmpeg probe. */
	readonly demuxer: string | null;
	/** Display name of the kind, by the first bytes; null if unknown. */
	readonly kindName: string | null;
	/** Whether the file is a picture, possibly animated. */
	readonly isPicture: boolean;
	/** Whether its frames are pages, each an independent picture. */
	readonly isPages?: boolean;
	/** Whether the file's edit list is ignored, because it would hide every frame. */
	readonly ignoresEdits?: boolean;
	readonly tools: FfmpegTools;
	readonly signal: AbortSignal;
};
