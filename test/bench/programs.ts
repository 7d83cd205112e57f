import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';
import { makeClip } from './clips.ts';
import { type Figure, figure, median, note, round, seconds } from './figure.ts';
import { processorSecondsOfChildren } from './process-tree.ts';

const cli = join(packageRoot(), 'dist/function/cli.js');
const run = (program: string, args: readonly string[]) => execFileSync(program, args, { stdio: 'ignore' });

/** Wall-clock and processor seconds of a program and everything that it starts. */
async function timed(work: () => void): Promise<{ wallS: number; processorS: number }> {
	const before = processorSecondsOfChildren();
	const wallS = await seconds(work);
	return { wallS, processorS: processorSecondsOfChildren() - before };
}

/** The command line as a user experiences it: one short clip from a cold start, and many clips with `batch`, compared with decoding them. */
export async function benchPrograms({ folder, quick }: { folder: string; quick: boolean }): Promise<Figure[]> {
	return [await coldStart(folder, quick ? 1 : 5), await batchOfShort(folder, quick ? 10 : 200)];
}

async function coldStart(folder: string, runs: number): Promise<Figure> {
	const clip = makeClip(folder, 'sd-5s', 640, 480, 5, 25);
	const analyse = () => run(process.execPath, [cli, 'analyse', clip, '--quiet']);
	analyse(); // warms up the page cache, so that the program is measured and not the disk
	const each: Awaited<ReturnType<typeof timed>>[] = [];
	for (let i = 0; i < runs; i++) each.push(await timed(analyse));
	const wallS = each.map((one) => one.wallS);
	return figure(
		'`unmask analyse` of a 5 s clip, 640 x 480: whole process, s',
		round(median(wallS)),
		{ atMost: 1.5 },
		{
			range: [round(Math.min(...wallS)), round(Math.max(...wallS))],
			processorS: round(median(each.map(({ processorS }) => processorS))),
		},
	);
}

async function batchOfShort(folder: string, count: number): Promise<Figure> {
	note(`batch of ${count} short clips …`);
	const inputs = join(folder, `short-${count}`);
	const results = join(folder, 'short-results');
	const makes = ['a.jpg', 'b.jpg'].map((portrait) =>
		makeClip(folder, `sd-3s-${portrait[0]}`, 640, 480, 3, 25, portrait),
	);
	mkdirSync(inputs, { recursive: true });
	const clips = Array.from({ length: count }, (_, i) => join(inputs, `${i}.mp4`));
	for (const [i, clip] of clips.entries()) if (!existsSync(clip)) copyFileSync(makes[i % makes.length] as string, clip);
	rmSync(results, { recursive: true, force: true });
	const decoding = await timed(() => {
		for (const clip of clips) run('ffmpeg', ['-v', 'error', '-i', clip, '-an', '-f', 'null', '-']);
	});
	const batch = await timed(() => run(process.execPath, [cli, 'batch', inputs, '--out', results, '--quiet']));
	rmSync(results, { recursive: true, force: true });
	return figure(
		`batch of ${count} clips of 3 s, 640 x 480: times decode-only of all`,
		round(batch.wallS / decoding.wallS),
		{ atMost: 1.8 },
		{
			batchS: round(batch.wallS, 1),
			decodeOnlyS: round(decoding.wallS, 1),
			processorSAClip: round(batch.processorS / count, 3),
		},
	);
}
