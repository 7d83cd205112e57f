import { AnalysisError } from '../errors.ts';
import { defaultLimits, faultOfEnd, startProcess } from '../process/run-process.ts';
import type { Canvas, Picture } from './canvas.ts';
import { inputArgs } from './ffmpeg-input.ts';
import { frameFilters } from './filters.ts';
import type { FfmpegTools } from './find-ffmpeg.ts';
import { nearest } from './plan-runs.ts';
import type { VideoStream } from './probe.ts';
import { type Run, selectKeys } from './selection.ts';
import type { Source } from './source.ts';

/** One decoding run of ffmpeg. */
export type DecodeRun = Omit<Run, 'untilS'> & {
	/** See readX264Build; null if unknown. */
	readonly x264Build: number | null;
};

/** The video to decode and the resources for it. */
export type DecodeSource = Source & {
	readonly stream: VideoStream;
	readonly canvas: Canvas;
	/** CPU seconds after which a run of ffmpeg is stopped. */
	readonly cpuS: number;
};

/** A decoded frame; `rgb` is null if it was damaged. */
export type DecodedFrame = { readonly timeS: number; readonly picture: Picture | null };

/** Decoder messages about damaged pictures; other warnings (timestamps, unknown units) leave the picture intact. */
const damage =
	/corrupt decoded frame|error while decoding|decode_slice_header error|concealing|eference picture missing|Missing reference|Invalid data found when processing|no frame!|missing picture|ac-tex damaged|Error submitting packet|cabac decode|left block unavailable|top block unavailable|overread \d|error y=\d/i;
/** Frames after a damaged one count as damaged until the next sampled key frame, or for this long. */
const damageLastsS = 1;

/**
 * Decodes the selected frames of one ffmpeg run in order of time, as fast as the reader consumes them. Throws `decoder-died` if
 * ffmpeg is killed before the last frame, `time-limit` if it uses too much CPU time, `decode-failed` if it fails without a frame.
 */
export async function* decodeFrames(source: DecodeSource, planned: DecodeRun): AsyncGenerator<DecodedFrame, void> {
	const run = withSafeSeek(withKeyNumbers(planned, source), source);
	let done = 0;
	for (let isWhole = false; !isWhole; ) {
		let count = 0;
		isWhole = true;
		for await (const frame of decodeRun(source, run)) {
			if (frame === 'grown') isWhole = false;
			else if (++count > done) yield frame;
			else frame.picture?.release();
		}
		done = Math.max(done, count);
	}
}

/** Ends with `grown` before the first frame that is larger than the canvas was. */
async function* decodeRun(source: DecodeSource, run: DecodeRun): AsyncGenerator<DecodedFrame | 'grown', void> {
	const { stream, canvas, tools, signal, cpuS } = source;
	const info = readFrameInfo(run.seekS > 0 ? run.seekS : leadOfDecoder(source));
	const nvdec = canUseNvdec(stream, run, tools) ? tools.nvdec : null;
	const running = startProcess(tools.ffmpeg, decodeArgs(source, run), {
		signal,
		onStderrLine: info.onLine,
		...(nvdec && { env: { LC_ALL: 'C', ...nvdec } }),
		// the GPU driver maps more memory than it uses
		limits: { ...defaultLimits, cpuS, ...(nvdec && { memoryMb: null }) },
	});
	running.ended.then(info.close);
	let count = 0;
	let lastS = 0;
	try {
		for await (const picture of wholeFrames(running.stdout, canvas)) {
			const frame = await info.next();
			if (!frame) break;
			if (canvas.grow(frame)) {
				yield 'grown';
				return;
			}
			count++;
			if (frame.isDamaged) picture.release();
			const timeS = run.selection.numbers ? nearest(stream.keyTimesS, frame.timeS) : frame.timeS;
			lastS = timeS;
			yield { timeS, picture: frame.isDamaged ? null : picture };
			if (count === run.maxFrames) return;
		}
		signal.throwIfAborted();
		const end = await running.ended;
		const { exitCode, startError, stderrTail } = end;
		if (startError) throw new AnalysisError('environment', 'decode', startError);
		const crash = faultOfEnd('ffmpeg', 'decode', end);
		if (crash) throw crash;
		if (exitCode !== 0 && count === 0) throw faultOfDecoder(stream, stderrTail);
		if (count === 0 || !info.endsDamaged() || !coversAll(run)) return;
		const expected = Math.min(run.maxFrames ?? 0, stream.timeline.frames);
		for (; count < expected; count++) yield { timeS: lastS, picture: null };
	} finally {
		await running.stop();
	}
}

/** Whether a run's frames are spread over the whole video, so that those behind a damaged end are known to be missing. */
const coversAll = ({ seekS, skip, selection }: DecodeRun) => seekS === 0 && skip !== 'nokey' && selection.afterS === 0;

/** Containers whose times may jump (AVFMT_TS_DISCONT): from the start, ffmpeg counts them from the first frame of the streams that it reads. */
const jumping: ReadonlySet<string | null> = new Set(['mpegts', 'mpeg']);

const leadOfDecoder = ({ demuxer, stream }: DecodeSource) => (jumping.has(demuxer) ? stream.leadS : 0);

/** Codecs that NVDEC decodes on every NVIDIA GPU of the last ten years (NVIDIA's Video Codec SDK, "NVDEC application note"). */
const nvdecCodecs = new Set(['h264', 'hevc', 'vp9']);

/** Whether a run can use NVDEC. It must start at the beginning of the file: after a seek, damage has to be noticed, and NVDEC reports none. */
function canUseNvdec(stream: VideoStream, { seekS, skip }: DecodeRun, { nvdec }: FfmpegTools): boolean {
	const fits =
		nvdecCodecs.has(stream.codec) &&
		stream.pixelFormat === 'yuv420p' &&
		!stream.colour.isFullRange &&
		!stream.interlaced;
	return !!nvdec && fits && seekS === 0 && skip !== 'nokey';
}

/**
 * ffmpeg's MP4 demuxer assigns wrong times, by less than a second, to key frames if it discards the packets between them and frames are
 * reordered. Such a run selects key frames by number. Without discarding, the decoder is handed all packets, which takes ten times as long.
 */
function withKeyNumbers(run: DecodeRun, { demuxer, stream }: DecodeSource): DecodeRun {
	if (run.skip !== 'nokey' || demuxer !== 'mov' || stream.reorderDepth === 0) return run;
	return { ...run, selection: { ...run.selection, numbers: selectKeys(stream.keyTimesS, run) } };
}

/** How long before a key frame a run in a container without an index seeks to, seconds. */
const beforeKeyS = 0.3;

/**
 * In a container without an index, seeking may land behind the key frame, so that decoding begins at the next one. Such a run seeks to a
 * point before it, and counts from the key frame's own time.
 */
function withSafeSeek(run: DecodeRun, { demuxer, stream }: DecodeSource): DecodeRun {
	if (run.seekS === 0 || !jumping.has(demuxer)) return run;
	const keyS = stream.keyTimesS.findLast((timeS) => timeS <= run.seekS);
	const seekS = (keyS ?? 0) - beforeKeyS;
	if (keyS === undefined || seekS <= (stream.keyTimesS[0] ?? 0)) return { ...run, seekS: 0 };
	return { ...run, seekS, selection: { ...run.selection, startS: keyS - seekS } };
}

/** Options that skip frames before they are decoded. Frames selected by number are all those that the demuxer lets through. */
function skipArgs({ skip, selection }: DecodeRun): string[] {
	const discard = skip === 'nokey' ? ['-discard:v', 'nokey'] : [];
	return skip === 'none' || selection.numbers ? discard : ['-skip_frame', skip, ...discard];
}

function decodeArgs(source: DecodeSource, run: DecodeRun): string[] {
	const { stream, tools, canvas } = source;
	const fromGpu = canUseNvdec(stream, run, tools);
	const options = [
		...(fromGpu ? ['-hwaccel', 'cuda'] : []), // ffmpeg falls back to the CPU for what the GPU refuses
		'-noautorotate', // frameFilters turns the picture, which is the same in every version
		...['-reinit_filter', '0'], // frameFilters fits pictures of other sizes; a new chain would start to select and count anew
		...skipArgs(run),
		...(run.x264Build === null ? [] : ['-x264_build', String(run.x264Build)]),
		...(run.seekS > 0 ? ['-noaccurate_seek', '-ss', run.seekS.toFixed(6)] : []),
	];
	return [
		...['-hide_banner', '-nostdin', '-nostats', '-v', 'level+repeat+info'],
		...inputArgs(source, options),
		...['-map', `0:${stream.index}`, '-an', '-sn', '-dn'],
		...[
			'-vf',
			frameFilters(stream, run.selection, { fromGpu, hasZscale: tools.hasZscale === true, growth: canvas.growth }),
		],
		...(run.maxFrames === null ? [] : ['-frames:v', String(run.maxFrames)]),
		...passthrough(tools.version),
		...['-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'],
	];
}

/** One output frame per input frame; `-vsync` was renamed in ffmpeg 5.1. */
function passthrough(version: string): string[] {
	const [, major = '99', minor = '0'] = /^n?(\d+)\.(\d+)/.exec(version) ?? [];
	const isOld = Number(major) < 5 || (Number(major) === 5 && Number(minor) < 1);
	return [isOld ? '-vsync' : '-fps_mode', 'passthrough'];
}

/** Splits a byte stream into frames, each in its own buffer; an incomplete last frame is dropped. */
async function* wholeFrames(chunks: AsyncIterable<Uint8Array>, canvas: Canvas): AsyncGenerator<Picture> {
	let picture: Picture | null = null;
	let filled = 0;
	for await (const chunk of chunks) {
		for (let at = 0; at < chunk.length; ) {
			picture ??= canvas.acquire();
			const { rgb } = picture;
			const take = Math.min(rgb.length - filled, chunk.length - at);
			rgb.set(chunk.subarray(at, at + take), filled);
			at += take;
			filled += take;
			if (filled < rgb.length) continue;
			yield picture;
			picture = null;
			filled = 0;
		}
	}
}

/** Reads the time of each frame and whether it is damaged from ffmpeg's stderr, which is written before the frame's bytes. */
function readFrameInfo(offsetS: number) {
	const reported: { timeS: number; isDamaged: boolean; width: number; height: number }[] = [];
	let isClosed = false;
	let wake = () => {};
	let damagedSince = false;
	let isLastDamaged = false;
	let damagedUntilS = Number.NEGATIVE_INFINITY;
	let isOpen = false;
	const onLine = (line: string) => {
		// before, ffmpeg decodes some packets to describe the streams, from any part of a file that was cut
		if (!isOpen && line.includes('Input #0,')) isOpen = true;
		const shown = /\bn: *\d+ pts: *\S+ +pts_time: *(\S+).*? s:(\d+)x(\d+) .*?iskey: *(\d)/.exec(line);
		if (shown) {
			const timeS = Number(shown[1]) + offsetS;
			if (damagedSince) damagedUntilS = timeS + damageLastsS;
			else if (shown[4] === '1') damagedUntilS = Number.NEGATIVE_INFINITY;
			isLastDamaged = damagedSince || timeS < damagedUntilS;
			const [width, height] = [Number(shown[2]), Number(shown[3])];
			reported.push({ timeS: Math.max(0, timeS), isDamaged: isLastDamaged, width, height });
			damagedSince = false;
			wake();
		} else if (isOpen && damage.test(line)) damagedSince = true;
	};
	const close = () => {
		isClosed = true;
		wake();
	};
	const next = async () => {
		while (reported.length === 0 && !isClosed) await new Promise<void>((resolve) => (wake = resolve));
		return reported.shift() ?? null;
	};
	return { onLine, close, next, endsDamaged: () => damagedSince || isLastDamaged };
}

/** Why ffmpeg returned no frame: it has no decoder for this codec, or the file is damaged. */
function faultOfDecoder({ codec }: VideoStream, stderrTail: string): AnalysisError {
	const isMissing = /Decoder .*not found|Unknown decoder|no decoder found/i.test(stderrTail);
	if (isMissing) return new AnalysisError('codec-unsupported', 'decode', `its codec is ${codec}`);
	return new AnalysisError('decode-failed', 'decode', lastError(stderrTail));
}

/** The last error in lines such as `[png @ 0x55] [error] text`, without what ffmpeg says about the end of its run. */
const lastError = (text: string) =>
	[...text.matchAll(/^(?:\[[^\]]* @ [^\]]*\] )?\[(?:error|fatal)\] (.*)$/gm)].at(-1)?.[1] ?? '';
