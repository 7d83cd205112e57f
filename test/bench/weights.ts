import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../function/config.ts';
import { startRuntime } from '../../function/model/session.ts';
import { rebuildFile } from '../model/seed-weights.ts';
import { type Figure, figure, median, note, round } from './figure.ts';
import { peakMb } from './process-tree.ts';

/** Options; `python` is a Python with torch and torchvision. */
export type WeightsBench = {
	readonly folder: string;
	readonly quick: boolean;
	readonly python: string;
	readonly report: (figure: Figure) => void;
};

/** Threads of both sides: the two cores that the aims are for. */
const THREADS = 2;
/** Frames at a time: as in the pipeline, and as in the legacy application. */
const BATCHES = [4, 20];

/** Import of a 226 MB file in a separate process, and the model's time per frame compared with PyTorch's, in turn. */
export async function benchWeights({ folder, quick, python, report }: WeightsBench): Promise<void> {
	const own = join(folder, 'weights');
	await rm(own, { recursive: true, force: true });
	await mkdir(own, { recursive: true });
	const file = join(own, 'model_90_acc_20_frames_FF_data.pt');
	await rebuildFile('seed-zip', file);
	const megabytes = round((await stat(file)).size / 1e6, 0);
	const runs: { s: number; mb: number }[] = [];
	const models = join(own, 'models');
	for (let run = 0; run < (quick ? 1 : 5); run++) {
		await rm(models, { recursive: true, force: true });
		runs.push(await importOnce(file, models));
	}
	const spread = (values: number[]) => values.map((value) => round(value)).sort((a, b) => a - b);
	const seconds = runs.map(({ s }) => s);
	const peaks = runs.map(({ mb }) => mb);
	report(
		figure(
			`import of ${megabytes} MB of weights, s: median`,
			round(median(seconds)),
			{ atMost: 5 },
			{ all: spread(seconds) },
		),
	);
	report(
		figure('the same, peak memory, MB: highest', round(Math.max(...peaks), 0), { atMost: 400 }, { all: spread(peaks) }),
	);

	const rounds = quick ? 5 : 15;
	const onnx = join(models, 'model_90_acc_20_frames_ff_data.onnx');
	const first = await timeOurs(onnx, rounds);
	const theirs = await timeTorch(python, file, rounds).catch((error: Error) => {
		note(
			`PyTorch was not timed (${error.message.split('\n')[0]}); use --python to name a Python with torch and torchvision.`,
		);
		return null;
	});
	const second = await timeOurs(onnx, rounds);
	for (const batch of BATCHES) {
		const ours = median([...(first[batch] ?? []), ...(second[batch] ?? [])]);
		const their = theirs?.ms[batch];
		const details = { batch, ourMs: round(ours), torchMs: their && round(median(their)), torch: theirs?.torch };
		report(
			figure(
				`imported network, ${batch} at a time: time per frame / PyTorch's`,
				their ? round(ours / median(their)) : Number.NaN,
				{ atMost: 0.8 },
				details,
			),
		);
	}
	await rm(own, { recursive: true });
}

async function importOnce(file: string, models: string): Promise<{ s: number; mb: number }> {
	const start = performance.now();
	const args = [join(packageRoot(), 'dist/function/cli.js'), 'models', 'import', file];
	const child: ChildProcess = spawn(process.execPath, args, {
		env: { ...process.env, UNMASK_CUSTOM_MODELS: models },
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	let mb = 0;
	const watch = setInterval(() => {
		mb = Math.max(mb, peakMb(child.pid as number) || 0);
	}, 20);
	const [status] = await once(child, 'exit');
	clearInterval(watch);
	if (status !== 0) throw new Error(`unmask models import exited with ${status}`);
	return { s: (performance.now() - start) / 1000, mb };
}

/** Milliseconds per frame, one number per round, by frames at a time. */
async function timeOurs(onnx: string, rounds: number): Promise<Record<number, number[]>> {
	const runtime = startRuntime();
	const session = await runtime.open('imported', await readFile(onnx), { provider: 'cpu', threads: THREADS });
	const result: Record<number, number[]> = {};
	for (const batch of BATCHES) {
		const data = Float32Array.from({ length: batch * 3 * 112 * 112 }, Math.random);
		const times: number[] = [];
		for (let turn = -1; turn < rounds; turn++) {
			const start = performance.now();
			await session.run({ crops: { data, shape: [batch, 3, 112, 112] } }, ['logits', 'cam']);
			if (turn >= 0) times.push((performance.now() - start) / batch);
		}
		result[batch] = times;
	}
	await runtime.close();
	return result;
}

async function timeTorch(
	python: string,
	file: string,
	rounds: number,
): Promise<{ torch: string; ms: Record<number, number[]> }> {
	const script = join(packageRoot(), 'models/export/time_seed.py');
	const { stdout } = await promisify(execFile)(python, [
		script,
		file,
		`${THREADS}`,
		`${rounds}`,
		...BATCHES.map(String),
	]);
	return JSON.parse(stdout);
}
