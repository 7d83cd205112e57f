import type { FfmpegTools } from './find-ffmpeg.ts';

/** A file and all that reading it takes: bound once by `openMedia`, handed to every run of ffmpeg on it. */
export type Source = {
	readonly path: string;
	/** ffmpeg's demuxer by the first bytes; null = it finds out itself. */
	readonly demuxer: string | null;
	readonly tools: FfmpegTools;
	readonly signal: AbortSignal;
};
