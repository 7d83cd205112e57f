import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { declareEval } from '../../../function/commands/eval.ts';
import type { OpenAnalyser } from '../../../function/commands/open-analyser.ts';
import type { Plan } from '../../../function/contract/plan.ts';
import { type Outcome, type Report, reportSchema } from '../../../function/contract/report.ts';
import { AnalysisError, type ErrorCode } from '../../../function/errors.ts';
import type { EvalSummary } from '../../../function/eval/format.ts';
import { addModel } from '../../../function/model/custom-models.ts';
import { resnext50LstmSpec } from '../../../function/model/presets.ts';
import { sigmoid } from '../../../function/statistics.ts';
import { runDeclared } from './run-declared.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-eval-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The fields of a pipeline report that an evaluation reads. */
function reportOf(
	fileName: string,
	plan: Plan,
	outcome: Outcome,
	fakeProbability: number | null,
	logit = Math.log((fakeProbability ?? 0.5) / (1 - (fakeProbability ?? 0.5))),
): Report {
	const track = { trackId: 1, outcome, reasons: [], fakeProbability, interval: null, logit, startS: 0, endS: 0 };
	return reportSchema.parse({
		schema: 'unmask-report/1',
		tool: { name: 'unmask', version: '0' },
		createdAt: '2026-01-01T00:00:00Z',
		fileName,
		video: {
			container: 'mp4',
			codec: 'h264',
			kind: fileName.includes('still') ? 'image' : 'video',
			durationS: 1,
			width: 64,
			height: 64,
			fps: 25,
			rotationDeg: 0,
			sizeBytes: 1,
			sha256: '0',
		},
		plan,
		verdict: {
			outcome,
			reasons: [],
			fakeProbability,
			interval: null,
			trackId: fakeProbability === null ? null : 1,
			sentence: '',
		},
		tracks: fakeProbability === null ? [] : [{ ...track, facesJudged: 1, faces: [], moments: [] }],
		coverage: {
			framesRequested: 1,
			framesSampled: 1,
			framesCorrupt: 0,
			framesWithoutFace: 0,
			facesFound: fakeProbability === null ? 0 : 1,
			facesExcluded: {},
			sampling: 'linear',
			fellBackToLinear: false,
			firstFrameS: 0,
			lastFrameS: 0,
		},
		errorRates: { falseAlarm: null, missed: null },
		thresholds: { likelyFakeAbove: 0.8, likelyRealBelow: 0.2 },
		models: [],
		provider: 'cpu',
		environment: { node: '', onnxruntime: '', ffmpeg: '' },
		timings: { totalS: 0.1, firstFaceS: null },
	});
}

/** A report of a video with one likely-fake part, `55-60`. */
function partlyFake(fileName: string, plan: Plan, part: string): Report {
	const report = reportOf(fileName, plan, 'likely-fake', 0.95, 3);
	const [startS = 0, endS = 0] = part.split('-').map(Number);
	const segments = [{ startS, endS, outcome: 'likely-fake' as const, fakeProbability: 0.95, logit: 3, facesJudged: 9 }];
	return { ...report, tracks: report.tracks.map((track) => ({ ...track, reasons: ['segments-disagree'], segments })) };
}

/** An analyser that reads its result from the file: `0.93`, `logit:40`, `no-face`, `fail:CODE`. It records what it was asked for. */
function fakeAnalyser({ identity = 'model-1', isCustom = false, onFile = (_: string) => {} } = {}) {
	const asked: string[] = [];
	let closed = 0;
	const open: OpenAnalyser = async (plan) => ({
		identity,
		model: { id: 'm', sha256: '0'.repeat(64), isCustom },
		provenance: { tool: { name: 'unmask', version: '0' }, models: [], provider: 'cpu' },
		async analyseFile(file, signal) {
			signal.throwIfAborted();
			asked.push(basename(file));
			onFile(basename(file));
			const content = await readFile(file, 'utf8').catch((cause) => {
				throw new AnalysisError('file-not-found', 'probe', file, { cause });
			});
			if (content === 'crash') throw new TypeError('x is not a function');
			if (content.startsWith('fail:')) throw new AnalysisError(content.slice(5) as ErrorCode, 'probe');
			if (content === 'no-face') return reportOf(basename(file), plan, 'not-applicable', null);
			if (content.startsWith('logit:')) {
				const logit = Number(content.slice(6));
				return reportOf(basename(file), plan, 'uncertain', sigmoid(logit), logit);
			}
			if (content.startsWith('stretch:')) return partlyFake(basename(file), plan, content.slice(8));
			const p = Number(content);
			return reportOf(basename(file), plan, p > 0.8 ? 'likely-fake' : p < 0.2 ? 'likely-real' : 'uncertain', p);
		},
		async close() {
			closed++;
		},
	});
	return { open, asked, closed: () => closed };
}

async function files(contents: Record<string, string>) {
	for (const [path, content] of Object.entries(contents)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), content);
	}
}

async function run(args: string[], analyser = fakeAnalyser(), signal = new AbortController().signal) {
	const end = await runDeclared((io, done) => declareEval(io, done, analyser.open), args, { signal });
	return { ...end, summary: () => JSON.parse(end.out) as EvalSummary };
}

const mixed = {
	'set/videos/real/a.mp4': '0.1',
	'set/videos/real/b.mp4': '0.9',
	'set/videos/fake/c.mp4': '0.95',
	'set/videos/fake/d.mp4': '0.5',
	'set/crops/real/e_1.jpg': '0.05',
	'set/crops/real/e_2.jpg': '0.3',
	'set/crops/fake/f_1.jpg': '0.15',
	'set/crops/fake/f_2.jpg': 'no-face',
};

describe('unmask eval', () => {
	it('measures manipulated stretches if the list has them', async () => {
		await files({
			'a.mp4': 'stretch:55.5-60',
			'b.mp4': '0.1',
			'c.mp4': '0.1',
			'whole.mp4': '0.9',
			'list.csv':
				'path,label,group,segments\na.mp4,fake,g,55-60\nb.mp4,fake,g,10-11\nc.mp4,real,g,\nwhole.mp4,fake,g,\n',
		});
		const { out } = await run([join(folder, 'list.csv'), '--out', join(folder, 'out')]);
		expect(out.split('\n').slice(16, 27).join('\n')).toMatchInlineSnapshot(`
			"  temporal IoU          0.450                 mean over 2 videos with 2 manipulated stretches
			  AP at IoU 0.5         0.500                 of all stretches found
			  AP at IoU 0.75        0.500                 of all stretches found
			  found, up to 1 s      0.0 %  [0.0, 79.3]    0 of 1
			    times within 1 s    0.0 %  [0.0, 79.3]    0 of 1
			  found, up to 5 s    100.0 %  [20.7, 100.0]  1 of 1
			    times within 1 s  100.0 %  [20.7, 100.0]  1 of 1
			  found, up to 1 s      0.0 %  [0.0, 79.3]    0 of 1 whose whole clip is called fake, genuine footage not
			    times within 1 s    0.0 %  [0.0, 79.3]    0 of 1
			  found, up to 5 s    100.0 %  [20.7, 100.0]  1 of 1 whose whole clip is called fake, genuine footage not
			    times within 1 s  100.0 %  [20.7, 100.0]  1 of 1"
		`);
		expect(await readFile(join(folder, 'out/items.csv'), 'utf8')).toContain(',55-60,55.5-60\n');
		const json = await run([join(folder, 'list.csv'), '--json', '--out', join(folder, 'out')]);
		expect(json.summary().all.stretches).toMatchObject({ videos: 2, stretches: 2, meanIou: 0.45 });
	});

	it('does not count the parts of a footage that is called fake without its manipulation', async () => {
		await files({
			'part.mp4': 'stretch:0-60',
			'real.mp4': '0.9',
			'whole.mp4': '0.9',
			'list.csv': 'path,label,group,segments\npart.mp4,fake,g,55-60\nreal.mp4,real,g,\nwhole.mp4,fake,g,\n',
		});
		const json = await run([join(folder, 'list.csv'), '--json']);
		expect(json.summary().all.stretches).toMatchObject({
			byLength: [{ found: { n: 1 } }],
			byLengthWhereWholeIsFound: [],
		});
	});

	it('prints one block for everything and one per set', async () => {
		await files({ ...mixed, 'set/README.md': 'x', 'set/extra.mp4': '0.5' });
		const { status, out, err } = await run([join(folder, 'set')]);
		expect(status).toBe(0);
		expect(err).toBe('');
		expect(out).toMatchInlineSnapshot(`
			"All sets: 8 items, 4 real, 4 fake, 6 groups
			  scored                  7                  4 real, 3 fake
			  without a score         1                  1 not applicable; in no measure of ranking
			  failed                  0                  could not be analysed
			  face found         87.5 %  [52.9, 97.8]    7 of 8 analysed
			  AUC                 0.750  [0.200, 1.000]  a class has fewer than 10 groups: the interval is rough
			  TPR at 1 % FPR     33.3 %                  only 4 reals: too few for one false positive
			  TPR at 5 % FPR     33.3 %                  only 4 reals: too few for one false positive
			  TPR at 10 % FPR    33.3 %                  only 4 reals: too few for one false positive
			  EER                33.3 %
			  log loss            0.780                  a coin flip scores 0.693
			  Brier score         0.270                  a coin flip scores 0.250
			  ECE                 0.393                  15 bins
			  coverage           62.5 %  [30.6, 86.3]    5 of 8 called real or fake
			  accuracy of those  60.0 %  [23.1, 88.2]    3 of 5 right
			  false alarms       25.0 %  [4.6, 69.9]     1 of 4 reals called fake
			  misses             33.3 %  [6.1, 79.2]     1 of 3 fakes called real

			Set crops: 4 items, 2 real, 2 fake, 2 groups
			  scored                   3                 2 real, 1 fake
			  without a score          1                 1 not applicable; in no measure of ranking
			  failed                   0                 could not be analysed
			  face found          75.0 %  [30.1, 95.4]   3 of 4 analysed
			  AUC                  0.500                 no interval: a class has one group only
			  TPR at 1 % FPR       0.0 %                 only 2 reals: too few for one false positive
			  TPR at 5 % FPR       0.0 %                 only 2 reals: too few for one false positive
			  TPR at 10 % FPR      0.0 %                 only 2 reals: too few for one false positive
			  EER                 50.0 %
			  log loss             0.768                 a coin flip scores 0.693
			  Brier score          0.272                 a coin flip scores 0.250
			  ECE                  0.400                 15 bins
			  coverage            50.0 %  [15.0, 85.0]   2 of 4 called real or fake
			  accuracy of those   50.0 %  [9.5, 90.5]    1 of 2 right
			  false alarms         0.0 %  [0.0, 65.8]    0 of 2 reals called fake
			  misses             100.0 %  [20.7, 100.0]  1 of 1 fakes called real

			Set videos: 4 items, 2 real, 2 fake, 4 groups
			  scored                   4                  2 real, 2 fake
			  failed                   0                  could not be analysed
			  face found         100.0 %  [51.0, 100.0]   4 of 4 analysed
			  AUC                  0.750  [0.000, 1.000]  a class has fewer than 10 groups: the interval is rough
			  TPR at 1 % FPR      50.0 %                  only 2 reals: too few for one false positive
			  TPR at 5 % FPR      50.0 %                  only 2 reals: too few for one false positive
			  TPR at 10 % FPR     50.0 %                  only 2 reals: too few for one false positive
			  EER                 50.0 %
			  log loss             0.788                  a coin flip scores 0.693
			  Brier score          0.268                  a coin flip scores 0.250
			  ECE                  0.388                  15 bins
			  coverage            75.0 %  [30.1, 95.4]    3 of 4 called real or fake
			  accuracy of those   66.7 %  [20.8, 93.9]    2 of 3 right
			  false alarms        50.0 %  [9.5, 90.5]     1 of 2 reals called fake
			  misses               0.0 %  [0.0, 65.8]     0 of 2 fakes called real

			Intervals are 95 %: of the AUC by bootstrap over groups (whole clips), of shares by Wilson as if items were independent.
			Left out, 2 files:
			  extra.mp4: outside of real and fake
			  README.md: text
			"
		`);
	});

	it('prints exactly one JSON document with --json, the same twice', async () => {
		await files(mixed);
		const args = [join(folder, 'set'), '--json'];
		const first = await run(args);
		const { all, sets } = first.summary();
		// scored: reals .1 .9 .05 .3, fakes .95 .5 .15; fakes above reals in 4 + 3 + 2 of 12 pairs
		expect(all.auc).toBeCloseTo(9 / 12, 12);
		expect(all).toMatchObject({ items: 8, real: 4, fake: 4, groups: 6, scoredReal: 4, scoredFake: 3 });
		expect(all).toMatchObject({ unscored: 1, notApplicable: 1, failed: 0 });
		expect(all.coverage).toMatchObject({ count: 5, n: 8 });
		expect(all.accuracy).toMatchObject({ count: 3, n: 5 });
		expect(all.falseAlarms).toMatchObject({ count: 1, n: 4 });
		expect(all.misses).toMatchObject({ count: 1, n: 3 });
		expect(all.faceFound).toMatchObject({ count: 7, n: 8 });
		expect(sets.map((set) => [set.set, set.items])).toEqual([
			['crops', 4],
			['videos', 4],
		]);
		expect((await run(args)).out).toBe(first.out);
	});

	it('counts failures separately, continues after them, lists them, and exits with 3', async () => {
		await files({
			'real/a.mp4': '0.1',
			'real/b.mp4': 'fail:truncated',
			'real/c.mp4': 'crash',
			'fake/d.mp4': '0.9',
			'fake/e.mp4': '0.8',
		});
		const { status, summary } = await run([folder, '--json']);
		expect(status).toBe(3);
		expect(summary().all).toMatchObject({ items: 5, failed: 2, scoredReal: 1, scoredFake: 2, auc: 1 });
		expect(summary().all.coverage).toMatchObject({ count: 2, n: 5 });
		expect(summary().failures).toEqual([
			{ path: 'real/b.mp4', code: 'truncated', message: expect.stringContaining('incomplete') },
			{ path: 'real/c.mp4', code: 'internal', message: expect.stringContaining('x is not a function') },
		]);
		expect((await run([folder])).out).toContain('real/b.mp4: The file is incomplete');
	});

	it('accepts a CSV, and counts a missing file as a failure', async () => {
		await files({
			'x.mp4': '0.9',
			'y.mp4': '0.1',
			'list.csv': 'path,label,group,set\nx.mp4,1,g,A\ny.mp4,0,g,A\nz.mp4,0,h,B\n',
		});
		const { status, summary } = await run([join(folder, 'list.csv'), '--json']);
		expect(status).toBe(3);
		expect(summary().all).toMatchObject({ items: 3, groups: 2, failed: 1, auc: 1 });
		expect(summary().sets.map((set) => set.set)).toEqual(['A', 'B']);
	});

	it('ranks by the logit, which still differs when the probability has become 1', async () => {
		const logits = { real: [41, 42, 43], fake: [44, 45, 46] };
		for (const [label, values] of Object.entries(logits))
			for (const value of values) await files({ [`${label}/${value}.mp4`]: `logit:${value}` });
		const { all } = (await run([folder, '--json'])).summary();
		expect(all.auc).toBe(1);
		expect(all.tprAtFpr?.[0]).toMatchObject({ tpr: 1, threshold: 1 });
	});

	it('explains that one class cannot be ranked, and never prints NaN', async () => {
		await files({ 'fake/a.mp4': '0.9', 'fake/b.mp4': '0.4' });
		const { status, out } = await run([folder]);
		expect(status).toBe(0);
		expect(out).toMatch(/AUC, TPR, EER +- +needs both classes, and no real was scored/);
		expect(out).not.toContain('NaN');
		await files({ 'fake/a.mp4': 'no-face', 'fake/b.mp4': 'no-face' });
		expect((await run([folder])).out).toMatch(/nothing was scored/);
	});

	it('passes on plan and provider, without heat maps', async () => {
		await files({ 'fake/a.mp4': '0.9' });
		const analyser = fakeAnalyser();
		let given: unknown;
		const open: OpenAnalyser = (plan, options) => {
			given = { plan, provider: options.provider };
			return analyser.open(plan, options);
		};
		const args = [
			folder,
			'--frames',
			'10',
			'--mode',
			'first',
			'--model',
			'm',
			'--provider',
			'cpu',
			'--max-duration',
			'9',
		];
		await run(args, { ...analyser, open });
		expect(given).toEqual({
			plan: {
				frames: 10,
				refine: 'auto',
				stability: false,
				mode: 'first',
				model: 'm',
				tier: null,
				fromS: null,
				toS: null,
				maxDurationS: 9,
				heatMaps: false,
				crops: false,
			},
			provider: 'cpu',
		});
		expect(analyser.closed()).toBe(1);
	});

	it('analyses several files concurrently and keeps the order of the list', async () => {
		const many = Object.fromEntries(
			Array.from({ length: 40 }, (_, i) => [`${i % 2 ? 'fake' : 'real'}/${i}.mp4`, `${i / 40}`]),
		);
		await files(many);
		const [one, four] = [await run([folder, '--json']), await run([folder, '--json', '--jobs', '4'])];
		expect(four.out).toBe(one.out);
	});
});

describe('unmask eval --calibrate', () => {
	afterEach(() => vi.unstubAllEnvs());

	it('uses logits that the probability cannot resolve, and the kind found in the bytes', async () => {
		const models = join(folder, 'models');
		vi.stubEnv('UNMASK_CUSTOM_MODELS', models);
		await files({ 'm.onnx': 'a graph that nobody opens' });
		const about = { spec: resnext50LstmSpec, licence: '', madeBy: '' };
		await addModel(models, { id: 'm', path: join(folder, 'm.onnx'), ...about });
		const set: Record<string, string> = {};
		for (let i = 0; i < 60; i++) {
			set[`set/real/${i}.gif`] = `logit:${60 + i / 100}`;
			set[`set/fake/still ${i}.gif`] = `logit:${62 + i / 100}`;
			set[`set/real/still ${i}.gif`] = `logit:${60 + i / 100}`;
		}
		await files(set);
		const { status, out, err } = await run(
			[join(folder, 'set'), '--calibrate', '--model', 'm'],
			fakeAnalyser({ isCustom: true }),
		);
		expect({ status, err }).toMatchObject({ status: 0, err: expect.stringContaining('m is now calibrated') });
		expect(out).toContain('AUC');
		expect(err).toMatch(/Videos: too few to calibrate/);
		expect(err).toMatch(/Pictures: .*0 of \d+ .*genuine above, 0 of/);
		const offset = Number(/offset (\d+\.\d+)/.exec(err)?.[1]);
		expect(offset).toBeGreaterThan(60);
		expect(offset).toBeLessThan(63);
	});
});

describe('unmask eval on a terminal', () => {
	const progressOf = async (more: string[]) => {
		await files({ 'fake/a.mp4': '0.9', 'fake/b.mp4': 'no-face', 'real/c.mp4': 'fail:truncated' });
		const terminal = { isTTY: true, columns: 70 };
		const { err } = await runDeclared((io, done) => declareEval(io, done, fakeAnalyser().open), [folder, ...more], {
			terminal,
		});
		return err.split('\r\u001b[K').slice(1);
	};

	it('keeps one line up to date and clears it at the end', async () => {
		const lines = await progressOf([]);
		expect(lines[0]).toBe('0/3 files');
		expect(lines[3]).toMatch(/^3\/3 files, 1 without a score, 1 failed, about 0 s left {2}real\/c\.mp4$/);
		expect(lines.at(-1)).toBe('');
		for (const line of lines) expect(line.length).toBeLessThan(70);
	});

	it('is silent with --quiet', async () => {
		expect(await progressOf(['--quiet'])).toEqual([]);
	});
});

describe('unmask eval rejects', () => {
	it.each([
		[[], "Missing required argument 'folder|list.csv'."],
		[['DIR', 'DIR'], 'Too many arguments. Expected 1 argument but got 2.'],
		[['DIR', '--job', '2'], "Unknown option '--job' (Did you mean --jobs?)"],
		[['DIR', '--jobs', '0'], "--jobs takes a whole number, 1 to 64, not '0'."],
		[['DIR', '--frames', 'some'], '--frames takes a whole number'],
		[['DIR', '--provider', 'gpu'], "argument 'gpu' is invalid. Allowed choices are auto, cpu, cuda."],
		[['DIR', '--group-pattern', '('], '--group-pattern takes a regular expression with one capture group'],
		[['DIR', '--calibrate'], '--calibrate needs --model'],
		[['DIR'], 'has no videos or pictures in a folder named real or fake'],
	])('%j with a sentence and status 2', async (args, sentence) => {
		const { status, out, err, code } = await run(args.map((arg) => (arg === 'DIR' ? folder : arg)));
		expect({ status, out, code }).toEqual({ status: 2, out: '', code: 'usage' });
		expect(err.replaceAll(folder, 'DIR')).toContain(sentence);
	});

	it('a missing folder with status 3, and prints its help on stdout', async () => {
		expect(await run([join(folder, 'nowhere')])).toMatchObject({ status: 3, out: '' });
		const help = await run(['--help']);
		expect(help.status).toBe(0);
		expect(help.out).toContain('--group-pattern <regex>');
	});

	it.each([
		['model-damaged', 4],
		['ffmpeg-missing', 5],
	])('at once what every file would meet: %s', async (code, exit) => {
		await files({ 'fake/a.mp4': `fail:${code}`, 'fake/b.mp4': '0.9', 'real/c.mp4': '0.1' });
		const analyser = fakeAnalyser();
		const { status, out, err } = await run([folder], analyser);
		expect({ status, out, asked: analyser.asked }).toEqual({ status: exit, out: '', asked: ['a.mp4'] });
		expect(err).toContain(`[${code}]`);
		expect(analyser.closed()).toBe(1);
	});
});

describe('unmask eval --out', () => {
	const out = () => join(folder, 'out', 'deep');
	const args = () => [join(folder, 'set'), '--out', out(), '--json'];

	it('writes all files completely, and nothing else', async () => {
		await files(mixed);
		const { out: printed, err } = await run(args());
		expect((await readdir(out())).sort()).toEqual([
			'histogram.svg',
			'items.csv',
			'items.jsonl',
			'reliability.svg',
			'roc.svg',
			'summary.json',
		]);
		expect(await readFile(join(out(), 'summary.json'), 'utf8')).toBe(printed);
		expect(err).toContain('Written to');
		const rows = (await readFile(join(out(), 'items.csv'), 'utf8')).trimEnd().split('\n');
		expect(rows).toHaveLength(9);
		expect(rows[1]).toBe(
			'crops/fake/f_1.jpg,fake,crops/f,crops,scored,likely-real,,0.15,1,1,1,,,video,-1.7346010553881064,,',
		);
		for (const plot of ['roc', 'reliability', 'histogram'])
			expect(await readFile(join(out(), `${plot}.svg`), 'utf8')).toMatch(/^<svg [^>]*viewBox[\s\S]*<\/svg>\n$/);
	});

	it('writes no files without --out', async () => {
		await files(mixed);
		await run([join(folder, 'set')]);
		expect(await readdir(folder)).toEqual(['set']);
	});

	it('resumes a cancelled run with the same result', async () => {
		await files(mixed);
		const abort = new AbortController();
		const first = fakeAnalyser({ onFile: () => first.asked.length === 4 && abort.abort() });
		const stopped = await run(args(), first, abort.signal);
		expect(stopped).toMatchObject({ status: 3, out: '' });
		expect(stopped.err).toMatch(/Stopped after [34] of 8 files; the same command resumes from there\./);
		expect(stopped.err).toContain('[cancelled]');
		expect(await readdir(out())).toEqual(['items.jsonl']);

		const second = fakeAnalyser();
		const resumed = await run(args(), second);
		const all = Object.keys(mixed).length;
		expect(second.asked.length).toBeLessThan(all);
		expect(new Set([...first.asked, ...second.asked]).size).toBe(all);
		expect(resumed.out).toBe((await run([join(folder, 'set'), '--json'])).out);
	});

	it('tolerates a half-written last line', async () => {
		await files(mixed);
		const whole = await run(args());
		const file = join(out(), 'items.jsonl');
		await truncate(file, (await readFile(file)).length - 20);
		const second = fakeAnalyser();
		expect((await run(args(), second)).out).toBe(whole.out);
		expect(second.asked).toHaveLength(1);
		const third = fakeAnalyser();
		await run(args(), third);
		expect(third.asked).toEqual([]);
	});

	it('repeats what changed (file, model, plan) and what may succeed now', async () => {
		await files({
			...mixed,
			'set/videos/fake/busy.mp4': 'fail:file-changing',
			'set/videos/fake/bad.mp4': 'fail:truncated',
		});
		await run(args());
		const askedBy = async (more: string[] = [], identity = 'model-1') => {
			const analyser = fakeAnalyser({ identity });
			await run([...args(), ...more], analyser);
			return analyser.asked;
		};
		expect(await askedBy()).toEqual(['busy.mp4']);
		await utimes(join(folder, 'set/videos/real/a.mp4'), 1, 1);
		expect(await askedBy()).toEqual(['busy.mp4', 'a.mp4']);
		expect(await askedBy(['--frames', '80'])).toHaveLength(10);
		expect(await askedBy([], 'model-2')).toHaveLength(10);
		await appendFile(join(out(), 'items.jsonl'), '{"key":"x"}\nnot json\n');
		expect(await askedBy()).toEqual(['busy.mp4']);
	});

	it('reports where it cannot write', async () => {
		await files({ ...mixed, out: 'a file in the way' });
		const { status, err } = await run(args());
		expect(status).toBe(3);
		expect(err).toContain('[write-failed]');
	});
});
