import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inputAt } from '../../../function/batch/batch-input.ts';
import { declareBatch } from '../../../function/commands/batch.ts';
import type { OpenAnalyser } from '../../../function/commands/open-analyser.ts';
import { type Report, reportSchema } from '../../../function/contract/report.ts';
import { AnalysisError, type ErrorCode } from '../../../function/errors.ts';
import { memoryObjects } from '../batch/memory-objects.ts';
import { sampleReports } from '../sample-report.ts';
import { runDeclared } from './run-declared.ts';

let folder: string;
let sample: Report;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-batch-'));
	sample ??= await sampleReports.fake();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** An analyser that reads its result from the file: `fail:CODE`, or a report named by the content. */
function fakeAnalyser({ identity = 'model-1', onFile = (_content: string, _signal: AbortSignal): unknown => 0 } = {}) {
	const asked: string[] = [];
	const open: OpenAnalyser = async (plan) => ({
		identity,
		model: { id: 'm', sha256: '0'.repeat(64), isCustom: false },
		provenance: { tool: { name: 'unmask', version: '0' }, models: [], provider: 'cpu' },
		async analyseFile(file, signal) {
			const content = await readFile(file, 'utf8').catch((cause) => {
				throw new AnalysisError('file-not-found', 'probe', '', { cause });
			});
			asked.push(content);
			await onFile(content, signal);
			signal.throwIfAborted();
			if (content.startsWith('fail:')) throw new AnalysisError(content.slice(5) as ErrorCode, 'probe');
			return { ...sample, plan, fileName: basename(file), video: { ...sample.video, sha256: content } };
		},
		async close() {},
	});
	return { open, asked };
}

async function files(contents: Record<string, string>) {
	for (const [path, content] of Object.entries(contents)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), content);
	}
}

async function run(
	args: string[],
	{
		analyser = fakeAnalyser(),
		objects = memoryObjects({}),
		task = { index: 0, count: 1 },
		stdin = '',
		abort = new AbortController(),
	} = {},
) {
	const connections = {
		openAnalyser: analyser.open,
		openObjects: async () => objects,
		task,
		stdin: Readable.from([stdin]),
	};
	const end = await runDeclared((io, done) => declareBatch(io, done, connections), args, { signal: abort.signal });
	return { ...end, asked: analyser.asked };
}

const out = () => join(folder, 'out');
const args = (...more: string[]) => [join(folder, 'set'), '--out', out(), '--jobs', '1', ...more];
const part = 'part-00000-of-00001.jsonl';
const linesOf = async (name = part) => (await readFile(join(out(), name), 'utf8')).split('\n').slice(0, -1);
const documentsOf = async (name = part) => (await linesOf(name)).map((line) => JSON.parse(line));
const contents = async (name = part) => (await documentsOf(name)).map(({ sha256, error }) => sha256 ?? error.code);

const four = { 'set/a.mp4': 'A', 'set/b.mp4': 'fail:truncated', 'set/c.mp4': 'C', 'set/d.mp4': 'fail:file-changing' };

describe('unmask batch', () => {
	it('writes one line and one report per input, and prints the counts', async () => {
		await files({ ...four, 'set/README.md': 'x' });
		const { status, out: printed, err } = await run(args());
		expect(status).toBe(3);
		expect(err).toBe('');
		expect(printed.replaceAll(folder, '')).toMatchInlineSnapshot(`
			"4 inputs: 4 now, 0 before
			  likely-fake            2
			  likely-real            0
			  uncertain              0
			  not-applicable         0
			  failed                 2
			    truncated            1
			    file-changing        1
			  left out               1
			    /set/README.md: text
			Results: /out/part-00000-of-00001.jsonl
			Reports: /out/reports
			"
		`);

		const a = inputAt(join(folder, 'set/a.mp4'));
		const [first, second] = await documentsOf();
		expect(first).toMatchObject({
			...a,
			sizeBytes: 1,
			generation: null,
			sha256: 'A',
			report: { verdict: sample.verdict },
		});
		expect(second).toMatchObject({ path: join(folder, 'set/b.mp4'), error: { code: 'truncated', retryable: false } });
		expect((await readdir(join(out(), 'reports'))).sort()).toEqual(
			(await documentsOf()).map(({ key }) => `${key}.json`).sort(),
		);
		const kept = JSON.parse(await readFile(join(out(), 'reports', `${a.key}.json`), 'utf8'));
		expect(reportSchema.parse(kept)).toEqual({ ...sample, plan: kept.plan, fileName: 'a.mp4', video: kept.video });
	});

	it('leaves only the pictures out of a line', async () => {
		await files({ 'set/a.mp4': 'A' });
		await run(args());
		const [{ report }] = await documentsOf();
		const restored = structuredClone(report);
		for (const [t, track] of sample.tracks.entries())
			for (const [m, { cropJpegBase64 }] of track.moments.entries())
				restored.tracks[t].moments[m].cropJpegBase64 = cropJpegBase64;
		expect(sample.tracks.flatMap(({ moments }) => moments).length).toBeGreaterThan(3);
		expect(JSON.stringify(report)).not.toContain('cropJpegBase64');
		expect(restored).toEqual({ ...sample, plan: report.plan, fileName: 'a.mp4', video: report.video });
	});

	it('prints one JSON document for machines', async () => {
		await files(four);
		const summary = JSON.parse((await run(args('--json'))).out);
		expect(summary).toMatchObject({
			schema: 'unmask-batch/1',
			task: { index: 0, count: 1 },
			inputs: { all: 4, ofTask: 4, notMedia: 0, leftOut: [] },
			analysed: 4,
			kept: 0,
			outcomes: { 'likely-fake': 2, 'likely-real': 0, uncertain: 0, 'not-applicable': 0 },
			failures: { truncated: 1, 'file-changing': 1 },
			results: { part: join(out(), part), reports: join(out(), 'reports') },
		});
	});

	it('repeats only what changed (file, model, plan) and what may succeed now', async () => {
		await files(four);
		await run(args());
		const askedBy = async (more: string[] = [], identity = 'model-1') =>
			(await run(args(...more), { analyser: fakeAnalyser({ identity }) })).asked;
		expect(await askedBy()).toEqual(['fail:file-changing']);
		await utimes(join(folder, 'set/a.mp4'), 1, 1);
		expect(await askedBy()).toEqual(['A', 'fail:file-changing']);
		await files({ 'set/c.mp4': 'CC', 'set/d.mp4': 'D' });
		expect(await askedBy()).toEqual(['CC', 'D']);
		expect(await askedBy()).toEqual([]);
		expect(await askedBy(['--frames', '80'])).toHaveLength(4);
		expect(await askedBy(['--frames', '80'], 'model-2')).toHaveLength(4);
		expect((await contents()).sort()).toEqual(['A', 'CC', 'D', 'truncated']); // one line per input, the latest
	});

	it('resumes after Ctrl-C, which leaves nothing of the input in progress', async () => {
		await files(four);
		const abort = new AbortController();
		const stopped = await run(args(), { abort, analyser: fakeAnalyser({ onFile: (c) => c === 'C' && abort.abort() }) });
		expect(stopped).toMatchObject({ status: 3, code: 'cancelled', out: '', asked: ['A', 'fail:truncated', 'C'] });
		expect(stopped.err).toMatch(/^Stopped after 2 of 4 inputs; the same command resumes from there\.\n/);
		expect(await contents()).toEqual(['A', 'truncated']);
		expect(await readdir(join(out(), 'reports'))).toHaveLength(2);
		expect((await run(args())).asked).toEqual(['C', 'fail:file-changing']);
		expect(await contents()).toEqual(['A', 'truncated', 'C', 'file-changing']);
	});

	it('repairs what a kill left behind: a torn line, half a report', async () => {
		await files(four);
		await run(args());
		const before = await linesOf();
		await truncate(join(out(), part), (await readFile(join(out(), part))).length - 20);
		const c = join(out(), 'reports', `${inputAt(join(folder, 'set/c.mp4')).key}.json`);
		const half = join(out(), 'reports', '.half.json.0123456789ab.tmp');
		await writeFile(half, '{"half');
		await utimes(half, 1, 1);
		expect((await run(args())).asked).toEqual(['fail:file-changing']); // the torn one, which is retried anyway
		const after = await linesOf();
		expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
		expect(await contents()).toEqual(['A', 'truncated', 'C', 'file-changing']);
		await truncate(join(out(), part), 10);
		expect((await run(args())).asked).toEqual(['fail:file-changing']); // lines are restored from the reports
		expect((await linesOf()).slice(0, 3)).toEqual(before.slice(0, 3));
		await rm(c);
		await rm(join(out(), part));
		expect((await run(args())).asked).toEqual(['C', 'fail:file-changing']);
		expect((await readdir(join(out(), 'reports'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
	});

	it('skips lines that are not its own', async () => {
		await files(four);
		await run(args());
		await appendFile(join(out(), part), '{"key":"x"}\nnot json\n');
		expect((await run(args())).asked).toEqual(['fail:file-changing']);
		expect(await contents()).toEqual(['A', 'truncated', 'C', 'file-changing']);
	});

	it('keeps the lines of inputs that another command added', async () => {
		await files({ ...four, 'more/e.mp4': 'E' });
		await run([join(folder, 'more'), '--out', out()]);
		await run(args());
		expect(await contents()).toEqual(['E', 'A', 'truncated', 'C', 'file-changing']);
		expect((await run([join(folder, 'more'), '--out', out()])).asked).toEqual([]);
	});

	it('splits a list between tasks, and finds their results whatever their number', async () => {
		await files(Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`set/${i}.mp4`, `video ${i}`])));
		const tasks = [0, 1, 2].map((index) => ({ index, count: 3 }));
		const runs = await Promise.all(tasks.map((task) => run(args(), { task })));
		expect(runs.flatMap(({ asked }) => asked).sort()).toEqual(
			Array.from({ length: 12 }, (_, i) => `video ${i}`).sort(),
		);
		const parts = (await readdir(out())).filter((name) => name.endsWith('.jsonl'));
		expect(parts).toEqual(tasks.map(({ index }) => `part-0000${index}-of-00003.jsonl`));
		const lines = (await Promise.all(parts.map(contents))).flat();
		expect(lines.sort()).toEqual(Array.from({ length: 12 }, (_, i) => `video ${i}`).sort());
		expect(runs[1]?.out).toMatch(/^\d inputs? of 12 in all, task 1 of 3: \d now, 0 before\n/);

		expect((await run(args())).asked).toEqual([]); // one task instead of three
		expect(await linesOf()).toHaveLength(12);
	});

	it('leaves the originals unchanged', async () => {
		await files(four);
		await utimes(join(folder, 'set/a.mp4'), 1, 1);
		await run(args());
		for (const [path, content] of Object.entries(four))
			expect(await readFile(join(folder, path), 'utf8')).toBe(content);
		expect(await readdir(join(folder, 'set'))).toHaveLength(4);
	});

	it('reports a missing file as a failure, and analyses it once it exists', async () => {
		const missing = join(folder, 'late.mp4');
		expect(await run([missing, '--out', out()])).toMatchObject({ status: 3, asked: [] });
		expect(await contents()).toEqual(['file-not-found']);
		await files({ 'late.mp4': 'L' });
		expect(await run([missing, '--out', out()])).toMatchObject({ status: 0, asked: ['L'] });
		expect(await contents()).toEqual(['L']);
	});

	it.each([
		['model-damaged', 'a fault that all would meet'],
		['ffmpeg-missing', 'a fault that all would meet'],
	])('stops at %s, %s', async (code) => {
		await files({ ...four, 'set/b.mp4': `fail:${code}` });
		expect(await run(args())).toMatchObject({ code, asked: ['A', `fail:${code}`] });
		expect(await contents()).toEqual(['A']);
	});

	it('reports where it cannot write', async () => {
		await files({ ...four, out: 'a file in the way' });
		expect(await run(args())).toMatchObject({ code: 'write-failed', asked: [] });
	});

	it.each([
		[['x.mp4'], "Required option '--out <folder|gs://bucket/prefix>' not specified."],
		[['--out', 'x'], "Missing required argument 'inputs'."],
		[['x.mp4', '--out', ''], '--out needs a value.'],
		[['x.mp4', '--out', '--json'], '--json was taken as the value of the option before it'],
		[['x.mp4', '--out', 'gs://'], "'gs://' is not an address"],
		[['x.mp4', '--out', 'x', '--jobs', '0'], '--jobs takes'],
		[['gs:///x', '--out', 'x'], "'gs:///x' is not an address"],
	])('refuses %j', async (given, sentence) => {
		const { status, code, err } = await run(given);
		expect({ status, code }).toEqual({ status: 2, code: 'usage' });
		expect(err).toContain(sentence);
	});

	it('rejects a task number that does not exist', async () => {
		await files(four);
		expect(await run(args(), { task: { index: 3, count: 3 } })).toMatchObject({ code: 'environment' });
	});

	it('prints its help', async () => {
		const help = await run(['--help']);
		expect(help.status).toBe(0);
		expect(help.out).toContain('--out <folder|gs://bucket/prefix>');
	});
});

describe('unmask batch with objects', () => {
	const inBucket = {
		'gs://in/a.mp4': 'A',
		'gs://in/deep/b.mp4': 'fail:truncated',
		'gs://in/c.mp4': 'fail:decoder-died',
	};
	const toBucket = ['gs://in', '--out', 'gs://out/run 1/', '--jobs', '1'];
	const partAddress = `gs://out/run 1/${part}`;

	it('stores reports as objects and assembles the part file from them', async () => {
		const objects = memoryObjects(inBucket);
		const { status, out: printed } = await run(toBucket, { objects });
		expect(status).toBe(3);
		expect(printed).toContain(`Results: ${partAddress}\nReports: gs://out/run 1/reports/\n`);
		const lines = (objects.kept.get(partAddress)?.text ?? '')
			.trimEnd()
			.split('\n')
			.map((line) => JSON.parse(line));
		expect(
			lines.map(({ path, generation, sizeBytes, modifiedMs }) => [path, generation, sizeBytes, modifiedMs]),
		).toEqual([
			['gs://in/a.mp4', '1', 1, null],
			['gs://in/c.mp4', '3', 17, null],
			['gs://in/deep/b.mp4', '2', 14, null],
		]);
		expect(lines[0].report.fileName).toBe('a.mp4');
		expect(objects.writes).toEqual([...lines.map(({ key }) => `run 1/reports/${key}.json`), `run 1/${part}`]);
	});

	it('resumes after a stop; repeats a new generation and what may succeed now', async () => {
		const objects = memoryObjects(inBucket);
		const abort = new AbortController();
		const analyser = fakeAnalyser({ onFile: (content) => content === 'fail:decoder-died' && abort.abort() });
		expect(await run(toBucket, { objects, abort, analyser })).toMatchObject({ code: 'cancelled' });
		expect(objects.kept.has(partAddress)).toBe(false);
		expect((await run(toBucket, { objects })).asked).toEqual(['fail:decoder-died', 'fail:truncated']);
		await objects.write('in', 'a.mp4', '', Readable.from(['AA']));
		expect((await run(toBucket, { objects })).asked).toEqual(['AA', 'fail:decoder-died']);
		expect(objects.kept.get(partAddress)?.text.trimEnd().split('\n')).toHaveLength(3);
	});

	it('downloads objects to a folder, leaves no temporary file, and reports a missing one', async () => {
		const objects = memoryObjects(inBucket);
		const stdin = 'gs://in/a.mp4\ngs://in/missing.mp4\n';
		expect(await run(['-', '--out', out()], { objects, stdin })).toMatchObject({ status: 3, asked: ['A'] });
		expect((await contents()).sort()).toEqual(['A', 'file-not-found']);
	});

	it('retries an object that the store failed to deliver', async () => {
		const objects = memoryObjects(inBucket);
		const failing = {
			...objects,
			find: async (bucket: string, name: string) => {
				if (name === 'a.mp4') throw new AnalysisError('store-failed', 'store');
				return objects.find(bucket, name);
			},
			download: async (...given: Parameters<typeof objects.download>) => {
				if (given[1] === 'deep/b.mp4') throw new AnalysisError('store-failed', 'store');
				return objects.download(...given);
			},
		};
		expect((await run(toBucket, { objects: failing })).asked).toEqual(['fail:decoder-died']);
		expect((await run(toBucket, { objects })).asked).toEqual(['A', 'fail:decoder-died', 'fail:truncated']);
	});
});
