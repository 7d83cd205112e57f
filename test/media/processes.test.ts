import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { probe } from '../../function/media/probe.ts';
import { runProcess, startProcess, stopWhenSilent } from '../../function/media/run-process.ts';
import { sampleFrames } from '../../function/media/sample-frames.ts';
import type { Frame } from '../../function/values.ts';
import { type ClipName, clip } from '../fixtures/make-clips.ts';
import { noSignal, planOf, tools } from './open-clip.ts';

/** Ids of this process's children that run ffmpeg. */
function decoders(): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.filter((pid) => {
			try {
				const [, name = '', state = '', parent = ''] =
					/\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
				return name.startsWith('ff') && state !== 'Z' && Number(parent) === process.pid;
			} catch {
				return false;
			}
		})
		.map(Number);
}

const start = async (name: ClipName, frames: number, signal: AbortSignal = noSignal) => {
	const path = await clip(name);
	const plan = planOf({ frames, mode: frames > 100 ? 'first' : 'whole' });
	const video = await probe(path, plan, tools, noSignal);
	return sampleFrames(path, video, plan, tools, signal).frames[Symbol.asyncIterator]() as AsyncGenerator<Frame>;
};

async function readRest(frames: AsyncGenerator<Frame>): Promise<string> {
	try {
		for await (const _ of frames);
		return 'none';
	} catch (error) {
		return (error as { code?: string; name: string }).code?.toString() ?? (error as Error).name;
	}
}

test('nothing runs before the first pull', async () => {
	await start('long.mp4', 1000);
	expect(decoders()).toEqual([]);
});

test.each<[ClipName, number]>([
	['long.mp4', 1000],
	['sparse.mp4', 30],
])('leaving %s early leaves no process and no file', async (name, count) => {
	const before = readdirSync(tmpdir());
	const frames = await start(name, count);
	await frames.next();
	expect(decoders().length).toBeGreaterThan(0);
	await frames.return(undefined);
	expect(decoders()).toEqual([]);
	expect(readdirSync(tmpdir()).filter((entry) => !before.includes(entry) && !entry.startsWith('unmask-'))).toEqual([]);
});

test('an abort ends the decoder', async () => {
	const abort = new AbortController();
	const frames = await start('long.mp4', 1000, abort.signal);
	await frames.next();
	abort.abort();
	expect(await readRest(frames)).toMatch(/AbortError|20/);
	expect(decoders()).toEqual([]);
});

test.each(['SIGKILL', 'SIGTERM'])(
	'a decoder ended by %s in mid-stream is told, not taken for the end',
	async (signal) => {
		const frames = await start('long.mp4', 1000);
		await frames.next();
		for (const pid of decoders()) process.kill(pid, signal);
		expect(await readRest(frames)).toBe('decoder-died');
	},
);

test('stdout is read at the pace of its reader', async () => {
	const frames = await start('long.mp4', 1000);
	await frames.next();
	await wait(300);
	expect(decoders()).toHaveLength(1); // 1000 frames of 9 kB do not fit into the pipe
	await frames.return(undefined);
});

test('a process has no environment of ours, no stdin, and a bounded stderr', async () => {
	const { stdout } = await runProcess('/usr/bin/env', []);
	expect(stdout).toBe('LC_ALL=C\n');
	expect((await runProcess('/bin/cat', [])).stdout).toBe('');
	const noisy = await runProcess('/bin/sh', ['-c', 'yes error | head -c 1000000 >&2; exit 3']);
	expect(noisy.exitCode).toBe(3);
	expect(noisy.stderrTail.length).toBeLessThanOrEqual(4000);
	expect(await startProcess('/no/such/program', []).ended).toMatchObject({ exitCode: null, killedBy: null });
});

test('output beyond the limit kills the process', async () => {
	const { stdout, exitCode } = await runProcess('/usr/bin/yes', [], { maxBytes: 100_000 });
	expect(exitCode).not.toBe(0);
	expect(stdout.length).toBeLessThan(400_000);
});

test('a process that says nothing for too long is stopped and told as time-limit', async () => {
	const { stdout, ended, stop } = startProcess('/bin/sleep', ['60']);
	await expect(async () => {
		for await (const _ of stopWhenSilent(stdout, stop, 50));
	}).rejects.toMatchObject({ code: 'time-limit' });
	expect((await ended).killedBy).toBe('SIGKILL');
});

test('a reader that takes its time is not a silent process', async () => {
	const { stdout, stop } = startProcess('/bin/echo', ['here']);
	const chunks: Uint8Array[] = [];
	for await (const chunk of stopWhenSilent(stdout, stop, 500)) {
		chunks.push(chunk);
		await wait(700);
	}
	expect(Buffer.concat(chunks).toString()).toBe('here\n');
});
