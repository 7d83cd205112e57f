import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { reportSchema } from '../../function/contract/report.ts';
import { clip } from '../fixtures/make-clips.ts';
import { type FakeGcs, startFakeGcs } from '../tools/fake-gcs-server.ts';

/** The built command, as run by a user or a Cloud Run job. */

const cli = join(packageRoot(), 'dist/function/cli.js');
const portraits = join(packageRoot(), 'test/fixtures/portraits');
const part = 'part-00000-of-00001.jsonl';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-batch-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const start = (args: string[], env: Record<string, string> = {}) =>
	execa(process.execPath, [cli, 'batch', ...args, '--frames', '2', '--jobs', '1', '--json'], { reject: false, env });

async function run(args: string[], env: Record<string, string> = {}) {
	const { exitCode, stdout, stderr } = await start(args, env);
	return { exitCode, stderr, summary: stdout === '' ? null : JSON.parse(stdout) };
}

/** Starts the command and kills it as soon as `isTime`, without a chance to clean up. */
async function runAndKill(args: string[], isTime: () => Promise<boolean>, env: Record<string, string> = {}) {
	const child = start(args, env);
	let hasEnded = false;
	void child.then(() => (hasEnded = true));
	while (!hasEnded && !(await isTime())) await sleep(5);
	child.kill('SIGKILL');
	return (await child).signal;
}

async function makeSet(): Promise<string> {
	const set = join(folder, 'set');
	await mkdir(join(set, 'deep'), { recursive: true });
	for (const name of ['plain.mp4', 'plain.webm', 'plain.gif'] as const)
		await copyFile(await clip(name), join(set, name));
	for (const name of ['a.jpg', 'b.jpg']) await copyFile(join(portraits, name), join(set, 'deep', name));
	await writeFile(join(set, 'deep', 'torn.mp4'), '\0\0\0\x18ftypisom');
	return set;
}

describe('unmask batch on disk', () => {
	it('resumes after SIGKILL and repeats nothing', async () => {
		const set = await makeSet();
		const out = join(folder, 'out');
		const linesNow = async () => (await readFile(join(out, part), 'utf8').catch(() => '')).split('\n').slice(0, -1);
		expect(await runAndKill([set, '--out', out], async () => (await linesNow()).length >= 2)).toBe('SIGKILL');
		const before = await linesNow();
		expect(before.length).toBeLessThan(6);

		const { exitCode, stderr, summary } = await run([set, '--out', out]);
		expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' }); // one of them is not a video
		expect(summary).toMatchObject({ inputs: { all: 6, ofTask: 6, notMedia: 0 }, analysed: 6 - before.length });
		expect(summary.failures).toEqual({ truncated: 1 });
		const after = await linesNow();
		expect(after.slice(0, before.length)).toEqual(before);
		const documents = after.map((line) => JSON.parse(line));
		expect(new Set(documents.map(({ key }) => key)).size).toBe(6);
		expect(documents).toHaveLength(6);

		const portrait = documents.find(({ path }) => path.endsWith('a.jpg'));
		const whole = JSON.parse(await readFile(join(out, 'reports', `${portrait.key}.json`), 'utf8'));
		expect(reportSchema.parse(whole).tracks[0]?.moments[0]?.cropJpegBase64).toMatch(/^\/9j\//);
		expect((await readdir(join(out, 'reports'))).sort()).toEqual(documents.map(({ key }) => `${key}.json`).sort());

		const written = (await stat(join(out, part))).mtimeMs;
		expect((await run([set, '--out', out])).summary).toMatchObject({ analysed: 0, kept: 6 });
		expect((await stat(join(out, part))).mtimeMs).toBe(written);
	});

	it('stops in the middle of an input at SIGTERM, with the status for cancelled', async () => {
		const set = await makeSet();
		const out = join(folder, 'out');
		const child = start([set, '--out', out]);
		while ((await readFile(join(out, part), 'utf8').catch(() => '')) === '') await sleep(5);
		child.kill('SIGTERM');
		const { exitCode, stdout, stderr } = await child;
		expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
		expect(stderr).toMatch(/^Stopped after \d of 6 inputs; the same command resumes from there\.\n.*\[cancelled\]$/);
		const lines = (await readFile(join(out, part), 'utf8')).split('\n').slice(0, -1);
		expect(await readdir(join(out, 'reports'))).toHaveLength(lines.length);
	});
});

describe('unmask batch in Google Cloud Storage', () => {
	let gcs: FakeGcs;
	beforeAll(async () => {
		gcs = await startFakeGcs();
		for (const name of ['in', 'out'])
			await ask('/storage/v1/b', { method: 'POST', body: JSON.stringify({ name: `batch-${name}` }) });
		for (const file of [
			await clip('plain.mp4'),
			await clip('plain.gif'),
			join(portraits, 'a.jpg'),
			join(portraits, 'b.jpg'),
		])
			await put(`set/${file.split('/').at(-1)}`, await readFile(file));
		await put('set/torn.mp4', Buffer.from('\0\0\0\x18ftypisom'));
		await put('set/list.txt', Buffer.from('gs://batch-in/set/a.jpg\ngs://batch-in/set/missing.mp4\n'));
	});
	afterAll(() => gcs?.stop());

	async function ask(path: string, init?: RequestInit) {
		const response = await fetch(gcs.endpoint + path, init);
		if (!response.ok) throw new Error(`${path}: ${response.status}`);
		return response;
	}
	const put = (name: string, body: Buffer<ArrayBuffer>) =>
		ask(`/upload/storage/v1/b/batch-in/o?uploadType=media&name=${encodeURIComponent(name)}`, { method: 'POST', body });
	const objectsBelow = async (prefix: string): Promise<{ name: string; generation: string }[]> => {
		const response = await ask(`/storage/v1/b/batch-out/o?prefix=${encodeURIComponent(prefix)}`);
		return ((await response.json()) as { items?: { name: string; generation: string }[] }).items ?? [];
	};
	const documentsIn = async (name: string) => {
		const response = await ask(`/storage/v1/b/batch-out/o/${encodeURIComponent(name)}?alt=media`);
		return (await response.text())
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line));
	};
	const env = (more: Record<string, string> = {}) => ({ STORAGE_EMULATOR_HOST: gcs.endpoint, ...more });

	it('splits a prefix between tasks, each object handled by exactly one', async () => {
		const args = ['gs://batch-in/set/', '--out', 'gs://batch-out/tasks'];
		const task = (index: number) => env({ CLOUD_RUN_TASK_INDEX: `${index}`, CLOUD_RUN_TASK_COUNT: '2' });
		const ends = [await run(args, task(0)), await run(args, task(1))];
		expect(ends.map(({ stderr }) => stderr)).toEqual(['', '']);
		expect(ends.map(({ summary }) => summary.inputs.all)).toEqual([5, 5]);
		const names = (await objectsBelow('tasks/')).map(({ name }) => name);
		const parts = names.filter((name) => name.endsWith('.jsonl'));
		expect(parts).toEqual(['tasks/part-00000-of-00002.jsonl', 'tasks/part-00001-of-00002.jsonl']);
		const documents = (await Promise.all(parts.map(documentsIn))).flat();
		expect(documents.map(({ path }) => path).sort()).toEqual(
			['a.jpg', 'b.jpg', 'plain.gif', 'plain.mp4', 'torn.mp4'].map((name) => `gs://batch-in/set/${name}`),
		);
		for (const { path, report, error, generation } of documents) {
			expect(generation).toMatch(/^\d+$/);
			if (error) expect({ path, code: error.code }).toEqual({ path: 'gs://batch-in/set/torn.mp4', code: 'truncated' });
			else expect(path).toBe(`gs://batch-in/set/${report.fileName}`);
		}
		expect(names.filter((name) => name.startsWith('tasks/reports/'))).toHaveLength(5);

		const before = await objectsBelow('tasks/reports/');
		const again = await run(args, task(0));
		expect(again).toMatchObject({ stderr: '', summary: { analysed: 0, kept: ends[0]?.summary.inputs.ofTask } });
		expect(await objectsBelow('tasks/reports/')).toEqual(before);
	});

	it('resumes after SIGKILL; the result file exists once everything is done', async () => {
		const args = ['gs://batch-in/set/', '--out', 'gs://batch-out/killed/'];
		const reports = () => objectsBelow('killed/');
		expect(await runAndKill(args, async () => (await reports()).length >= 1, env())).toBe('SIGKILL');
		const before = await reports();
		expect(before.map(({ name }) => name)).not.toContain(`killed/${part}`);
		expect(await run(args, env())).toMatchObject({
			stderr: '',
			summary: { analysed: 5 - before.length, kept: before.length },
		});
		expect(await reports()).toEqual(expect.arrayContaining(before));
		expect(await documentsIn(`killed/${part}`)).toHaveLength(5);
	});

	it('reads a list from the bucket and writes results to disk', async () => {
		const { exitCode, summary } = await run(['@gs://batch-in/set/list.txt', '--out', join(folder, 'out')], env());
		expect(exitCode).toBe(3);
		expect(summary).toMatchObject({ inputs: { ofTask: 2 }, failures: { 'file-not-found': 1 } });
	});

	it('reports a missing bucket', async () => {
		const { exitCode, stderr } = await run(['gs://no-such-bucket/', '--out', join(folder, 'out')], env());
		expect(exitCode).toBe(3);
		expect(stderr).toMatch(/\[store-failed\]$/);
	});
});
