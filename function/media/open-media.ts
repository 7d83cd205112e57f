import type { VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { Media } from '../pipeline.ts';
import type { Sampling } from '../values.ts';
import { alterSection } from './alter-section.ts';
import { checkFile, type FileLimits, hashFile } from './check-file.ts';
import { notesOfLeftOut, stillOfAnimatedWebp } from './left-out.ts';
import { turnFurther } from './orientation.ts';
import { probe, type VideoStream } from './probe.ts';
import { sampleFrames } from './sample-frames.ts';
import type { Source } from './source.ts';

/** What a file is read with and held to. */
export type MediaOptions = Pick<Source, 'tools' | 'signal'> & {
	readonly limits?: FileLimits & { readonly maxDurationS?: number };
};

/** An open file with the stream that is decoded. */
export type OpenMedia = Media & { readonly stream: VideoStream };

/**
 * Opens a video or picture. Throws AnalysisError of stage `probe` for a file that cannot be analysed: see checkFile, and not-a-video,
 * truncated, no-video-stream, picture-too-small, picture-too-large, video-too-long.
 */
export async function openMedia(path: string, { tools, signal, limits = {} }: MediaOptions): Promise<OpenMedia> {
	const { sizeBytes, ...file } = await checkFile(path, limits);
	const closing = new AbortController();
	const still = file.demuxer === 'webp_pipe' ? await stillOfAnimatedWebp(path) : null;
	const close = () => {
		closing.abort();
		still?.remove().catch(() => {}); // the temporary folder is swept by the system
	};
	const source: Source = {
		path: still?.path ?? path,
		...file,
		tools,
		signal: AbortSignal.any([signal, closing.signal]),
	};
	const sha256 = hashFile(path, source.signal);
	sha256.catch(() => {}); // reported below, unless probing fails first
	try {
		const [{ stream, headerS, notes, ...described }, leftOut] = await Promise.all([
			probe(source),
			notesOfLeftOut({ path, demuxer: file.demuxer }),
		]);
		refuseLong(described.durationS, limits.maxDurationS);
		const info: VideoInfo = { ...described, sizeBytes, sha256: await sha256 };
		return {
			info,
			stream,
			found: {
				headerS,
				packetsS: info.kind === 'image' ? null : stream.timeline.lengthS,
				notes: [...notes, ...leftOut],
			},
			frames: (sampling) => sampleFrames(source, info, turnStream(stream, sampling), sampling),
			alter: (section) => alterSection(source, stream, section),
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}

const turnStream = (stream: VideoStream, { turnDeg }: Sampling): VideoStream => ({
	...stream,
	orientation: turnFurther(stream.orientation, turnDeg ?? 0),
});

function refuseLong(durationS: number | null, limitS = Number.POSITIVE_INFINITY): void {
	if (durationS === null || durationS <= limitS) return;
	throw new AnalysisError('video-too-long', 'probe', `${Math.round(durationS)} s, the limit is ${limitS} s`);
}
