import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import type { Engine } from '../../function/open-engine.ts';
import { loadBuilt } from './built.ts';
import { loopClip, makeClip } from './clips.ts';
import { type Figure, figure, median, note, round, seconds } from './figure.ts';
import { treeMemoryMb } from './process-tree.ts';

const cli = join(packageRoot(), 'dist/function/cli.js');

const decodeOnly = (file: string) =>
	execFileSync('ffmpeg', ['-v', 'error', '-i', file, '-an', '-f', 'null', '-'], { stdio: 'ignore' });

const { openEngine, runAnalysis } = await loadBuilt();

const analyse = (engine: Engine, file: string, frames: number) =>
	runAnalysis(file, planSchema.parse({ frames }), engine.stages, new AbortController().signal);

/** Alternates analysis and decode-only, so that both see the same noise; medians and their ratio. */
async function againstDecoding(engine: Engine, file: string, runs: number) {
	const analysis: number[] = [];
	const decoding: number[] = [];
	await analyse(engine, file, 100);
	for (let run = 0; run < runs; run++) {
		decoding.push(await seconds(() => decodeOnly(file)));
		analysis.push(await seconds(() => analyse(engine, file, 100)));
	}
	const ratios = analysis.map((s, i) => s / (decoding[i] as number));
	return {
		analysisS: round(median(analysis)),
		decodeOnlyS: round(median(decoding)),
		ratio: round(median(ratios)),
		ratioRange: [round(Math.min(...ratios)), round(Math.max(...ratios))],
	};
}

/** Runs the command line on a file and watches the memory of its whole process tree. */
async function commandLine(file: string): Promise<{ peakMb: number; stdout: string }> {
	const child = spawn(process.execPath, [cli, 'analyse', file, '--frames', '100', '--json'], {
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	let peakMb = 0;
	const watch = setInterval(() => {
		peakMb = Math.max(peakMb, treeMemoryMb(child.pid as number));
	}, 50);
	let stdout = '';
	for await (const chunk of child.stdout) stdout += chunk;
	clearInterval(watch);
	return { peakMb: round(peakMb, 0), stdout };
}

/** A report's digest without the fields that may differ between two runs. */
function digestOf(json: string): string {
	const { timings: _timings, createdAt: _createdAt, ...rest } = JSON.parse(json);
	return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}

/** Speed and memory of the pipeline, as ratios to `ffmpeg -i FILE -an -f null -`, timed alternately; given files are timed together with the generated clips. */
export async function benchPipeline({
	folder,
	quick,
	files,
}: {
	folder: string;
	quick: boolean;
	files: readonly string[];
}): Promise<{ figures: Figure[]; ownFiles: Record<string, unknown> }> {
	const runs = quick ? 1 : 5;
	const hd = makeClip(folder, 'hd-10s', 1920, 1080, 10, 30);
	const uhd = makeClip(folder, 'uhd-10s-hevc', 3840, 2160, 10, 30, 'a.jpg', 'libx265');
	const sd = makeClip(folder, 'sd-30s', 640, 480, 30, 25);
	const minute = makeClip(folder, 'sd-1min', 640, 480, 60, 25);
	const hour = loopClip(folder, 'sd-1h', minute, 3600);
	const hdTenMinutes = loopClip(folder, 'hd-10min', hd, 600);

	const loadS: number[] = [];
	const firstFaceS: number[] = [];
	let engine: Engine | undefined;
	for (let run = 0; run < runs; run++) {
		await engine?.close();
		loadS.push(
			await seconds(async () => {
				engine = await openEngine({ onNotice: note });
			}),
		);
		firstFaceS.push((await analyse(engine as Engine, sd, 100)).timings.firstFaceS ?? Number.NaN);
	}
	const ready = engine as Engine;

	note('1080p, 10 s, N = 100 …');
	const hdRatio = await againstDecoding(ready, hd, runs);
	note('640 x 480, 30 s, N = 100 …');
	const sdRatio = await againstDecoding(ready, sd, runs);
	note('4K HEVC, 10 s, N = 100 …');
	const uhdRatio = await againstDecoding(ready, uhd, runs);
	const ownFiles: Record<string, unknown> = {};
	for (const file of files) ownFiles[file.split('/').at(-1) as string] = await againstDecoding(ready, file, runs);

	note('one hour against one minute …');
	const minuteS: number[] = [];
	const hourS: number[] = [];
	for (let run = 0; run < runs; run++) {
		minuteS.push(await seconds(() => analyse(ready, minute, 100)));
		hourS.push(await seconds(() => analyse(ready, hour, 100)));
	}
	await ready.close();

	note('memory …');
	const short = await commandLine(hd);
	const long = await commandLine(hdTenMinutes);
	const large = await commandLine(uhd);
	const again = await commandLine(hd);

	const hourRatio = median(hourS.map((s, i) => s / (minuteS[i] as number)));
	const figures = [
		figure('1080p 10 s, N = 100: times decode-only', hdRatio.ratio, { atMost: 2.0 }, hdRatio),
		figure('640 x 480 30 s, N = 100: times decode-only', sdRatio.ratio, { atMost: 2.3 }, sdRatio),
		figure('4K HEVC 10 s, N = 100: times decode-only', uhdRatio.ratio, { atMost: 1.8 }, uhdRatio),
		figure(
			'one hour / one minute, N = 100',
			round(hourRatio),
			{ atMost: 1.4 },
			{
				hourS: round(median(hourS)),
				minuteS: round(median(minuteS)),
			},
		),
		figure(
			'peak memory of the process tree, 1080p and 4K HEVC, MB',
			Math.max(short.peakMb, long.peakMb, large.peakMb),
			{ atMost: 500 },
			{
				'10 s': short.peakMb,
				'10 min': long.peakMb,
				'4K HEVC, 10 s': large.peakMb,
			},
		),
		figure('peak memory, 10 min and 10 s: difference in %', round(100 * Math.abs(long.peakMb / short.peakMb - 1), 1), {
			atMost: 10,
		}),
		figure('models loaded and ready, s', round(median(loadS)), { atMost: 0.4 }),
		figure('first scored face after that, s', round(median(firstFaceS)), { atMost: 0.35 }),
		figure('two runs differ apart from timings (0 = no)', digestOf(short.stdout) === digestOf(again.stdout) ? 0 : 1, {
			atMost: 0,
		}),
	];
	return { figures, ownFiles };
}
