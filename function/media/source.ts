import type { FfmpegTools } from './find-ffmpeg.ts';

/** A file and all that reading it takes: bound once by `openMedia`, handed to every run of ffmpeg on it. */
export type Source = {
	readonly path: string;
	/** ffmpeg's demuxer by the first bytes; null = it finds out itself. */
	readonly demuxer: string | null;
	/** What the first bytes say that it is, as people call it; null = unknown. */
	readonly kindName: string | null;
	/** Whether that is a kind of picture; it may be an animation. */
	readonly isPicture: boolean;
	/** Whether its frames are pages, each a picture of its own. */
	readonly isPages?: boolean;
	readonly tools: FfmpegTools;
	readonly signal: AbortSignal;
};
