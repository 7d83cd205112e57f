import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { runAnalysis } from '../../function/commands/run-analysis.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { checkFile } from '../../function/media/check-file.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { readPackets } from '../../function/media/read-packets.ts';
import { openEngine } from '../../function/open-engine.ts';
import { loopClip, makeClip } from './clips.ts';
import { type Figure, figure, median, note, round, seconds } from './figure.ts';

/** The arguments that read only the header. */
const quiet = ['-v', 'error', '-show_streams', '-show_format'];

const largeBytes = 4 * 1024 ** 3;

/** How much reading the packets of a file adds to its analysis, as a share of it, beyond reading the header; and how long it takes for a file of 4 GiB in the page cache. */
export async function benchPackets({ folder, quick }: { folder: string; quick: boolean }): Promise<Figure[]> {
	const runs = quick ? 1 : 5;
	const tools = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });
	const { signal } = new AbortController();
	const read = async (path: string) => await readPackets({ path, ...(await checkFile(path)), tools, signal });
	const clips = [
		makeClip(folder, 'hd-10s', 1920, 1080, 10, 30),
		makeClip(folder, 'sd-30s', 640, 480, 30, 25),
		makeClip(folder, 'sd-1min', 640, 480, 60, 25),
	];
	const engine = await openEngine({ onNotice: note });
	const plan = planSchema.parse({});
	const shares: Record<string, number> = {};
	for (const clip of clips) {
		const each: number[] = [];
		await runAnalysis(clip, plan, engine.stages, signal);
		for (let run = 0; run < runs; run++) {
			const headerS = await seconds(() => execFileSync(tools.ffprobe, [...quiet, clip], { stdio: 'ignore' }));
			const packetsS = await seconds(() => read(clip));
			const analysisS = await seconds(() => runAnalysis(clip, plan, engine.stages, signal));
			each.push((100 * Math.max(0, packetsS - headerS)) / analysisS);
		}
		shares[clip.split('/').at(-1) as string] = round(median(each), 1);
	}
	await engine.close();

	note('4 GiB …');
	const [hd = ''] = clips;
	const large = loopClip(folder, 'hd-4gib', hd, Math.ceil((10 * largeBytes) / statSync(hd).size));
	try {
		const { streams } = await read(large);
		const largeS: number[] = [];
		for (let run = 0; run < runs; run++) largeS.push(await seconds(() => read(large)));
		const details = { bytes: statSync(large).size, packets: streams.get(0)?.times.length };
		return [
			figure(
				'packets: % added to an analysis, the most expensive clip',
				Math.max(...Object.values(shares)),
				{ atMost: 5 },
				shares,
			),
			figure('packets of 4 GiB from memory, s', round(median(largeS)), { atMost: 3 }, details),
		];
	} finally {
		rmSync(large);
	}
}
