import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import typescript from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import { startService } from '../tools/start-service.ts';
import { runCli } from './run-cli.ts';

/** `unmask/client` as installed from npm: from a tarball, in an empty folder, without the program's dependencies. */

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-package-'));
	// models and runtime are left out: they make up 138 MB of the tarball, and the client does not use them
	const source = join(folder, 'source');
	const manifest = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8'));
	await mkdir(source);
	await writeFile(join(source, 'package.json'), JSON.stringify({ ...manifest, bundleDependencies: [] }));
	await cp(join(packageRoot(), 'dist'), join(source, 'dist'), { recursive: true });
	const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
	const tarball = execFileSync('npm', pack, { cwd: source, encoding: 'utf8' }).trim();
	const installed = join(folder, 'app/node_modules/unmask');
	await mkdir(installed, { recursive: true });
	execFileSync('tar', ['-xzf', join(folder, tarball), '-C', installed, '--strip-components', '1']);
	await writeFile(join(folder, 'app/package.json'), '{"type":"module"}');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = `
import { openAsBlob } from 'node:fs';
import { createClient, ProblemError } from 'unmask/client';

const [base, file] = process.argv.slice(2) as [string, string];
const client = createClient({ base });
const report = await client.analyse(await openAsBlob(file), { frames: 10 }, { fileName: 'portrait.jpg' });
const outcome: string = report.verdict.outcome;
const types: string[] = [];
for await (const event of client.events(await openAsBlob(file), { frames: 10, heatMaps: false })) {
	if (event.type === 'uploading') continue;
	types.push(event.type);
	if (event.type === 'face') types.push(String(event.face.excluded));
}
const refused = await client.analyse(new Blob(['no picture'])).catch((error: unknown) => error);
const code = refused instanceof ProblemError ? refused.code : null;
console.log(JSON.stringify({ fileName: report.fileName, outcome, last: types.at(-1), code }));
`;

test('it analyses a file at the real service, without any other package', async () => {
	const compilerOptions = { module: typescript.ModuleKind.ESNext, target: typescript.ScriptTarget.ES2023 };
	const { outputText } = typescript.transpileModule(program, { compilerOptions });
	await writeFile(join(folder, 'app/use.js'), outputText);
	const service = await startService();
	try {
		const portrait = join(packageRoot(), 'test/fixtures/portraits/a.jpg');
		const printed = execFileSync(process.execPath, [join(folder, 'app/use.js'), service.url, portrait], {
			encoding: 'utf8',
		});
		const { stdout } = await runCli(['analyse', portrait, '--frames', '10', '--json']);
		const { verdict } = JSON.parse(stdout);
		expect(JSON.parse(printed)).toEqual({
			fileName: 'portrait.jpg',
			outcome: verdict.outcome,
			last: 'report',
			code: 'not-a-video',
		});
	} finally {
		await service.stop();
	}
});

test('its types match the wire, for Node and for bundlers', async () => {
	await writeFile(join(folder, 'app/use.ts'), program);
	const { resolve } = createRequire(import.meta.url);
	for (const name of ['zod', '@types/node', 'undici-types'])
		await mkdir(dirname(join(folder, 'app/node_modules', name)), { recursive: true }).then(() =>
			symlink(join(packageRoot(), 'node_modules', name), join(folder, 'app/node_modules', name)),
		);
	for (const [module, resolution] of [
		['nodenext', 'nodenext'],
		['esnext', 'bundler'],
	] as const) {
		const options = [
			'--noEmit',
			'--strict',
			'--skipLibCheck',
			'--target',
			'es2023',
			'--types',
			'node',
			'--module',
			module,
		];
		execFileSync(
			process.execPath,
			[resolve('typescript/bin/tsc'), ...options, '--moduleResolution', resolution, 'use.ts'],
			{ cwd: join(folder, 'app'), stdio: 'pipe' },
		);
	}
});
