import { mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { furtherTurnOf } from '../answer/faces-at.ts';
import type { Language } from '../answer/languages.ts';
import type { Report } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { toneMapFilters } from '../media/colour.ts';
import { inputArgs } from '../media/ffmpeg-input.ts';
import { frameSize } from '../media/filters.ts';
import type { FfmpegTools } from '../media/find-ffmpeg.ts';
import { type OpenMedia, openMedia } from '../media/open-media.ts';
import { orientationFilters, turned } from '../media/orientation.ts';
import { defaultLimits, faultOfEnd, runProcess, startProcess } from '../process/run-process.ts';
import { annotationScript, type FrameSize, lanesHeight } from './annotation-script.ts';

/** How a copy is made. */
export type AnnotateOptions = {
	readonly tools: FfmpegTools;
	readonly signal: AbortSignal;
	readonly language?: Language;
	/** Called with the share that is done, 0..1. */
	readonly onProgress?: (share: number) => void;
};

/** Maximum size of a copy, MB. */
const maxMb = 16 * 1024;
/** CPU seconds allowed for the start and per second of video; encoding 1080p takes about one. */
const [startCpuS, cpuSASecond] = [600, 30];

/** File name of the script. */
const scriptName = 'script.ass';

/** What libass prints if the system has no font. The text would be missing, including the note that this is an estimate. */
const noFont = /fontselect: failed|no fonts? found|failed to find any fallback|can't find selected font/i;

/**
 * Writes a copy of a video with the report drawn over it: MP4, H.264, with its first sound track as AAC and none of its other data. The file is
 * written completely or not at all. The text is English if the system has no font for the language. Throws `file-differs`, `annotate-unfit`
 * (pictures, and videos whose frames cannot be matched to the report), `decode-failed`, `decoder-died`, `time-limit`, `write-failed`, `cancelled`.
 */
export async function writeAnnotated(
	path: string,
	report: Report,
	out: string,
	{ tools, signal, language = 'en', onProgress = () => {} }: AnnotateOptions,
): Promise<void> {
	const target = resolve(out);
	const part = join(dirname(target), `.unmask-${process.pid}-${Date.now()}.mp4`);
	const media = await openMedia(resolve(path), { tools, signal });
	let folder: string | null = null;
	try {
		refuseUnfit(media, report);
		await (await open(part, 'wx').catch(writeFault)).close(); // fails now instead of later in ffmpeg
		folder = await mkdtemp(join(tmpdir(), 'unmask-annotate-')).catch(writeFault);
		const size = evenSize(media, report);
		const script = (spoken: Language) =>
			writeFile(join(folder as string, scriptName), annotationScript(report, size, spoken));
		await script(language).catch(writeFault);
		if (language !== 'en' && !(await hasFonts(folder, { tools, signal }))) await script('en').catch(writeFault);
		await encode(media, { report, size, folder, part }, { tools, signal, onProgress });
		await rename(part, target).catch(writeFault);
	} finally {
		media.close();
		await rm(part, { force: true }).catch(() => {});
		if (folder) await rm(folder, { recursive: true, force: true }).catch(() => {});
	}
}

function refuseUnfit({ info, stream }: OpenMedia, report: Report): void {
	if (info.sha256 !== report.video.sha256) throw new AnalysisError('file-differs', 'write');
	const unfit = (why: string) => new AnalysisError('annotate-unfit', 'write', why);
	if (info.kind === 'image') throw unfit('it is a picture');
	if (stream.timeline.pace === 'broken') throw unfit('its timestamps jump');
	if (stream.orientation.isMirrored) throw unfit('it is mirrored');
	if (report.coverage.notes.some(({ code }) => code === 'size-changes')) throw unfit('the size of its picture changes');
}

/** As large as the analysed frames, with even sides for the encoder. */
function evenSize({ stream }: OpenMedia, report: Report): FrameSize {
	const { width, height } = frameSize(stream);
	const even = (side: number) => Math.max(2, 2 * Math.floor(side / 2));
	return furtherTurnOf(report) % 180 === 0
		? { width: even(width), height: even(height) }
		: { width: even(height), height: even(width) };
}

/** Whether the system has fonts for the start of the script. If not, the script is written in English, which every font covers. */
async function hasFonts(
	folder: string,
	{ tools, signal }: Pick<AnnotateOptions, 'tools' | 'signal'>,
): Promise<boolean> {
	const frame = ['-f', 'lavfi', '-i', 'color=s=320x240:d=0.04', '-vf', `ass=${scriptName}`, '-f', 'null', '-'];
	const args = ['-hide_banner', '-nostdin', '-v', 'warning', ...frame];
	const { stderrTail } = await runProcess(tools.ffmpeg, args, { signal, cwd: folder, env: { LC_ALL: 'C.UTF-8' } });
	return !noFont.test(stderrTail);
}

type Job = { readonly report: Report; readonly size: FrameSize; readonly folder: string; readonly part: string };

async function encode(
	media: OpenMedia,
	{ report, size, folder, part }: Job,
	{ tools, signal, onProgress }: Required<Pick<AnnotateOptions, 'tools' | 'signal' | 'onProgress'>>,
): Promise<void> {
	const { info, stream, source } = media;
	const { hdr, isFullRange } = stream.colour;
	const filters = [
		...(stream.interlaced ? ['bwdif=mode=send_frame'] : []),
		...(hdr && tools.hasZscale ? toneMapFilters(hdr, isFullRange) : []),
		...orientationFilters(turned(furtherTurnOf(report))), // ffmpeg applies the file's own rotation first
		`scale=${size.width}:${size.height}`,
		'setsar=1',
		`pad=${size.width}:${size.height + lanesHeight(report, size)}:0:0:color=0x161616`,
		'format=yuv420p',
		`ass=${scriptName}`,
	];
	const args = [
		...['-hide_banner', '-nostdin', '-nostats', '-v', 'warning', '-y', '-progress', 'pipe:1', '-stats_period', '0.5'],
		...inputArgs(source),
		...['-map', `0:${stream.index}`, '-map', '0:a:0?', '-map_metadata', '-1', '-map_chapters', '-1'],
		...['-vf', filters.join(',')],
		...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-c:a', 'aac', '-b:a', '160k'],
		...['-metadata', 'comment=Annotated copy made by Unmask: an estimate, not proof.'],
		...['-movflags', '+faststart', '-f', 'mp4', `file:${part}`],
	];
	const lengthS = info.durationS ?? 0;
	const faults: string[] = [];
	const running = startProcess(tools.ffmpeg, args, {
		signal,
		cwd: folder,
		limits: { ...defaultLimits, filesMb: maxMb, cpuS: startCpuS + cpuSASecond * lengthS },
		env: { LC_ALL: 'C.UTF-8' },
		onStderrLine: (line) => noFont.test(line) && faults.push(line),
	});
	const decoder = new TextDecoder();
	for await (const chunk of running.stdout) {
		const doneUs = /out_time_us=(\d+)(?![\s\S]*out_time_us=\d)/.exec(decoder.decode(chunk))?.[1];
		if (doneUs !== undefined && lengthS > 0) onProgress(Math.min(1, Number(doneUs) / 1e6 / lengthS));
	}
	const end = await running.ended;
	signal.throwIfAborted();
	const death = faultOfEnd('ffmpeg', 'write', end);
	if (death) throw death;
	if (faults.length > 0)
		throw new AnalysisError('environment', 'write', 'no font is available: install fonts-dejavu-core');
	if (end.exitCode !== 0) {
		const why = end.stderrTail.trim().split('\n').at(-1) ?? '';
		throw new AnalysisError(
			/No space left|Read-only|File too large/.test(end.stderrTail) ? 'write-failed' : 'decode-failed',
			'write',
			why,
		);
	}
}

function writeFault(cause: Error): never {
	throw new AnalysisError('write-failed', 'write', cause.message, { cause });
}
