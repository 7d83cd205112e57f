import { execFile, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { figure, median, note, round } from './figure.ts';
import { residentMb } from './process-tree.ts';
import type { ServiceBench } from './service-bench.ts';
import { announce, forget } from './service-client.ts';

const run = promisify(execFile);

/** Compares `curl -T` into the service's disk store with `curl -T` into a server that only pipes to a file, alternately; and measures the memory. */
export async function benchUpload(
	{ service, folder, shortClip, quick, report }: ServiceBench,
	mb: number,
): Promise<void> {
	const { url, pid } = service;
	const file = await makeLargeVideo(folder, shortClip, mb);
	const sink = await startSink(folder);
	const storeRate: number[] = [];
	const sinkRate: number[] = [];
	const beforeMb = residentMb(pid);
	let peakMb = beforeMb;
	const watch = setInterval(() => {
		peakMb = Math.max(peakMb, residentMb(pid));
	}, 20);
	try {
		for (let turn = 0; turn < (quick ? 1 : 3); turn++) {
			await run('sync'); // flushes what the previous turn wrote, so that this one does not pay for it
			sinkRate.push(await curl(file, sink.url, {}));
			await run('sync');
			const ticket = await announce(url, file);
			storeRate.push(await curl(file, ticket.upload.url, ticket.upload.headers));
			await forget(url, ticket.id);
			note(`    store ${storeRate.at(-1)} MB/s, sink ${sinkRate.at(-1)} MB/s`);
		}
	} finally {
		clearInterval(watch);
		await sink.stop();
	}
	const ratios = storeRate.map((rate, i) => rate / (sinkRate[i] as number));
	report(
		figure(
			`upload of ${mb} MB: speed / speed of a plain sink`,
			round(median(ratios)),
			{ atLeast: 0.8 },
			{
				storeMbS: median(storeRate),
				sinkMbS: median(sinkRate),
				ratioRange: [round(Math.min(...ratios)), round(Math.max(...ratios))],
			},
		),
	);
	report(
		figure(
			`upload of ${mb} MB: extra memory of the HTTP process, MB`,
			round(peakMb - beforeMb, 0),
			{ atMost: 100 },
			{
				beforeMb: round(beforeMb, 0),
				peakMb: round(peakMb, 0),
			},
		),
	);
}

/** Megabytes per second of an upload; throws for a status other than 200 or 201. */
async function curl(file: string, url: string, headers: Readonly<Record<string, string>>): Promise<number> {
	const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
	const form = '\n%{http_code} %{speed_upload}';
	const { stdout } = await run('curl', ['-sS', '-T', file, ...given, '-w', form, url]);
	const [, status, bytesPerS] = /\n(\d+) ([\d.]+)$/.exec(stdout) ?? [];
	if (status !== '200' && status !== '201') throw new Error(`the upload returned ${status}: ${stdout}`);
	return round(Number(bytesPerS) / 1e6, 0);
}

/** Starts the sink in a separate process, like the service. */
async function startSink(folder: string): Promise<{ url: string; stop: () => Promise<void> }> {
	const target = join(folder, `sink-${process.pid}`);
	const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'file-sink.ts'), target], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [printed] = await once(child.stdout, 'data');
	return {
		url: `http://localhost:${printed.toString().trim()}/`,
		stop: async () => {
			const ended = once(child, 'exit');
			child.kill();
			await ended;
			await rm(target, { force: true });
		},
	};
}

/** Makes (once) a file of this size that begins as a video: a clip and a box of free space (ISO/IEC 14496-12, 8.1.2) with random bytes. */
export async function makeLargeVideo(folder: string, clip: string, mb: number): Promise<string> {
	const path = join(folder, `upload-${mb}mb.mp4`);
	const sizeBytes = mb * 1e6;
	if ((await stat(path).catch(() => null))?.size === sizeBytes) return path;
	const partial = `${path}.part`;
	{
		await using file = await open(partial, 'w');
		await using source = await open(clip);
		const head = await source.readFile();
		const box = Buffer.alloc(16);
		box.writeUInt32BE(1, 0); // the size follows in 64 bits
		box.write('free', 4, 'latin1');
		box.writeBigUInt64BE(BigInt(sizeBytes - head.length), 8);
		await file.writeFile(Buffer.concat([head, box]));
		const random = randomFillSync(Buffer.alloc(16e6));
		for (let left = sizeBytes - head.length - box.length; left > 0; left -= random.length)
			await file.writeFile(random.subarray(0, Math.min(left, random.length)));
	}
	await rename(partial, path);
	return path;
}
