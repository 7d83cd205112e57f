import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openMedia } from '../../function/media/open-media.ts';
import type { ProcessLimits } from '../../function/process/confine.ts';
import {
	confinement,
	defaultLimits,
	faultOfEnd,
	runProcess,
	startProcess,
	stopWhenSilent,
} from '../../function/process/run-process.ts';
import type { Frame } from '../../function/values.ts';
import { type ClipName, clip } from '../fixtures/make-clips.ts';
import { noSignal, tools } from './open-clip.ts';

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
	const media = await openMedia(path, { tools, signal });
	const sampled = media.frames({ frames, part: frames > 100 ? 'start' : 'whole' });
	return sampled.frames[Symbol.asyncIterator]() as AsyncGenerator<Frame>;
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

test.each(['SIGKILL', 'SIGTERM'])('a decoder killed by %s in mid-stream is an error, not the end', async (signal) => {
	const frames = await start('long.mp4', 1000);
	await frames.next();
	for (const pid of decoders()) process.kill(pid, signal);
	expect(await readRest(frames)).toBe('decoder-died');
});

test('stdout is read as fast as its reader consumes it', async () => {
	const frames = await start('long.mp4', 1000);
	await frames.next();
	await wait(300);
	expect(decoders()).toHaveLength(1); // 1000 frames of 9 kB do not fit into the pipe
	await frames.return(undefined);
});

test('a process inherits no environment, has no stdin, and its stderr is bounded', async () => {
	const { stdout } = await runProcess('/usr/bin/env', []);
	expect(stdout).toMatch(/^LC_ALL=C\n(_=.*\n)?$/); // bash as the shell names the program
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

test('a process without output for too long is stopped with time-limit', async () => {
	const { stdout, ended, stop } = startProcess('/bin/sleep', ['60']);
	await expect(async () => {
		for await (const _ of stopWhenSilent(stdout, stop, 50));
	}).rejects.toMatchObject({ code: 'time-limit' });
	expect((await ended).killedBy).toBe('SIGKILL');
});

test('a slow reader does not count as a silent process', async () => {
	const { stdout, stop } = startProcess('/bin/echo', ['here']);
	const chunks: Uint8Array[] = [];
	for await (const chunk of stopWhenSilent(stdout, stop, 500)) {
		chunks.push(chunk);
		await wait(700);
	}
	expect(Buffer.concat(chunks).toString()).toBe('here\n');
});

const runShell = (script: string, limits: Partial<ProcessLimits> = {}) =>
	runProcess('/bin/sh', ['-c', script], { limits: { ...defaultLimits, ...limits } });

test('a process cannot write files, leaves no core dump, and is killed before the service when memory runs out', async () => {
	const path = join(tmpdir(), `unmask-confined-${process.pid}`);
	const { stdout } = await runShell(
		`ulimit -c; cat /proc/self/oom_score_adj; (echo much > ${path}) 2>/dev/null; wc -c < ${path}; rm ${path}`,
	);
	expect(stdout.split('\n').map(Number)).toEqual([0, 900, 0, 0]);
});

test('a process that uses too much memory fails, and no other', async () => {
	const take = 'x=$(head -c 20000000 /dev/zero | tr "\\0" x); printf "$x" | wc -c';
	expect((await runShell(take, { memoryMb: 500, cpuS: null })).stdout).toBe('20000000\n');
	const { stdout, exitCode } = await runShell(take, { memoryMb: 10, cpuS: null });
	expect(stdout).toBe('');
	expect(exitCode).not.toBe(0);
	expect((await runShell('echo on')).stdout).toBe('on\n');
});

test('a process that uses too much CPU time ends with time-limit', async () => {
	const limits = { ...defaultLimits, cpuS: 1 };
	const source = ['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080'];
	const ffmpeg = await runProcess(tools.ffmpeg, ['-v', 'info', ...source, '-f', 'null', '-'], { limits });
	expect(faultOfEnd('ffmpeg', 'decode', ffmpeg)).toMatchObject({ code: 'time-limit', stage: 'decode' });
	expect(faultOfEnd('sh', 'decode', await runShell('kill -XCPU $$'))).toMatchObject({ code: 'time-limit' });
	expect(faultOfEnd('sh', 'decode', await runShell('kill -9 $$'))).toMatchObject({ code: 'decoder-died' });
	expect(faultOfEnd('sh', 'decode', await runShell('exit 1'))).toBeNull();
});

test.runIf(confinement().noNetwork)('a process has no network if the kernel allows that', async () => {
	const server = createServer((socket) => socket.end('reached'));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const ask = `require('net').connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`;
	expect((await runProcess(process.execPath, ['-e', ask], { limits: null })).stdout).toBe('reached\n');
	expect((await runProcess(process.execPath, ['-e', ask])).stdout).toBe('ENETUNREACH\n');
	server.close();
});

test('limits do not change frames or times', async () => {
	const args = ['-v', 'error', '-i', await clip('plain.mp4'), '-f', 'framemd5', '-'];
	const free = await runProcess(tools.ffmpeg, args, { limits: null });
	expect((await runProcess(tools.ffmpeg, args)).stdout).toBe(free.stdout);
});
