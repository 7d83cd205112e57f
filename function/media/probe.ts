import { z } from 'zod';
import type { VideoInfo } from '../contract/report.ts';
import { AnalysisError, type ErrorCode } from '../errors.ts';
import { faultOfEnd, runProcess } from '../process/run-process.ts';
import { inputArgs, maxPixels } from './ffmpeg-input.ts';
import { listPackets } from './list-packets.ts';
import { isPictureDemuxer } from './sniff.ts';
import type { Source } from './source.ts';

/** What decoding needs to know of the chosen stream beyond its VideoInfo; sizes are those before rotation and squaring. */
export type VideoStream = {
	readonly index: number;
	readonly codec: string;
	readonly codedWidth: number;
	readonly codedHeight: number;
	/** Width of a pixel over its height. */
	readonly pixelAspect: number;
	/** Clockwise turn that makes the picture upright: 0, 90, 180 or 270. */
	readonly rotationDeg: number;
	/** swscale's name of the YUV matrix; null for RGB. */
	readonly matrix: string | null;
	readonly fullRange: boolean;
	/** ffmpeg's name of how its pixels are kept, as yuv420p; empty = not told. */
	readonly pixelFormat: string;
	readonly interlaced: boolean;
	/** Frames that the decoder holds back for reordering; 0 = no B frames. */
	readonly reorderDepth: number;
};

/** Sides accepted, px. A face needs 32 px to be looked at. */
const minSide = 32;
const maxSide = 16_384;
/** A duration above ten days is a broken header, not a video. */
const absurdS = 10 * 24 * 3600;

const numberText = z.coerce.number().optional().catch(undefined);
const streamSchema = z.object({
	index: z.number().int(),
	codec_type: z.string().optional(),
	codec_name: z.string().default('unknown'),
	width: z.number().int().default(0),
	height: z.number().int().default(0),
	sample_aspect_ratio: z.string().optional(),
	pix_fmt: z.string().default(''),
	color_space: z.string().optional(),
	color_range: z.string().optional(),
	field_order: z.string().optional(),
	has_b_frames: z.number().int().default(0),
	avg_frame_rate: z.string().optional(),
	r_frame_rate: z.string().optional(),
	duration: numberText,
	nb_frames: numberText,
	disposition: z.object({ attached_pic: z.number().default(0) }).default({ attached_pic: 0 }),
	tags: z.record(z.string(), z.string()).default({}),
	side_data_list: z.array(z.looseObject({ rotation: z.number().optional() })).default([]),
});
type Stream = z.infer<typeof streamSchema>;
const probeSchema = z.object({
	streams: z.array(streamSchema).default([]),
	frames: z.array(z.object({ tags: z.record(z.string(), z.string()).default({}) })).default([]),
	format: z.object({ format_name: z.string().default(''), duration: numberText }).optional(),
});
type Probed = z.infer<typeof probeSchema>;

/** What ffprobe tells of a file, and the stream that is decoded. */
export type Probe = Omit<VideoInfo, 'sizeBytes' | 'sha256'> & { readonly stream: VideoStream };

/** What a file is. Throws AnalysisError of stage `probe`: not-a-video, truncated, no-video-stream, picture-too-small, picture-too-large. */
export async function probe(source: Source): Promise<Probe> {
	const probed = await runProbe(source);
	const stream = toVideoStream(probed);
	const size = checkedSize(uprightSize(stream));
	const described = probed.streams.find(({ index }) => index === stream.index) as Stream;
	return {
		container: source.demuxer ?? probed.format?.format_name.split(',')[0] ?? 'unknown',
		codec: stream.codec,
		...(await measure(source, stream, described, probed)),
		...size,
		rotationDeg: stream.rotationDeg,
		stream,
	};
}

/** Size of the upright picture with square pixels, px; pixels are widened or heightened, never thinned out. */
export function uprightSize({ codedWidth, codedHeight, pixelAspect, rotationDeg }: VideoStream) {
	const width = Math.round(codedWidth * Math.max(1, pixelAspect));
	const height = Math.round(codedHeight * Math.max(1, 1 / pixelAspect));
	return rotationDeg % 180 === 0 ? { width, height } : { width: height, height: width };
}

async function runProbe({ path, demuxer, tools, signal }: Source): Promise<Probed> {
	// a JPEG tells how it was held in its EXIF, which ffprobe shows as a tag of the frame
	const exif = demuxer === 'jpeg_pipe' ? ['-show_frames', '-read_intervals', '%+#1'] : [];
	const args = ['-hide_banner', '-v', 'error', '-of', 'json', '-show_streams', '-show_format', ...exif];
	const end = await runProcess(tools.ffprobe, [...args, ...inputArgs(path, demuxer)], { signal });
	const { exitCode, startError, stdout, stderrTail } = end;
	if (startError) throw new AnalysisError('environment', 'probe', startError);
	const death = faultOfEnd('ffprobe', 'probe', end);
	if (death) throw death;
	if (demuxer === 'mov' && /moov atom not found/.test(stderrTail)) throw fault('truncated');
	if (/Picture size .* is invalid|exceeds specified max pixel count/.test(stderrTail))
		throw fault('picture-too-large', `the limit is ${maxPixels / 1e6} megapixels`);
	if (exitCode !== 0) throw fault('not-a-video');
	try {
		return probeSchema.parse(JSON.parse(stdout));
	} catch (cause) {
		throw new AnalysisError('not-a-video', 'probe', 'ffprobe describes it in a way that is not understood', { cause });
	}
}

function toVideoStream(probed: Probed): VideoStream {
	const stream = chooseStream(probed.streams);
	return {
		index: stream.index,
		codec: stream.codec_name,
		codedWidth: stream.width,
		codedHeight: stream.height,
		pixelAspect: pixelAspectOf(stream.sample_aspect_ratio),
		rotationDeg: rotationOf(stream, probed),
		matrix: matrixOf(stream),
		pixelFormat: stream.pix_fmt,
		fullRange: stream.color_range === 'pc' || stream.pix_fmt.startsWith('yuvj'),
		interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
		reorderDepth: stream.has_b_frames,
	};
}

/** The largest moving picture; covers of songs are pictures, but not what is to be judged. */
function chooseStream(all: readonly Stream[]): Stream {
	const video = all.filter(({ codec_type, disposition }) => codec_type === 'video' && !disposition.attached_pic);
	const [best] = video.sort((a, b) => b.width * b.height - a.width * a.height);
	if (!best) throw fault(all.length > 0 ? 'no-video-stream' : 'not-a-video');
	if (best.width === 0 || best.height === 0) throw fault('decode-failed', 'the video stream has no picture');
	return best;
}

function pixelAspectOf(text: string | undefined): number {
	const [across, down] = (text ?? '').split(':').map(Number);
	const aspect = (across ?? 0) / (down ?? 0);
	return aspect > 0.1 && aspect < 10 ? aspect : 1; // 0:1 and N/A mean unknown
}

/** Clockwise turns of the EXIF orientations (TIFF 6.0, tag 274) that turn; mirrored ones are turned and left mirrored. */
const exifTurns: Readonly<Record<string, number>> = { 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270 };

function rotationOf(stream: Stream, { frames }: Probed): number {
	const matrix = stream.side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation;
	const exif = exifTurns[frames[0]?.tags.Orientation?.trim() ?? ''];
	// the display matrix tells the turn anticlockwise, the older `rotate` tag clockwise
	const clockwise = exif ?? (matrix !== undefined ? -matrix : Number(stream.tags.rotate ?? 0));
	return (((Math.round(clockwise / 90) * 90) % 360) + 360) % 360 || 0;
}

/** ffprobe's colour spaces as swscale's matrices (ITU-T H.273, table 4). */
const matrices: Readonly<Record<string, string>> = {
	bt709: 'bt709',
	fcc: 'fcc',
	bt470bg: 'bt601',
	smpte170m: 'bt601',
	smpte240m: 'smpte240m',
	bt2020nc: 'bt2020',
	bt2020c: 'bt2020',
};

function matrixOf({ color_space, pix_fmt, width, height }: Stream): string | null {
	if (color_space === 'gbr' || /^(gbr|rgb|bgr|argb|abgr|pal|0rgb|0bgr|rgba)/.test(pix_fmt)) return null;
	// not told: standard definition is bt601, the rest bt709, as every player guesses
	const isStandardDefinition = Math.min(width, height) <= 576 && Math.max(width, height) <= 1024;
	return matrices[color_space ?? ''] ?? (isStandardDefinition ? 'bt601' : 'bt709');
}

function checkedSize({ width, height }: { width: number; height: number }) {
	const found = `${width} x ${height} px`;
	if (Math.min(width, height) < minSide) throw fault('picture-too-small', `${found}, at least ${minSide} px a side`);
	if (width * height > maxPixels || Math.max(width, height) > maxSide)
		throw fault('picture-too-large', `${found}, the limit is ${maxPixels / 1e6} megapixels`);
	return { width, height };
}

type Measured = Pick<VideoInfo, 'kind' | 'durationS' | 'fps'>;

/** Kind, duration and frame rate: as the header tells where it can be believed, else from the packets. */
async function measure(source: Source, stream: VideoStream, described: Stream, { format }: Probed): Promise<Measured> {
	const isGif = source.demuxer === 'gif';
	if (isPictureDemuxer(source.demuxer)) return { kind: 'image', durationS: null, fps: null };
	const fps = rateOf(described.avg_frame_rate) ?? rateOf(described.r_frame_rate);
	const told = believable(described.duration) ?? believable(format?.duration);
	if (told !== null && !isGif) return { kind: 'video', durationS: told, fps };
	const { count, endS } = await listPackets(source, stream, false);
	if (isGif && count <= 1) return { kind: 'image', durationS: null, fps: null };
	return { kind: 'video', durationS: believable(endS), fps };
}

const believable = (seconds: number | undefined): number | null =>
	seconds !== undefined && seconds > 0 && seconds < absurdS ? seconds : null;

function rateOf(text: string | undefined): number | null {
	const [frames, seconds] = (text ?? '').split('/').map(Number);
	const rate = (frames ?? 0) / (seconds ?? 0);
	return rate > 0 && rate <= 1000 ? rate : null; // 0/0 and 90000/1 mean unknown
}

const fault = (code: ErrorCode, detail = '') => new AnalysisError(code, 'probe', detail);
