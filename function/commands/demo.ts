import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot, parseConfig } from '../config.ts';
import type { Plan } from '../contract/plan.ts';
import { AnalysisError } from '../errors.ts';
import { writeReport } from '../evidence/write-report.ts';
import { type FfmpegTools, findFfmpeg } from '../media/find-ffmpeg.ts';
import { openEngine } from '../open-engine.ts';
import { runProcess } from '../process/run-process.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';
import { planFromOptions, tierOption } from './options.ts';
import { createProgressLine } from './progress-line.ts';
import { reportText } from './report-text.ts';
import { runAnalysis } from './run-analysis.ts';

/** What each clip shows, printed before its verdict so that a reader can see whether the program is right. */
const clips = [
	{ name: 'genuine', portrait: 'a.jpg', what: 'A genuine portrait, slowly zoomed:' },
	{ name: 'manipulated', portrait: 'a-blended.jpg', what: 'The same portrait with another person’s face blended in:' },
] as const;

/** `unmask demo`: needs nothing that is not in the package. */
export const demoCommand: DeclareCommand = (io, done) =>
	createCommand('unmask demo', io)
		.description(
			'Makes two short clips from public-domain portraits, one genuine and one with another face blended in, analyses both, prints the verdicts and writes the reports.',
		)
		.option('--out <folder>', 'where clips and reports are written', 'demo')
		.addOption(tierOption)
		.action(async ({ out, tier }) => {
			await showDemo(out, planFromOptions({ tier }), io);
			done(0);
		});

async function showDemo(out: string, plan: Plan, io: Io): Promise<void> {
	const onNotice = (text: string) => io.stderr.write(`${text}\n`);
	const { FFMPEG_PATH, PATH } = parseConfig();
	const tools = await findFfmpeg({ ffmpegPath: FFMPEG_PATH, searchPath: PATH, onNotice });
	const engine = await openEngine({ choice: plan, onNotice });
	try {
		for (const { name, portrait, what } of clips) {
			const folder = join(out, name);
			const clip = join(folder, `${name}.mp4`);
			await mkdir(folder, { recursive: true });
			await makeClip(tools, join(packageRoot(), 'test/fixtures/portraits', portrait), clip, io.signal);
			const progress = createProgressLine(`${name}.mp4`, io, false);
			const report = await runAnalysis(clip, plan, engine.stages, io.signal, { onEvent: progress.show });
			progress.clear();
			await writeReport(folder, report);
			io.stdout.write(`${what}\n${reportText(report, io)}  Report: ${join(folder, 'report.html')}\n\n`);
		}
	} finally {
		await engine.close();
	}
}

/** A 6 s clip that slowly zooms into a still; written under a temporary name and then renamed. */
async function makeClip({ ffmpeg }: FfmpegTools, picture: string, clip: string, signal: AbortSignal): Promise<void> {
	const zoom =
		"scale=1680:1680:flags=lanczos,zoompan=z='1+0.0012*on':x='(iw-iw/zoom)*0.4':y='(ih-ih/zoom)*0.3':d=150:s=640x640:fps=25";
	const partial = clip.replace(/\.mp4$/, '.part.mp4');
	const args = ['-v', 'error', '-y', '-i', picture, '-vf', `${zoom},format=yuv420p`, partial];
	try {
		const { exitCode, stderrTail } = await runProcess(ffmpeg, args, { signal, limits: null }); // no limits, because it writes a file
		if (exitCode !== 0) throw new AnalysisError('environment', 'environment', `ffmpeg: ${stderrTail}`);
		await rename(partial, clip);
	} finally {
		await rm(partial, { force: true });
	}
}
