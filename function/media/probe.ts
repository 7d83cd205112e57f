import { z } from 'zod';
import type { FileNote, VideoInfo } from '../contract/report.ts';
import { AnalysisError, type ErrorCode } from '../errors.ts';
import { faultOfEnd, runProcess } from '../process/run-process.ts';
import { type Choice, chooseStream } from './choose-stream.ts';
import { type Colour, colourOf } from './colour.ts';
import { readOrientation } from './exif.ts';
import { inputArgs, maxPixels } from './ffmpeg-input.ts';
import { isEncrypted } from './find-encryption.ts';
import { notesOfRest } from './further-video.ts';
import { mediaKinds } from './kinds.ts';
import { type Orientation, orientationOfMatrix, turned, upright } from './orientation.ts';
import { type Packets, readPackets, type StreamPackets } from './read-packets.ts';
import { isPictureDemuxer } from './sniff.ts';
import type { Source } from './source.ts';
import { leadOf, reorderDepthOf, type Timeline, timelineOf } from './timeline.ts';

/** What decoding needs to know about the chosen stream in addition to VideoInfo; sizes are those before turning and squaring the pixels. */
export type VideoStream = {
	readonly index: number;
	readonly codec: string;
	readonly codedWidth: number;
	readonly codedHeight: number;
	/** Width of a pixel divided by its height. */
	readonly pixelAspect: number;
	readonly orientation: Orientation;
	readonly colour: Colour;
	/** ffmpeg's name of the pixel format, such as yuv420p; empty if unknown. */
	readonly pixelFormat: string;
	readonly interlaced: boolean;
	/** Frames that the decoder holds back for reordering; 0 = no B frames. */
	readonly reorderDepth: number;
	readonly timeline: Timeline;
	/** Seconds from the start of the file to the first frame (leadOf). */
	readonly leadS: number;
	/** Whether all packets were read, so that the timeline covers the whole stream. */
	readonly isCounted: boolean;
	/** Times of the key frames from the start of the file in ascending order, seconds. */
	readonly keyTimesS: readonly number[];
};

/** Accepted sides, px. Faces below 32 px are not analysed. */
const minSide = 32;
const maxSide = 16_384;
/** A duration above ten days means a broken header. */
const absurdS = 10 * 24 * 3600;

const numberText = z.coerce.number().optional().catch(undefined);
const flag = z.number().default(0);
const noDisposition = { default: 0, attached_pic: 0, timed_thumbnails: 0, still_image: 0, dependent: 0 };
const streamSchema = z.object({
	index: z.number().int(),
	codec_type: z.string().optional(),
	codec_name: z.string().default('unknown'),
	codec_tag_string: z.string().default(''),
	width: z.number().int().default(0),
	height: z.number().int().default(0),
	sample_aspect_ratio: z.string().optional(),
	pix_fmt: z.string().default(''),
	color_space: z.string().optional(),
	color_range: z.string().optional(),
	color_transfer: z.string().optional(),
	color_primaries: z.string().optional(),
	field_order: z.string().optional(),
	avg_frame_rate: z.string().optional(),
	r_frame_rate: z.string().optional(),
	duration: numberText,
	nb_frames: numberText,
	disposition: z
		.object({ default: flag, attached_pic: flag, timed_thumbnails: flag, still_image: flag, dependent: flag })
		.default(noDisposition),
	tags: z.record(z.string(), z.string()).default({}),
	side_data_list: z
		.array(
			z.looseObject({
				rotation: z.number().optional(),
				displaymatrix: z.string().optional(),
				dv_profile: z.number().optional(),
			}),
		)
		.default([]),
});
type Stream = z.infer<typeof streamSchema>;
const probeSchema = z.object({
	streams: z.array(streamSchema).default([]),
	format: z.object({ format_name: z.string().default(''), start_time: numberText, duration: numberText }).optional(),
});
type Probed = z.infer<typeof probeSchema>;

/** A description of the file by its header and packets, the stream to decode, and notes for the report. */
export type Probe = Omit<VideoInfo, 'sizeBytes' | 'sha256'> & {
	readonly stream: VideoStream;
	readonly headerS: number | null;
	/** The file as it has to be read. */
	readonly source: Source;
	readonly notes: readonly FileNote[];
};

/**
 * Describes a file. Throws AnalysisError of stage `probe`: not-a-video, truncated, no-video-stream, encrypted, codec-unsupported,
 * picture-too-small, picture-too-large.
 */
export async function probe(source: Source): Promise<Probe> {
	const isPicture = isPictureDemuxer(source.demuxer);
	if (otherKinds.has(source.kindName)) throw fault('not-a-video', byFirstBytes(source));
	const counting = isPicture ? Promise.resolve(noPackets) : readPackets(source);
	counting.catch(() => {}); // thrown below, unless the header already explains the failure
	if (await isEncrypted(source.path, source.demuxer)) throw fault('encrypted');
	const [probed, stored] = await Promise.all([runProbe(source), readOrientation(source.path, source.demuxer)]);
	const packetsFound = await counting;
	if (hidesAll(packetsFound) && source.demuxer === 'mov' && !source.ignoresEdits)
		return await probe({ ...source, ignoresEdits: true });
	const { streams, isComplete, endAt } = packetsFound;
	const { described, choice } = pick(probed.streams, streams);
	const packets = streams.get(described.index) ?? emptyPackets;
	const orientation = stored ?? orientationOf(described);
	const interlaced = await isInterlaced(described, source);
	const stream = toVideoStream(described, packets, probed, { orientation, interlaced, isCounted: isComplete });
	const measured =
		isPicture || source.isPages
			? { kind: 'image' as const, durationS: null, fps: null, headerS: null }
			: measure(described, stream, probed, source.isPicture);
	const found = { described, choice, packets, isComplete, stream, source, headerS: measured.headerS };
	return {
		container: source.demuxer ?? probed.format?.format_name.split(',')[0] ?? 'unknown',
		codec: stream.codec,
		...measured,
		...checkedSize(uprightSize(stream)),
		rotationDeg: orientation.turnDeg,
		stream,
		source,
		notes: isPicture ? notesOfPicture(stream) : [...notesOf(found), ...(await restOf(source, isComplete ? endAt : 0))],
	};
}

/** Whether an edit list hides every frame, as when it is empty or points behind the end. */
const hidesAll = ({ streams }: Packets) =>
	streams.size > 0 && [...streams.values()].every(({ times, hidden }) => times.length === 0 && hidden > 0);

/** Kinds that are never read, although ffmpeg may take one for a video: a Canon raw photo for an MP4 without its end. */
const otherKinds: ReadonlySet<string | null> = new Set(
	mediaKinds.filter(({ kind }) => kind === 'other').map(({ name }) => name),
);

const byFirstBytes = ({ kindName }: Source) => (kindName === null ? '' : `by its first bytes: ${kindName}`);

/** What is behind a picture that is no animation is noted with the picture. */
const restOf = async (source: Source, endAt: number): Promise<FileNote[]> =>
	endAt > 0 && (!source.isPicture || source.demuxer === 'gif' || source.demuxer === 'apng')
		? await notesOfRest(source, endAt)
		: [];

const emptyPackets: StreamPackets = { times: [], order: [], durations: [], keyTimes: [], hidden: 0 };
const noPackets: Packets = { streams: new Map(), isComplete: true, endAt: 0 };

/** Size of the upright picture with square pixels, px; pixels are stretched, never dropped. */
export function uprightSize({ codedWidth, codedHeight, pixelAspect, orientation }: VideoStream) {
	const width = Math.round(codedWidth * Math.max(1, pixelAspect));
	const height = Math.round(codedHeight * Math.max(1, 1 / pixelAspect));
	return orientation.turnDeg % 180 === 0 ? { width, height } : { width: height, height: width };
}

async function runProbe(source: Source): Promise<Probed> {
	const { demuxer, kindName, tools, signal } = source;
	const args = ['-hide_banner', '-v', 'error', '-of', 'json', '-show_streams', '-show_format'];
	const end = await runProcess(tools.ffprobe, [...args, ...inputArgs(source)], { signal });
	const { exitCode, startError, stdout, stderrTail } = end;
	if (startError) throw new AnalysisError('environment', 'probe', startError);
	const crash = faultOfEnd('ffprobe', 'probe', end);
	if (crash) throw crash;
	if (exitCode !== 0 && kindName === 'HEIF')
		throw fault('codec-unsupported', 'HEIC pictures are not supported; convert it to JPEG');
	if (/Unknown input format/.test(stderrTail))
		throw fault('codec-unsupported', `this ffmpeg cannot read ${kindName ?? demuxer}; convert it to JPEG or PNG`);
	if (demuxer === 'mov' && /moov atom not found/.test(stderrTail)) throw fault('truncated');
	if (/Picture size .* is invalid|exceeds specified max pixel count/.test(stderrTail))
		throw fault('picture-too-large', `the limit is ${maxPixels / 1e6} megapixels`);
	if (exitCode !== 0) throw fault('not-a-video', byFirstBytes(source));
	try {
		return probeSchema.parse(JSON.parse(stdout));
	} catch (cause) {
		throw new AnalysisError('not-a-video', 'probe', 'the output of ffprobe cannot be parsed', { cause });
	}
}

function toVideoStream(
	stream: Stream,
	packets: StreamPackets,
	{ format }: Probed,
	known: Pick<VideoStream, 'orientation' | 'interlaced' | 'isCounted'>,
): VideoStream {
	// ffmpeg's times start at 0, ffprobe's are those of the packets
	const startS = format?.start_time ?? 0;
	const timeline = timelineOf(packets);
	const firstS = packets.times.reduce((first, timeS) => (timeS < first ? timeS : first), Number.POSITIVE_INFINITY);
	return {
		index: stream.index,
		codec: stream.codec_name,
		codedWidth: stream.width,
		codedHeight: stream.height,
		pixelAspect: pixelAspectOf(stream.sample_aspect_ratio),
		...known,
		colour: colourOf(stream),
		pixelFormat: stream.pix_fmt,
		reorderDepth: reorderDepthOf(packets),
		timeline,
		leadS: leadOf(timeline, firstS - startS),
		keyTimesS: packets.keyTimes.map((timeS) => timeS - startS).sort((a, b) => a - b),
	};
}

/** Codecs whose frames say that they are interlaced, while ffprobe knows no order of fields for the stream. */
const marking: ReadonlySet<string> = new Set(['dvvideo', 'mpeg4', 'mjpeg', 'vc1', 'wmv3']);
/** Frames that are asked, because the first may be damaged. */
const askedFrames = 3;

async function isInterlaced({ index, codec_name, field_order }: Stream, source: Source): Promise<boolean> {
	if (fieldOrders.has(field_order ?? '')) return true;
	if (field_order === 'progressive' || !marking.has(codec_name) || source.isPicture) return false;
	const entries = ['-select_streams', String(index), '-show_entries', 'frame=interlaced_frame'];
	const read = ['-read_intervals', `%+#${askedFrames}`, '-of', 'csv=p=0'];
	const args = ['-hide_banner', '-v', 'error', ...entries, ...read, ...inputArgs(source)];
	const { stdout } = await runProcess(source.tools.ffprobe, args, { signal: source.signal });
	return stdout.includes('1');
}

const fieldOrders: ReadonlySet<string> = new Set(['tt', 'bb', 'tb', 'bt']);

/** Picks the stream to decode; the cover of a song is a picture, but not one to analyse. */
function pick(all: readonly Stream[], packets: Packets['streams']): { described: Stream; choice: Choice } {
	const video = all.filter(({ codec_type }) => codec_type === 'video');
	const isCounted = video.some(({ index }) => (packets.get(index)?.times.length ?? 0) > 0);
	const choice = chooseStream(
		video.map(({ index, disposition, width, height }) => ({
			index,
			isDefault: disposition.default === 1,
			isAttached: disposition.attached_pic + disposition.timed_thumbnails + disposition.dependent > 0,
			frames: isCounted ? (packets.get(index)?.times.length ?? 0) : null,
			area: width * height,
		})),
	);
	const described = choice && video.find(({ index }) => index === choice.index);
	if (choice && described) {
		if (described.codec_name !== 'unknown' && described.codec_name !== 'none') return { described, choice };
		throw fault('codec-unsupported', `its codec is ${described.codec_tag_string || 'unknown'}`);
	}
	if (all.length === 0) throw fault('not-a-video');
	const moving = video.filter(({ disposition }) => !disposition.attached_pic);
	if (moving.length === 0) throw fault('no-video-stream');
	throw fault('decode-failed', 'the video stream has no picture');
}

function pixelAspectOf(text: string | undefined): number {
	const [across, down] = (text ?? '').split(':').map(Number);
	const aspect = (across ?? 0) / (down ?? 0);
	return aspect > 0.1 && aspect < 10 ? aspect : 1; // 0:1 and N/A mean unknown
}

/** By the display matrix, else by the older `rotate` tag, which is clockwise. */
function orientationOf({ side_data_list, tags }: Stream): Orientation {
	const matrix = side_data_list.find(({ displaymatrix }) => displaymatrix !== undefined)?.displaymatrix;
	if (matrix !== undefined) return orientationOfMatrix(numbersOfMatrix(matrix));
	return tags.rotate === undefined ? upright : turned(Number(tags.rotate) || 0);
}

/** ffprobe prints three lines, each with an offset, a colon and three numbers. */
const numbersOfMatrix = (text: string) =>
	text.split('\n').flatMap((line) => line.split(':')[1]?.trim().split(/\s+/).map(Number) ?? []);

function checkedSize({ width, height }: { width: number; height: number }) {
	const found = `${width} x ${height} px`;
	if (Math.min(width, height) < minSide) throw fault('picture-too-small', `${found}, at least ${minSide} px per side`);
	if (width * height > maxPixels || Math.max(width, height) > maxSide)
		throw fault('picture-too-large', `${found}, the limit is ${maxPixels / 1e6} megapixels`);
	return { width, height };
}

type Measured = Pick<VideoInfo, 'kind' | 'durationS' | 'fps'> & Pick<Probe, 'headerS'>;

/** Kind, length and frame rate by the packets; the header's numbers if they agree, because they are more exact. */
function measure(described: Stream, stream: VideoStream, { format }: Probed, isPicture: boolean): Measured {
	const { timeline, leadS, isCounted } = stream;
	const { pace, lengthS, frames } = timeline;
	const headerS = plausible(described.duration) ?? plausible(format?.duration);
	if (isPicture && frames <= 1) return { kind: 'image', durationS: null, fps: null, headerS: null };
	const headerHz = rateOf(described.avg_frame_rate) ?? rateOf(described.r_frame_rate);
	const countedS = plausible(lengthS ?? undefined) ?? (headerHz && frames > 0 ? frames / headerHz : null);
	if (countedS === null || !isCounted) return { kind: 'video', durationS: headerS ?? countedS, fps: headerHz, headerS };
	const isClose = (seconds: number) =>
		headerS !== null && Math.abs(headerS - seconds) <= Math.max(0.1, countedS / frames);
	const endS = leadS + countedS;
	const isExact = pace === 'steady' && (isClose(countedS) || isClose(endS));
	if (isExact && headerS !== null) {
		const durationS = isClose(endS) ? headerS : leadS + headerS;
		return { kind: 'video', durationS, fps: headerHz, headerS };
	}
	const countedHz = rateOf(`${frames}/${countedS}`);
	const fps =
		headerHz !== null && countedHz !== null && Math.abs(headerHz / countedHz - 1) < 0.1 ? headerHz : countedHz;
	return { kind: 'video', durationS: endS, fps, headerS };
}

const plausible = (seconds: number | undefined): number | null =>
	seconds !== undefined && seconds > 0 && seconds < absurdS ? seconds : null;

function rateOf(text: string | undefined): number | null {
	const [frames, seconds] = (text ?? '').split('/').map(Number);
	const rate = (frames ?? 0) / (seconds ?? 0);
	return rate > 0 && rate <= 1000 ? rate : null; // 0/0 and 90000/1 mean unknown
}

/** Length differences up to this come from rounding, audio that ends later, or a last frame. */
const sameLengthS = 1;
const sameLengthShare = 0.05;
/** How many more frames an index may list than are displayed. */
const fewFrames = 2;

type Found = Pick<Probe, 'stream' | 'headerS'> & {
	readonly described: Stream;
	readonly choice: Choice;
	readonly packets: StreamPackets;
	readonly isComplete: boolean;
	readonly source: Source;
};

function notesOf({ described, choice, packets, isComplete, stream, source, headerS }: Found): FileNote[] {
	const { pace, lengthS, frames } = stream.timeline;
	const notes: FileNote[] = [];
	if (!isComplete) notes.push({ code: 'packets-not-counted' });
	const limitS = Math.max(sameLengthS, sameLengthShare * (lengthS ?? 0));
	const isFar = (seconds: number) => headerS !== null && Math.abs(headerS - seconds) > limitS;
	if (isComplete && headerS !== null && lengthS !== null && isFar(lengthS) && isFar(stream.leadS + lengthS))
		notes.push({ code: 'header-differs', seconds: headerS });
	if (pace !== 'steady') notes.push({ code: pace === 'gaps' ? 'times-with-gaps' : 'times-repaired' });
	const missing = (described.nb_frames ?? 0) - frames;
	if (isComplete && source.demuxer === 'mov' && missing > Math.max(fewFrames, 0.01 * frames)) {
		const isCut = headerS !== null && lengthS !== null && headerS > lengthS + limitS;
		notes.push({ code: isCut ? 'end-missing' : 'hidden-by-edit-list', frames: missing });
	} else if (packets.hidden > fewFrames) notes.push({ code: 'hidden-by-edit-list', frames: packets.hidden });
	if (source.ignoresEdits) notes.push({ code: 'edit-list-ignored' });
	if (stream.interlaced) notes.push({ code: 'deinterlaced' });
	if (choice.reason !== 'only') notes.push({ code: 'stream-chosen', name: choice.reason });
	return [...notes, ...notesOfPicture(stream, source, described)];
}

function notesOfPicture({ orientation, colour }: VideoStream, source?: Source, described?: Stream): FileNote[] {
	const notes: FileNote[] = orientation.isMirrored ? [{ code: 'mirrored' }] : [];
	if (described?.side_data_list.some(({ dv_profile }) => dv_profile === 5))
		notes.push({ code: 'not-tone-mapped', name: 'dolby-vision' });
	else if (colour.hdr)
		notes.push(
			source?.tools.hasZscale
				? { code: 'tone-mapped', name: colour.hdr.transfer === 'smpte2084' ? 'PQ' : 'HLG' }
				: { code: 'not-tone-mapped', name: 'no-zscale' },
		);
	return notes;
}

const fault = (code: ErrorCode, detail = '') => new AnalysisError(code, 'probe', detail);
