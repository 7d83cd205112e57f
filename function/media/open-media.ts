import type { FileNote, VideoInfo } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { Media } from '../pipeline.ts';
import type { Sampling } from '../values.ts';
import { alterSection } from './alter-section.ts';
import { checkFile, type FileLimits, hashFile } from './check-file.ts';
import { isCmykJpeg } from './cmyk.ts';
import { readOrientation } from './exif.ts';
import { isCut } from './is-cut.ts';
import { countFrames, notesOfPicture } from './left-out.ts';
import { turnFurther } from './orientation.ts';
import { probe, type VideoStream } from './probe.ts';
import { rawPhotoOf } from './raw-photo.ts';
import { sampleFrames } from './sample-frames.ts';
import type { Source } from './source.ts';
import { type Unrolled, unrollPictures } from './unroll-pictures.ts';

/** The tools that read a file and the limits that it is checked against. */
export type MediaOptions = Pick<Source, 'tools' | 'signal'> & {
	readonly limits?: FileLimits & { readonly maxDurationS?: number };
};

/** An open file with the stream to decode. */
export type OpenMedia = Media & { readonly stream: VideoStream; readonly source: Source };

/**
 * Opens a video or picture. Throws AnalysisError of stage `probe` if it cannot be analysed: the codes of checkFile, and not-a-video,
 * truncated, no-video-stream, picture-too-small, picture-too-large, video-too-long.
 */
export async function openMedia(path: string, { tools, signal, limits = {} }: MediaOptions): Promise<OpenMedia> {
	const { sizeBytes, ...file } = await checkFile(path, limits);
	const closing = new AbortController();
	const stop = AbortSignal.any([signal, closing.signal]);
	const isIncomplete = await isCut(path, file.demuxer);
	let unrolled: Unrolled | null = null;
	const close = () => {
		closing.abort();
		unrolled?.remove().catch(() => {}); // the system clears temporary files
	};
	const sha256 = hashFile(path, stop);
	sha256.catch(() => {}); // thrown below, unless probing fails first
	try {
		const original: Source = { ...file, path, tools, signal: stop };
		const sourceOf = (pictures: Unrolled): Source => ({ ...original, ...asUnrolled(file, pictures) });
		const rawPhoto = file.demuxer === 'tiff_pipe' ? await rawPhotoOf(path) : null;
		if (rawPhoto !== null)
			throw new AnalysisError('not-a-video', 'probe', `it is a ${rawPhoto}; export it as JPEG or TIFF`);
		if (await needsUnrolling(original)) unrolled = await unrollPictures(original);
		let source = unrolled ? sourceOf(unrolled) : original;
		const probed = await probe(source).catch(async (error) => {
			if (!mayBeAvif(file)) throw error;
			// some versions of ffmpeg support few AVIF variants; for a HEIC, ffprobe's error is the right one to report
			const pictures = await unrollPictures(original).catch(() => Promise.reject(error));
			unrolled = pictures;
			source = sourceOf(pictures);
			return await probe(source);
		});
		const { stream, headerS, notes, source: read, ...described } = probed;
		source = read;
		const notesOfFile = await notesOfPicture(original);
		refuseLong(described.durationS, limits.maxDurationS);
		const override = unrolled ? await describeOriginal(original) : {};
		const info: VideoInfo = { ...described, ...override, sizeBytes, sha256: await sha256 };
		return {
			info,
			stream,
			source,
			found: {
				headerS,
				packetsS: info.kind === 'image' ? null : stream.timeline.lengthS,
				notes: [...withEnd(notes, isIncomplete && !isStill(info)), ...notesOfFile, ...leftOutOf(unrolled)],
			},
			keyTimesS: stream.keyTimesS,
			pictures: source.isPages ? stream.timeline.frames : 1,
			frames: (sampling) => {
				const { frames, stats } = sampleFrames(source, info, turnStream(stream, sampling), sampling);
				return { frames: isIncomplete ? asTruncated(frames) : frames, stats };
			},
			alter: (section) => alterSection(source, stream, section),
			close,
		};
	} catch (error) {
		close();
		throw isIncomplete ? truncatedIf(error) : error;
	}
}

const isStill = ({ kind }: VideoInfo) => kind === 'image';

/** The notes of a file; if it `isIncomplete`, they say that its end is missing. */
const withEnd = (notes: readonly FileNote[], isIncomplete: boolean): readonly FileNote[] =>
	isIncomplete && !notes.some(({ code }) => code === 'end-missing') ? [...notes, { code: 'end-missing' }] : notes;

/** Errors that an incomplete file explains. */
const unread: ReadonlySet<string> = new Set(['decode-failed', 'not-a-video']);

const truncatedIf = (error: unknown) =>
	error instanceof AnalysisError && unread.has(error.code)
		? new AnalysisError('truncated', error.stage, '', { cause: error })
		: error;

async function* asTruncated<T>(frames: AsyncIterable<T>): AsyncGenerator<T, void> {
	try {
		yield* frames;
	} catch (error) {
		throw truncatedIf(error);
	}
}

type File = Pick<Source, 'demuxer' | 'kindName'>;

/** Whether ffmpeg would read only the first of several pictures, change its colours, or may fail to read it: it supports few of TIFF's compressions. */
async function needsUnrolling(source: Source): Promise<boolean> {
	const { demuxer, path } = source;
	if (demuxer === 'jpeg_pipe') return await isCmykJpeg(path);
	return demuxer === 'tiff_pipe' || (await countFrames(source)) > 1;
}

const mayBeAvif = ({ kindName }: File) => kindName === 'AVIF' || kindName === 'HEIF';

const asUnrolled = ({ demuxer }: File, { path }: Unrolled) => ({
	path,
	demuxer: 'apng',
	isPages: demuxer === 'tiff_pipe',
});

/** Describes the original file of a picture that is read from its unrolled copy. */
const describeOriginal = async (source: Source) => ({
	container: source.demuxer ?? 'unknown',
	codec: codecOf(source),
	rotationDeg: (await readOrientation(source.path, source.demuxer))?.turnDeg ?? 0,
});

/** ffmpeg names a picture's codec after its demuxer; the HEIF files that sharp can read are AVIF. */
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
