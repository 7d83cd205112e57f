import { createSHA256 } from 'hash-wasm';
import { ALL_FORMATS, BlobSource, Input, type InputVideoTrack, type VideoSample, VideoSampleSink } from 'mediabunny';
import type { FileNote, VideoInfo } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import { colourOf } from '../../function/media/colour.ts';
import { headBytes, kindOf } from '../../function/media/kinds.ts';
import { planRuns } from '../../function/media/plan-runs.ts';
import { roundingS } from '../../function/media/selection.ts';
import type { Media, SampledFrames } from '../../function/pipeline.ts';
import type { Frame, Sampling } from '../../function/values.ts';
import { Buffers } from './buffers.ts';
import { readWalk, stampsOf, type Walk } from './choose-frames.ts';
import { type FramePicture, pictureFromFrame, pictureFromImage } from './pictures.ts';
import { turnPicture } from './to-rgb.ts';

/** Smallest side that is accepted, in px, as in the program. */
const minSide = 32;

/** Bytes between two reports of how much of a file has been read. */
const reportEveryBytes = 16e6;

/** Codec names of mediabunny that differ from those of ffprobe. */
const codecNames: Readonly<Record<string, string>> = { avc: 'h264' };

/**
 * Opens a video or picture in this browser. Throws AnalysisError of stage `probe`: not-a-video, no-video-stream, codec-unsupported,
 * picture-too-small, video-too-long.
 */
export async function openFile(
	file: File,
	{ maxDurationS }: { maxDurationS: number },
	onRead: (bytes: number) => void = () => {},
): Promise<Media> {
	const head = kindOf(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()));
	if (head?.kind === 'image') return openPicture(file, head.name, await hashFile(file, onRead));
	const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS });
	try {
		if (!(await input.canRead())) throw fault('not-a-video');
		const track = await input.getPrimaryVideoTrack();
		if (!track) throw fault('no-video-stream');
		if (!(await track.canDecode()))
			throw fault(
				'codec-unsupported',
				(await track.getCodecParameterString()) ?? String(await track.getInternalCodecId()),
			);
		const startS = Math.max(0, await input.getFirstTimestamp()); // before 0 is only the priming of an audio encoder
		const walk = await readWalk(track, startS);
		const { timeline, leadS } = walk.clock;
		await fillInColours(track);
		const durationS = timeline.lengthS === null ? null : leadS + timeline.lengthS;
		if (durationS !== null && durationS > maxDurationS)
			throw fault('video-too-long', `${Math.round(durationS)} s, the limit is ${maxDurationS} s`);
		const headerS = await input.getDurationFromMetadata([track]);
		const codec = (await track.getCodec()) ?? 'unknown';
		const size = { width: await track.getDisplayWidth(), height: await track.getDisplayHeight() };
		refuseSmall(size);
		const info: VideoInfo = {
			container: head?.demuxer ?? 'unknown',
			codec: codecNames[codec] ?? codec,
			kind: 'video',
			durationS,
			...size,
			fps: durationS ? Math.round((timeline.frames / (durationS - leadS)) * 1000) / 1000 : null,
			rotationDeg: await track.getRotation(),
			sizeBytes: file.size,
			sha256: await hashFile(file, onRead), // last, so that a file that cannot be analysed is refused at once
		};
		const notes: FileNote[] = timeline.pace === 'gaps' ? [{ code: 'times-with-gaps' }] : [];
		if (await track.hasHighDynamicRange()) notes.push({ code: 'not-tone-mapped', name: 'browser' });
		return {
			info,
			found: { headerS, packetsS: timeline.lengthS, notes },
			keyTimesS: walk.clock.keyTimesS,
			frames: (sampling) => sampleFrames(walk, sampling),
			alter: cannotAlter,
			close: () => input.dispose(),
		};
	} catch (error) {
		input.dispose();
		throw error instanceof AnalysisError ? error : fault('not-a-video', (error as Error).message);
	}
}

/** Sets colour properties that the file does not state by the program's rule. By default, mediabunny assumes BT.709 for all of them. */
async function fillInColours(track: InputVideoTrack): Promise<void> {
	const config = await track.getDecoderConfig();
	if (!config) return;
	const { colorSpace } = config;
	const size = { width: await track.getCodedWidth(), height: await track.getCodedHeight() };
	const matrix =
		colorSpace?.matrix ?? (colourOf({ pix_fmt: 'yuv420p', ...size }).matrix === 'bt601' ? 'smpte170m' : 'bt709');
	const filledIn = {
		matrix,
		primaries: colorSpace?.primaries ?? 'bt709',
		transfer: colorSpace?.transfer ?? 'bt709',
		fullRange: colorSpace?.fullRange ?? false,
	};
	track.getDecoderConfig = async () => ({ ...config, colorSpace: filledIn as VideoColorSpaceInit });
}

function sampleFrames(walk: Walk, sampling: Sampling): SampledFrames {
	const { track, startS, clock } = walk;
	const { turnDeg, ranges } = sampling;
	const { how, runs } = planRuns(clock, sampling);
	const buffers = new Buffers();
	let fellBackToLinear = false;
	const onLinear = () => {
		fellBackToLinear = true;
	};
	async function* frames(): AsyncGenerator<Frame, void> {
		let index = 0;
		let lastS = Number.NEGATIVE_INFINITY;
		try {
			const wanted = (await stampsOf(walk, runs)).map((timeS) => timeS + roundingS);
			for await (const sample of samplesAt(track, wanted, onLinear)) {
				try {
					if (sample.timestamp <= lastS) continue; // fewer frames than targets
					lastS = sample.timestamp;
					const picture = await pictureFromFrame(sample, buffers, turnDeg ?? 0);
					yield frameOf(picture, index++, Math.max(0, sample.timestamp - startS));
				} finally {
					sample.close();
				}
			}
		} catch (cause) {
			if (cause instanceof AnalysisError) throw cause;
			throw new AnalysisError('decode-failed', 'decode', (cause as Error).message, { cause });
		}
		if (index === 0 && !ranges) throw new AnalysisError('decode-failed', 'decode');
	}
	const way = how === 'sparse' ? 'key-frames' : 'linear';
	return { frames: frames(), stats: () => ({ framesCorrupt: 0, sampling: way, fellBackToLinear }) };
}

/** A frame that reads its pixels only when asked for them. */
const frameOf = (picture: FramePicture, index: number, timeS: number): Frame => ({
	index,
	timeS,
	width: picture.width,
	height: picture.height,
	get rgb() {
		return picture.rgb;
	},
	release: () => picture.release(),
});

/**
 * The frames shown at ascending times; the caller closes each. Each is decoded from the key frame before it. If that fails, decoding restarts from
 * the beginning, and frames may repeat: H.264 with full chroma from older versions of x264 can only be decoded after its very first frame.
 */
async function* samplesAt(
	track: InputVideoTrack,
	wanted: readonly number[],
	onLinear: () => void,
): AsyncGenerator<VideoSample, void> {
	const sink = new VideoSampleSink(track);
	if (!(await track.getCodecParameterString())?.startsWith('avc1.f4')) {
		try {
			yield* resumed(wanted, (left) => sink.samplesAtTimestamps(left));
			return;
		} catch (cause) {
			if ((cause as Error).name !== 'EncodingError') throw cause;
		}
		onLinear();
	}
	yield* shownAt(sink.samples(), wanted);
}

/**
 * The samples at ascending times, where there are any. A browser takes the decoder away from a tab in the background that has not used it for a
 * minute; decoding then goes on with the times that are left.
 */
export async function* resumed<T>(
	wanted: readonly number[],
	open: (left: readonly number[]) => AsyncIterable<T | null>,
): AsyncGenerator<T, void> {
	let done = 0;
	for (let before = -1; before < done; ) {
		before = done;
		try {
			for await (const sample of open(wanted.slice(done))) {
				done++;
				if (sample) yield sample;
			}
			return;
		} catch (cause) {
			if ((cause as Error).name !== 'QuotaExceededError' || done === before) throw cause;
		}
	}
}

/** Of chronological samples, yields those that are shown at ascending times, each once, and closes the others. */
export async function* shownAt<T extends { readonly timestamp: number; close(): void }>(
	samples: AsyncIterable<T>,
	wanted: readonly number[],
): AsyncGenerator<T, void> {
	let at = 0;
	let shown: T | null = null;
	try {
		for await (const next of samples) {
			const last: T | null = shown;
			shown = next;
			const from = at;
			while (last && at < wanted.length && (wanted[at] as number) < next.timestamp) at++;
			if (last && at > from) yield last;
			else last?.close();
			if (at === wanted.length) return;
		}
		const last = shown;
		shown = null;
		if (last) yield last;
	} finally {
		shown?.close();
	}
}

/** Opens a picture as a video of one frame; for an animation, its first frame. */
async function openPicture(file: File, format: string, sha256: string): Promise<Media> {
	const picture = await pictureFromImage(file).catch((cause: Error) => {
		throw fault('codec-unsupported', `${format}: ${cause.message}`);
	});
	refuseSmall(picture);
	return {
		info: {
			...{ container: format, codec: format, kind: 'image', durationS: null, fps: null, rotationDeg: 0 },
			...{ width: picture.width, height: picture.height, sizeBytes: file.size, sha256 },
		},
		found: { headerS: null, packetsS: null, notes: [] },
		keyTimesS: [],
		frames({ turnDeg }) {
			async function* frames(): AsyncGenerator<Frame, void> {
				yield { index: 0, timeS: 0, ...turnPicture(picture, turnDeg ?? 0, false) };
			}
			return { frames: frames(), stats: () => ({ framesCorrupt: 0, sampling: 'image', fellBackToLinear: false }) };
		},
		alter: cannotAlter,
		close() {},
	};
}

function refuseSmall({ width, height }: { width: number; height: number }): void {
	if (Math.min(width, height) < minSide)
		throw fault('picture-too-small', `${width} x ${height} px, at least ${minSide} px per side`);
}

/** Changed copies are made by ffmpeg, which is not available in a browser; the page does not ask for them here. */
const cannotAlter = () =>
	Promise.reject(new AnalysisError('usage', 'request', 'changed copies are made on a server only'));

/** SHA-256 of a file of any size, read in chunks. */
async function hashFile(file: File, onRead: (bytes: number) => void): Promise<string> {
	const hash = await createSHA256();
	const reader = file.stream().getReader();
	let done = 0;
	let reported = 0;
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		hash.update(part.value);
		done += part.value.length;
		if (done - reported < reportEveryBytes && done < file.size) continue;
		reported = done;
		onRead(done);
	}
	return hash.digest('hex');
}

const fault = (
	code: 'not-a-video' | 'no-video-stream' | 'codec-unsupported' | 'picture-too-small' | 'video-too-long',
	detail = '',
) => new AnalysisError(code, 'probe', detail);
