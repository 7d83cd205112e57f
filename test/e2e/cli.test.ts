import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { analysisEventSchema } from '../../function/contract/events.ts';
import { reportSchema } from '../../function/contract/report.ts';
import { findFfmpeg } from '../../function/media/find-ffmpeg.ts';
import { startTimeAuthority } from '../tools/time-authority.ts';
import { runCli } from './run-cli.ts';

/** The built command line on real clips made from the portraits. */

const portraits = join(packageRoot(), 'test/fixtures/portraits');
let folder: string;
let clip: string;
let short: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-cli-'));
	clip = join(folder, 'clip.mp4');
	short = join(folder, 'short.mp4');
	const { ffmpeg } = await findFfmpeg({ ffmpegPath: null, searchPath: process.env.PATH ?? '' });
	const zoom = "zoompan=z='1+0.002*on':d=75:s=480x480:fps=25,format=yuv420p";
	execFileSync(ffmpeg, ['-v', 'error', '-i', join(portraits, 'a.jpg'), '-vf', zoom, clip]);
	execFileSync(ffmpeg, ['-v', 'error', '-i', clip, '-frames:v', '2', short]);
	await writeFile(join(folder, 'text.mp4'), 'This is no video at all, only words.\n'.repeat(50));
	await writeFile(join(folder, 'empty.mp4'), '');
});
afterAll(() => rm(folder, { recursive: true }));

const json = async (...args: string[]) => JSON.parse((await runCli(['analyse', ...args, '--json'])).stdout);

describe('unmask analyse', () => {
	it('prints exactly one JSON document that matches the contract, identical in two runs except for times', async () => {
		const [first, second] = [await json(clip, '--frames', '20'), await json(clip, '--frames', '20')];
		const report = reportSchema.parse(first);
		expect(report.coverage).toMatchObject({ framesSampled: 20, framesRequested: 20 });
		expect(report.tracks).toHaveLength(1);
		expect(report.models.map((model) => model.kind)).toContain('classifier');
		const timeless = ({ timings: _, createdAt: __, ...rest }: Record<string, unknown>) => rest;
		expect(JSON.stringify(timeless(first))).toBe(JSON.stringify(timeless(second)));
	});

	it('prints every event as it happens with --ndjson, and writes nothing to the home folder (onnxruntime would)', async () => {
		const home = await mkdtemp(join(folder, 'home-'));
		// with CI set, onnxruntime sends no telemetry
		const env = { HOME: home, CI: undefined, XDG_CACHE_HOME: undefined };
		const { stdout, stderr, status } = await runCli(['analyse', clip, '--frames', '10', '--ndjson'], { env });
		expect(await readdir(home)).toEqual([]);
		const events = stdout
			.trimEnd()
			.split('\n')
			.map((line) => analysisEventSchema.parse(JSON.parse(line)));
		expect(status).toBe(0);
		expect(events[0]?.type).toBe('video');
		expect(events.at(-1)?.type).toBe('report');
		expect(stderr).toBe('');
	});

	it('uses plain words: a sentence, the person, what was analysed', async () => {
		const { stdout, status } = await runCli(['analyse', clip]);
		expect(status).toBe(0);
		expect(stdout).toContain('clip.mp4');
		expect(stdout).toMatch(/Face 1 {2}[▁▂▃▄▅▆▇█·]+ {2}0:00–0:0[23]/);
		expect(stdout).toMatch(/40 frames analysed, (all with|\d+ without) a face/);
		expect(stdout).not.toMatch(/proof that|certainly/i);
	});

	it('supports other languages: on the terminal, in the report and in its page', async () => {
		const out = join(folder, 'arabic');
		const { stdout, status } = await runCli(['analyse', clip, '--frames', '10', '--lang', 'ar', '--out', out]);
		expect(status).toBe(0);
		const report = reportSchema.parse(JSON.parse(await readFile(join(out, 'report.json'), 'utf8')));
		expect(report.verdict.sentence).toMatch(/[\u0600-\u06ff]/);
		expect(stdout).toContain(report.verdict.sentence);
		const page = await readFile(join(out, 'report.html'), 'utf8');
		expect(page).toContain('<html lang="ar" dir="rtl">');
		expect(page).toContain(report.verdict.sentence);
		expect((await runCli(['analyse', clip, '--lang', 'xx'])).status).toBe(2);
	});

	it('continues after a bad file: status 3, a code for each, reports for the good ones', async () => {
		execFileSync('mkfifo', [join(folder, 'pipe.mp4')]);
		const bad = ['text.mp4', 'empty.mp4', 'none.mp4', 'pipe.mp4'].map((name) => join(folder, name));
		const { stdout, stderr, status } = await runCli(['analyse', ...bad, clip, '--json', '--frames', '10']);
		expect(status).toBe(3);
		const documents = JSON.parse(stdout);
		expect(documents.map((document: { error?: { code: string } }) => document.error?.code ?? 'report')).toEqual([
			'not-a-video',
			'file-empty',
			'file-not-found',
			'not-a-file',
			'report',
		]);
		for (const code of ['not-a-video', 'file-empty', 'file-not-found', 'not-a-file'])
			expect(stderr).toContain(`[${code}]`);
		expect(stderr).not.toMatch(/\n\s+at /);
	});

	it('gives each of several files its own folder, and prints no raw file name', async () => {
		const odd = join(folder, '\u001b[31mclip.mp4');
		await cp(short, odd);
		const { stdout } = await runCli(['analyse', short, short, odd, '--out', join(folder, 'several')]);
		expect(await readdir(join(folder, 'several'))).toEqual(['\u001b[31mclip.mp4', 'short.mp4-1', 'short.mp4-2']);
		expect(stdout).toContain('<U+001B>[31mclip.mp4');
	});

	it('answers uncertain, too-few-frames for a clip of two frames', async () => {
		const report = await json(short);
		expect(report.verdict).toMatchObject({ outcome: 'uncertain', reasons: ['too-few-frames'] });
	});

	it('accepts a still picture and says that it is one', async () => {
		const report = await json(join(portraits, 'b.jpg'));
		expect(report.video.kind).toBe('image');
		expect(report.coverage.facesFound).toBe(1);
		expect(report.verdict.interval).toBeNull();
	});

	it('writes report.json, report.html, faces and heat maps, and verify reproduces them', async () => {
		const out = join(folder, 'out');
		const { status } = await runCli(['analyse', clip, '--frames', '12', '--out', out]);
		expect(status).toBe(0);
		const html = await readFile(join(out, 'report.html'), 'utf8');
		expect(html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
		expect((await readdir(join(out, 'faces'))).length).toBeGreaterThan(2);
		const same = await runCli(['verify', join(out, 'report.json'), clip]);
		expect(same.stdout).toContain('The same');
		expect(same.status).toBe(0);
		const other = await runCli(['verify', join(out, 'report.json'), short]);
		expect(other.status).toBe(3);
		expect(other.stderr).toContain('not the file');
		expect(other.stderr).toContain('[file-differs]');
		const unsigned = await runCli(['verify', join(out, 'report.json')]);
		expect(unsigned).toMatchObject({ status: 3, stderr: expect.stringContaining('[signature-missing]') });
	});

	it('signs reports with a key it created, and verify finds who signed and what was changed', async () => {
		const [key, published] = [join(folder, 'signing-key.json'), join(folder, 'jwks.json')];
		const made = await runCli(['keys', 'new', key]);
		expect(made.status).toBe(0);
		expect((await stat(key)).mode & 0o777).toBe(0o600);
		await writeFile(published, made.stdout);
		expect((await runCli(['keys', 'public', key])).stdout).toBe(made.stdout);
		expect(made.stdout).not.toContain(JSON.parse(await readFile(key, 'utf8')).d);
		expect((await runCli(['keys', 'new', key])).stderr).toContain('[write-failed]');

		const out = join(folder, 'signed');
		const authority = await startTimeAuthority();
		const roots = join(folder, 'roots.pem');
		await writeFile(roots, authority.root);
		const env = { UNMASK_SIGNING_KEY: key, UNMASK_SIGNER: 'A newsroom', UNMASK_TSA_URL: authority.url };
		expect((await runCli(['analyse', clip, '--frames', '12', '--out', out, '--lang', 'ar'], { env })).status).toBe(0);
		await authority.close();
		const report = join(out, 'report.json');
		const fits = await runCli(['verify', report, '--key', published, '--authority', roots, '--file', clip]);
		expect(fits).toMatchObject({ status: 0, stderr: '' });
		expect(fits.stdout).toMatch(
			/matches the report and its pictures[\s\S]*"A newsroom"[\s\S]*one of the given keys[\s\S]*according to the authority "CN=Test Time.*chains to one of the given[\s\S]*The same/,
		);

		const whole = await readFile(report, 'utf8');
		const codeAfter = async (from: RegExp, to: (found: string) => string, ...more: string[]) => {
			const other = whole.replace(from, to);
			expect(other).not.toBe(whole);
			await writeFile(report, other);
			const { status, stderr, stdout } = await runCli(['verify', report, ...more]);
			expect([status, stdout]).toEqual([3, '']);
			await writeFile(report, whole);
			return /\[([a-z-]+)\]\n$/.exec(stderr)?.[1];
		};
		const digit = (found: string) => found.replace(/\d$/, (last) => `${(Number(last) + 1) % 10}`);
		expect(await codeAfter(/"fakeProbability": 0\.\d\d/, digit)).toBe('signature-invalid');
		expect(await codeAfter(/"x": ".{10}/, (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`)).toBe(
			'signature-invalid',
		);
		const [face = ''] = (await readdir(join(out, 'faces'))).filter((name) => !name.includes('heat'));
		await cp(join(portraits, 'b.jpg'), join(out, 'faces', face));
		const swapped = await runCli(['verify', report]);
		expect(swapped).toMatchObject({ status: 3, stderr: expect.stringContaining(`faces/${face}) [picture-changed]`) });
		await runCli(['keys', 'new', join(folder, 'other-key.json')]);
		await rm(join(out, 'faces'), { recursive: true });
		const unknown = await runCli(['verify', report, '--key', join(folder, 'other-key.json')]);
		expect(unknown).toMatchObject({ status: 3, stderr: expect.stringContaining('[signer-unknown]') });
	}, 400_000);

	it('stops cleanly on Ctrl-C: a code, and no half-written report', async () => {
		const out = join(folder, 'cancelled');
		const sent: string[] = [];
		const { status, stdout, stderr } = await runCli(['analyse', clip, '--frames', '75', '--ndjson', '--out', out], {
			onStdout: (printed, kill) => {
				if (printed.includes('"video"') && sent.push(printed) === 1) kill('SIGINT');
			},
		});
		expect(status).toBe(3);
		expect(stderr).toContain('[cancelled]');
		expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ type: 'failed' });
		await expect(readdir(out)).rejects.toThrow();
	});
});

describe('wrong usage and environment', () => {
	it.each([
		[['analyse'], 2, 'usage'],
		[['analyse', 'x.mp4', '--frames', '0'], 2, '1 to 1000'],
		[['analyse', 'x.mp4', '--framse', '10'], 2, '--frames'],
		[['analyse', 'x.mp4', '--json', '--ndjson'], 2, 'cannot be used with'],
		[['analyse', 'x.mp4', '--mode', 'last'], 2, 'Allowed choices are whole, first'],
		[['nonsense'], 2, "Unknown command 'nonsense'"],
		[['analyze', 'x.mp4'], 2, 'Did you mean analyse?'],
		[['constructor'], 2, "Unknown command 'constructor'"],
		[['verify'], 2, "Missing required argument 'report'"],
		[['verify', 'none.json'], 3, 'file-not-found'],
		[['verify', 'none.json', 'none.mp4'], 3, 'file-not-found'],
	])('%j ends with status %i and says why', async (args, status, text) => {
		const end = await runCli(args);
		expect(end.status).toBe(status);
		expect(end.stderr).toContain(text);
		expect(end.stderr).not.toMatch(/\n\s+at /);
		expect(end.stdout).toBe('');
	});

	it('prints help for every command', async () => {
		for (const command of ['analyse', 'batch', 'eval', 'models', 'doctor', 'verify', 'demo', 'serve']) {
			const { status, stdout } = await runCli([command, '--help']);
			expect(status).toBe(0);
			expect(stdout).toContain(`unmask ${command}`);
		}
	});

	it('status 4 for a model that does not match its digest, 5 for a missing ffmpeg', async () => {
		const models = join(folder, 'models');
		await mkdir(models);
		for (const name of await readdir(join(packageRoot(), 'models')))
			if (/\.(onnx|weights|json)$/.test(name)) await cp(join(packageRoot(), 'models', name), join(models, name));
		await writeFile(join(models, 'face-detector.onnx'), 'not a model');
		const damaged = await runCli(['analyse', clip], { env: { UNMASK_MODELS: models } });
		expect(damaged).toMatchObject({ status: 4, stderr: expect.stringContaining('[model-damaged]') });
		const listed = await runCli(['models'], { env: { UNMASK_MODELS: models } });
		expect(listed).toMatchObject({ status: 4, stdout: expect.stringContaining('truncated, changed or replaced') });
		const missing = await runCli(['analyse', clip], { env: { FFMPEG_PATH: join(folder, 'no-ffmpeg') } });
		expect(missing).toMatchObject({ status: 5, stderr: expect.stringContaining('[ffmpeg-missing]') });
	});

	it.skipIf(!existsSync('/dev/full'))('status 3 when the result cannot be written to stdout', async () => {
		await using full = await open('/dev/full', 'w');
		const { status, stderr } = await runCli(['models'], { stdout: full.fd });
		expect(status).toBe(3);
		expect(stderr).toContain('[write-failed]');
	});

	it('doctor finds everything here', async () => {
		const { status, stdout } = await runCli(['doctor']);
		expect(status).toBe(0);
		expect(stdout).toMatch(/found\s+ffmpeg/);
		expect(stdout).not.toContain('MISSING');
	});

	it('doctor prints what is missing and the command that fixes it', async () => {
		const env = { UNMASK_MODELS: join(folder, 'nothing'), FFMPEG_PATH: join(folder, 'no-ffmpeg') };
		const { status, stdout } = await runCli(['doctor'], { env });
		expect(status).toBe(5);
		expect(stdout).toMatch(/MISSING {2}ffmpeg: .*\n {9}fix: .*install/);
		expect(stdout).toMatch(/MISSING {2}models: .*\n {9}fix: git checkout/);
	});
});

describe('unmask demo', () => {
	it('makes both clips, analyses them and writes the reports', async () => {
		const out = join(folder, 'demo');
		const { status, stdout } = await runCli(['demo', '--out', out]);
		expect(status).toBe(0);
		for (const name of ['genuine', 'manipulated']) {
			reportSchema.parse(JSON.parse(await readFile(join(out, name, 'report.json'), 'utf8')));
			expect(stdout).toContain(join(out, name, 'report.html'));
		}
	});
});
