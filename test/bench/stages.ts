import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';
import { planSchema } from '../../function/contract/plan.ts';
import { createCropper } from '../../function/model/preprocess/align-crop.ts';
import { startRuntime } from '../../function/model/session.ts';
import type { Stages } from '../../function/pipeline.ts';
import { loadBuilt } from './built.ts';
import { makeClip } from './clips.ts';
import { type Figure, figure, median, note, round } from './figure.ts';
import { processorSecondsOfChildren, ticksASecond } from './process-tree.ts';

/** Shows where the time of an analysis goes: seconds of waiting by stage, which overlap, and processor seconds by kind of thread, which do not. Linux only. */
export async function benchStages({
	folder,
	quick,
	files,
}: {
	folder: string;
	quick: boolean;
	files: readonly string[];
}) {
	const runs = quick ? 1 : 5;
	const clips =
		files.length > 0
			? files
			: [makeClip(folder, 'hd-10s', 1920, 1080, 10, 30), makeClip(folder, 'sd-30s', 640, 480, 30, 25)];
	const { openEngine, runAnalysis } = await loadBuilt();
	const engine = await openEngine({ onNotice: note });
	const profile = profiler(runAnalysis, engine.stages);
	const figures: Figure[] = [];
	for (const clip of clips) {
		await profile(clip);
		const profiles: Profile[] = [];
		for (let run = 0; run < runs; run++) profiles.push(await profile(clip));
		const name = clip.split('/').at(-1);
		const middle = (read: (profile: Profile) => number) => round(median(profiles.map(read)));
		const names = (part: 'waitedS' | 'processorS') => [...new Set(profiles.flatMap((one) => Object.keys(one[part])))];
		const row = (part: 'waitedS' | 'processorS') =>
			Object.fromEntries(names(part).map((stage) => [stage, middle((one) => one[part][stage] ?? 0)]));
		const total = middle(({ processorS }) => Object.values(processorS).reduce((sum, s) => sum + s, 0));
		figures.push(
			figure(`${name}: processor seconds, N = 100`, total, {}, row('processorS')),
			figure(
				`${name}: seconds of waiting by stage (they overlap)`,
				middle(({ wallS }) => wallS),
				{},
				row('waitedS'),
			),
		);
	}
	await engine.close();
	return [...figures, await benchCrops()];
}

/** Processor milliseconds for one crop of a large face, by our code and by the equivalent graph. */
async function benchCrops(): Promise<Figure> {
	const [size, width, height] = [224, 604, 604]; // the graph used to get only the part of the frame that it reads
	const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) >> 5);
	const box = { x: 2.3, y: 1.7, width: 600, height: 600 };
	const runtime = startRuntime();
	const bytes = readFileSync(join(packageRoot(), `models/face-crop-${size}.onnx`));
	const graph = await runtime.open('crop', bytes, { provider: 'cpu', threads: 1 });
	const boxes = { data: Float32Array.of(box.x, box.y, box.x + box.width, box.y + box.height), shape: [1, 4] };
	const cut = createCropper(size);
	const ways = {
		ours: () => cut({ index: 0, timeS: 0, width, height, rgb }, [box]),
		graph: () => graph.run({ frame: { data: rgb, shape: [height, width, 3] }, boxes }, ['crops']),
	};
	const each = { ours: [] as number[], graph: [] as number[] };
	for (let run = -3; run < 15; run++)
		for (const name of ['ours', 'graph'] as const) {
			const before = process.cpuUsage();
			await ways[name]();
			const { user, system } = process.cpuUsage(before);
			if (run >= 0) each[name].push((user + system) / 1000);
		}
	await runtime.close();
	const details = { graphMs: round(median(each.graph), 1) };
	return figure('a crop of 600 px at 224: processor ms', round(median(each.ours), 1), {}, details);
}

type Profile = {
	readonly wallS: number;
	readonly waitedS: Record<string, number>;
	readonly processorS: Record<string, number>;
};

const profiler =
	(runAnalysis: Built['runAnalysis'], stages: Stages) =>
	async (clip: string): Promise<Profile> => {
		const waitedS: Record<string, number> = {};
		const [before, started] = [processorSeconds(), performance.now()];
		await runAnalysis(clip, planSchema.parse({ frames: 100 }), timed(stages, waitedS), new AbortController().signal);
		const wallS = (performance.now() - started) / 1000;
		const after = processorSeconds();
		const kinds = Object.keys(after).filter((kind) => (after[kind] ?? 0) - (before[kind] ?? 0) > 0.005);
		const processorS = Object.fromEntries(kinds.map((kind) => [kind, (after[kind] ?? 0) - (before[kind] ?? 0)]));
		return { wallS, waitedS, processorS };
	};

type Built = Awaited<ReturnType<typeof loadBuilt>>;

/** Wraps the stages, so that each adds the time from its call to its result to `waitedS`. */
function timed(stages: Stages, waitedS: Record<string, number>): Stages {
	const add = (name: string, started: number) => {
		waitedS[name] = (waitedS[name] ?? 0) + (performance.now() - started) / 1000;
	};
	const call =
		<Args extends unknown[], Answer>(name: (...args: Args) => string, work: (...args: Args) => Promise<Answer>) =>
		async (...args: Args) => {
			const started = performance.now();
			try {
				return await work(...args);
			} finally {
				add(name(...args), started);
			}
		};
	return {
		...stages,
		openMedia: call((..._) => 'open', stages.openMedia),
		detect: call((_, pass) => ('finder' in pass ? `finder ${pass.finder}` : `detector ${pass.side}`), stages.detect),
		identify: call((..._) => 'identify', stages.identify),
		encodeCrop: call((..._) => 'live pictures', stages.encodeCrop),
		async *cropFaces(frames, video) {
			yield* pulled(stages.cropFaces(frames, video), (started) => add('frames, faces and crops', started));
		},
		async *scoreFaces(groups) {
			yield* pulled(stages.scoreFaces(groups), (started) => add('until a frame is scored', started));
		},
	};
}

async function* pulled<Item>(items: AsyncIterable<Item>, add: (started: number) => void): AsyncGenerator<Item, void> {
	const iterator = items[Symbol.asyncIterator]();
	for (;;) {
		const started = performance.now();
		const next = await iterator.next();
		add(started);
		if (next.done) return;
		yield next.value;
	}
}

/** Processor seconds so far of this process by thread name, and of the ended processes that it started (proc_pid_stat(5)). */
function processorSeconds(): Record<string, number> {
	const found: Record<string, number> = {};
	const fields = (path: string) => {
		try {
			const [, name = '', rest = ''] = /\((.*)\) (.*)/.exec(readFileSync(path, 'utf8')) ?? [];
			return { name, values: rest.split(' ').map(Number) };
		} catch {
			return null; // the thread has ended
		}
	};
	for (const id of readdirSync('/proc/self/task')) {
		const thread = fields(`/proc/self/task/${id}/stat`);
		if (!thread) continue;
		const kind = Number(id) === process.pid ? 'main thread' : kindOfThread(thread.name);
		found[kind] = (found[kind] ?? 0) + ((thread.values[11] ?? 0) + (thread.values[12] ?? 0)) / ticksASecond;
	}
	found['ffmpeg and other processes'] = processorSecondsOfChildren();
	return found;
}

function kindOfThread(name: string): string {
	if (/^libuv-worker/.test(name)) return 'Node thread pool: files, sharp';
	if (/V8|Delayed/.test(name)) return 'garbage collection and compilation';
	return name === 'node' ? 'model threads' : `threads called ${name}`;
}
