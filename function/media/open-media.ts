import type { FileNote, VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { Media } from '../pipeline.ts';
import type { Sampling } from '../values.ts';
import { alterSection } from './alter-section.ts';
import { checkFile, type FileLimits, hashFile } from './check-file.ts';
import { readExifOrientation } from './exif.ts';
import { countFrames, notesOfJpeg } from './left-out.ts';
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
		const asItIs: Source = { ...file, path, tools, signal: stop };
		const sourceOf = (pictures: Unrolled): Source => ({ ...asItIs, ...asUnrolled(file, pictures) });
		if (await isForUnrolling(asItIs)) unrolled = await unrollPictures(asItIs);
		let source = unrolled ? sourceOf(unrolled) : asItIs;
		const probed = await probe(source).catch(async (error) => {
			if (!mayBeAvif(file)) throw error;
			// some versions of ffmpeg read few of the ways to write one; of a HEIC the first sentence is the right one
			const pictures = await unrollPictures(asItIs).catch(() => Promise.reject(error));
			unrolled = pictures;
			source = sourceOf(pictures);
			return await probe(source);
		});
		const { stream, headerS, notes, ...described } = probed;
		const notesOfFile = await notesOfJpeg(asItIs);
		refuseLong(described.durationS, limits.maxDurationS);
		const own = unrolled ? await describeOwn(asItIs) : {};
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
			keyTimesS: stream.keyTimesS,
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

type File = Pick<Source, 'demuxer' | 'kindName'>;

/** Whether a picture holds several of which ffmpeg reads the first, or is of a kind that it reads in part: it knows few of TIFF's compressions. */
const isForUnrolling = async (source: Source) => source.demuxer === 'tiff_pipe' || (await countFrames(source)) > 1;

const mayBeAvif = ({ kindName }: File) => kindName === 'AVIF' || kindName === 'HEIF';

const asUnrolled = ({ demuxer }: File, { path }: Unrolled) => ({
	path,
	demuxer: 'apng',
	isPages: demuxer === 'tiff_pipe',
});

/** What is said of a picture that is read as another file. */
const describeOwn = async (source: Source) => ({
	container: source.demuxer ?? 'unknown',
	codec: codecOf(source),
	rotationDeg: (await readExifOrientation(source.path, source.demuxer)).turnDeg,
});

/** ffmpeg calls the codec of a picture as its demuxer; what sharp reads of HEIF is AVIF. */
const codecOf = ({ demuxer }: File) => (demuxer === 'mov' ? 'av1' : (demuxer?.replace('_pipe', '') ?? 'unknown'));

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
