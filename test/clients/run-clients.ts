import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../function/config.ts';
import { createRules } from '../../function/outgoing/guarded-request.ts';
import { withPageVideo } from '../../function/outgoing/with-page-video.ts';
import { sha256Hex } from '../http/open-service.ts';
import { startService } from '../tools/start-service.ts';

/**
 * `npm run clients`: checks the OpenAPI document with third-party tools. It lints the document, generates clients with three generators and compiles
 * them, runs the code in docs/python.md, has the real yt-dlp read a page, and tests the service with schemathesis. It prints a line for each, and exits
 * with 1 if one failed. Needs Python 3 and the registries of npm and PyPI; the tools stay in a temporary folder for the next run.
 */

const folder = join(tmpdir(), 'unmask-clients');
const bin = (name: string) => join(folder, 'node_modules/.bin', name);
const python = (name: string) => join(folder, 'python/bin', name);
const npmTools = {
	'@hey-api/openapi-ts': '0.95.0',
	'@redocly/cli': '2.77.0',
	'@stoplight/spectral-cli': '6.16.3',
	'openapi-fetch': '0.17.0',
	'openapi-typescript': '7.13.0',
	typescript: '5.9.3',
};
const pythonTools = ['openapi-python-client==0.29.1', 'ruff==0.17.6', 'schemathesis==4.32.5', 'yt-dlp==2026.10.26'];

/** Seconds for each of the two runs of schemathesis. */
const tryS = Number(process.argv[2] ?? 60);

const key = 'key-of-the-clients'; // a bearer token has no spaces (RFC 6750, section 2.1)
const service = await startService({
	env: {
		...{ UNMASK_API_KEY_HASHES: sha256Hex(key), UNMASK_REQUESTS_A_MINUTE: '1000000', UNMASK_QUEUE: '100' },
		UNMASK_LINKS: 'off', // generated addresses must not be called
		UNMASK_LOG: 'error',
	},
});
let failures = 0;

/** Runs a part and prints its result beside its name. */
async function part(name: string, work: () => Promise<string>): Promise<void> {
	const begun = performance.now();
	const [outcome, detail] = await work().then(
		(detail) => ['passed', detail],
		(thrown: Error) => ['FAILED', thrown.message],
	);
	if (outcome === 'FAILED') failures++;
	const seconds = Math.round((performance.now() - begun) / 1000);
	process.stdout.write(`${outcome}  ${name.padEnd(34)} ${`${seconds} s`.padStart(6)}  ${detail}\n`);
}

/** Runs a program in the folder; returns its output. Throws with the output if it fails. */
async function run(command: string, args: readonly string[]): Promise<string> {
	const env = { PATH: `${join(folder, 'python/bin')}:${process.env.PATH}` }; // openapi-python-client looks for ruff there
	const { all, failed } = await execa(command, args, { cwd: folder, env, all: true, reject: false, stdin: 'ignore' });
	if (failed) throw new Error(`\n${all}`);
	return all;
}

async function install(): Promise<string> {
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies: npmTools }));
	await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund']);
	await run('python3', ['-m', 'venv', 'python']);
	await run(python('pip'), ['install', '--quiet', '--disable-pip-version-check', ...pythonTools]);
	const answer = await fetch(`${service.url}/openapi.json`);
	await writeFile(join(folder, 'openapi.json'), await answer.text());
	await writeFile(join(folder, '.spectral.yaml'), 'extends: ["spectral:oas"]\n');
	return folder;
}

async function lintWithRedocly(): Promise<string> {
	const printed = await run(bin('redocly'), [
		'lint',
		'--extends',
		'recommended',
		'--format',
		'summary',
		'openapi.json',
	]);
	if (/[1-9]\d* warning/.test(printed)) throw new Error(printed);
	return 'no finding';
}

async function lintWithSpectral(): Promise<string> {
	await run(bin('spectral'), ['lint', '--fail-severity', 'hint', 'openapi.json']);
	return 'no finding';
}

async function compile(name: string, program: string): Promise<string> {
	await writeFile(join(folder, `use-${name}.ts`), program);
	const module = ['--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2023', '--lib', 'es2023,dom'];
	await run(bin('tsc'), ['--noEmit', '--strict', ...module, `use-${name}.ts`]);
	return 'generated and compiled, --strict';
}

async function openapiTypescript(): Promise<string> {
	await run(bin('openapi-typescript'), ['openapi.json', '-o', 'openapi-typescript.ts']);
	return compile(
		'openapi-typescript',
		`import createClient from 'openapi-fetch';
import type { components, paths } from './openapi-typescript';
const client = createClient<paths>({ baseUrl: 'http://localhost:8080' });
const { data, error } = await client.GET('/v1/analyses/{id}', { params: { path: { id: '0' } } });
export const code: string | undefined = error?.code;
export const outcome: components['schemas']['Outcome'] | null = data && 'schema' in data ? data.verdict.outcome : null;
`,
	);
}

async function heyApi(): Promise<string> {
	await run(bin('openapi-ts'), ['-i', 'openapi.json', '-o', 'hey-api', '--no-log-file']);
	return compile(
		'hey-api',
		`import { createUpload, readAnalysis } from './hey-api';
const { data, error } = await readAnalysis({ path: { id: '0' } });
export const code: string | undefined = error?.code;
export const outcome: string | null = data && 'schema' in data ? data.verdict.outcome : null;
export const ticket = await createUpload({ body: { fileName: 'a.mp4', sizeBytes: 1 } });
`,
	);
}

/** Runs the code in docs/python.md, and then a call that reads an error. */
async function pythonClient(): Promise<string> {
	const generated = await run(python('openapi-python-client'), [
		...['generate', '--path', 'openapi.json', '--output-path', 'unmask-client', '--overwrite'],
	]);
	if (/warning/i.test(generated)) throw new Error(generated);
	await run(python('pip'), ['install', '--quiet', '--disable-pip-version-check', './unmask-client']);
	const guide = await readFile(join(packageRoot(), 'docs/python.md'), 'utf8');
	const [, code = ''] = /```python\n(.*?)```/s.exec(guide) ?? [];
	const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
	const given = Object.entries({ base: service.url, key, path: portrait });
	const program = [
		...given.map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
		code,
		"refused = read_analysis.sync('0' * 32, client=client)",
		'print(type(refused).__name__, refused.code)',
	].join('\n');
	await writeFile(join(folder, 'use-python.py'), program);
	const printed = (await run(python('python'), ['use-python.py'])).trim();
	if (!/^(likely-real|likely-fake|uncertain)\nProblem report-not-found$/.test(printed)) throw new Error(printed);
	return `generated without a warning, analysed, read an error: ${printed.replace('\n', ', ')}`;
}

async function tryAll(phases: string): Promise<string> {
	const printed = await run(python('schemathesis'), [
		...['--config-file', join(packageRoot(), 'test/clients/schemathesis.toml'), 'run', `${service.url}/openapi.json`],
		...['--phases', phases, '-n', '50', '--max-time', `${tryS}`, '--request-timeout', '60', '--seed', '19'],
		...['-H', `Authorization: Bearer ${key}`, '--no-color'],
	]);
	return /Test cases:\s*(.*)/.exec(printed)?.[1] ?? 'no finding';
}

/** Runs the real yt-dlp on a page on this machine, and on one whose film is in a private network. */
async function readPage(): Promise<string> {
	const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(1e6, 7)]);
	let source = '/film.mp4';
	const site = createServer((req, res) => {
		if (req.url === '/film.mp4') return void res.writeHead(200, { 'content-type': 'video/mp4' }).end(film);
		res.writeHead(200, { 'content-type': 'text/html' });
		res.end(`<!doctype html><title>A film</title><video src="${source}"></video>`);
	});
	site.listen(0, '127.0.0.1');
	await once(site, 'listening');
	const link = `http://127.0.0.1:${(site.address() as AddressInfo).port}/watch`;
	const options = {
		...{ rules: createRules('127.0.0.0/8'), signal: AbortSignal.timeout(300_000), maxBytes: 1e8 },
		searchPath: `${join(folder, 'python/bin')}:${process.env.PATH}`,
	};
	try {
		const read = await withPageVideo(link, options, async ({ path, title }) => ({
			title,
			bytes: await readFile(path),
		}));
		if (!read.bytes.equals(film) || !read.title.includes('A film'))
			throw new Error(`${read.title}: ${read.bytes.length}`);
		source = 'http://10.0.0.1/film.mp4';
		const refused = await withPageVideo(link, options, async () => null).catch(({ code }: { code: string }) => code);
		if (refused !== 'url-refused') throw new Error(`a film in a private network: ${refused}`);
		return `"${read.title}", ${read.bytes.length} bytes; a film in a private network: ${refused}`;
	} finally {
		site.closeAllConnections();
		site.close();
	}
}

try {
	await part('install the tools', install);
	await part('redocly lint', lintWithRedocly);
	await part('spectral lint (spectral:oas)', lintWithSpectral);
	await part('openapi-python-client', pythonClient);
	await part('openapi-typescript', openapiTypescript);
	await part('@hey-api/openapi-ts', heyApi);
	await part('yt-dlp', readPage);
	await part('schemathesis, stateless', () => tryAll('examples,coverage,fuzzing'));
	await part('schemathesis, stateful', () => tryAll('stateful'));
} finally {
	await service.stop();
}
process.stdout.write(failures === 0 ? 'Passed.\n' : `${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
