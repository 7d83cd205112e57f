import type { FileNote, VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { Media } from '../pipeline.ts';
import type { Sampling } from '../values.ts';
import { alterSection } from './alter-section.ts';
import { checkFile, type FileLimits, hashFile } from './check-file.ts';
import { countPictures, notesOfJpeg } from './left-out.ts';
import { turnFurther } from './orientation.ts';
import { probe, type VideoStream } from './probe.ts';
import { sampleFrames } from './sample-frames.ts';
import type { Source } from './source.ts';
import { type Unrolled, unrollPictures } from './unroll-pictures.ts';

/** What a file is read with and held to. */
export type MediaOptions = Pick<Source, 'tools' | 'signal'> & {
	readonly limits?: FileLimits & { readonly maxDurationS?: number };
};

/** An open file with the stream that is decoded. */
export type OpenMedia = Media & { readonly stream: VideoStream; readonly source: Source };

/**
 * Opens a video or picture. Throws AnalysisError of stage `probe` for a file that cannot be analysed: see checkFile, and not-a-video,
 * truncated, no-video-stream, picture-too-small, picture-too-large, video-too-long.
 */
export async function openMedia(path: string, { tools, signal, limits = {} }: MediaOptions): Promise<OpenMedia> {
	const { sizeBytes, ...file } = await checkFile(path, limits);
	const closing = new AbortController();
	const stop = AbortSignal.any([signal, closing.signal]);
	let unrolled: Unrolled | null = null;
	const close = () => {
		closing.abort();
		unrolled?.remove().catch(() => {}); // the temporary folder is swept by the system
	};
	const sha256 = hashFile(path, stop);
	sha256.catch(() => {}); // reported below, unless probing fails first
	try {
		if ((await countPictures({ path, ...file })) > 1) unrolled = await unrollPictures({ path, signal: stop });
		const source: Source = unrolled
			? { ...file, ...asUnrolled(file, unrolled), tools, signal: stop }
			: { ...file, path, tools, signal: stop };
		const [{ stream, headerS, notes, ...described }, notesOfFile] = await Promise.all([
			probe(source),
			notesOfJpeg(source),
		]);
		refuseLong(described.durationS, limits.maxDurationS);
		const own = unrolled ? { container: file.demuxer ?? 'unknown', codec: codecOf(file) } : {};
		const info: VideoInfo = { ...described, ...own, sizeBytes, sha256: await sha256 };
		return {
			info,
			stream,
			source,
			found: {
				headerS,
				packetsS: info.kind === 'image' ? null : stream.timeline.lengthS,
				notes: [...notes, ...notesOfFile, ...leftOutOf(unrolled)],
			},
			pictures: source.isPages ? stream.timeline.frames : 1,
			frames: (sampling) => sampleFrames(source, info, turnStream(stream, sampling), sampling),
			alter: (section) => alterSection(source, stream, section),
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
}

type File = Pick<Source, 'demuxer'>;

const asUnrolled = ({ demuxer }: File, { path }: Unrolled) => ({
	path,
	demuxer: 'apng',
	isPages: demuxer === 'tiff_pipe',
});

/** ffmpeg calls the codec of a picture as its demuxer. */
const codecOf = ({ demuxer }: File) => demuxer?.replace('_pipe', '') ?? 'unknown';

const leftOutOf = (unrolled: Unrolled | null): FileNote[] =>
	unrolled && unrolled.leftOut > 0 ? [{ code: 'pictures-left-out', frames: unrolled.leftOut }] : [];

const turnStream = (stream: VideoStream, { turnDeg }: Sampling): VideoStream => ({
	...stream,
	orientation: turnFurther(stream.orientation, turnDeg ?? 0),
});

function refuseLong(durationS: number | null, limitS = Number.POSITIVE_INFINITY): void {
	if (durationS === null || durationS <= limitS) return;
	throw new AnalysisError('video-too-long', 'probe', `${Math.round(durationS)} s, the limit is ${limitS} s`);
}
