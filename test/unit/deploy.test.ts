import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Service } from '@kubernetes-models/knative/serving.knative.dev/v1/Service';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageRoot, parseConfig, settingNames } from '../../function/config.ts';

/** Checks deploy/ as far as that is possible without a cloud: what deploy/up.sh would do, and every file that it hands over. */

const root = packageRoot();
const files = (folder: string) => readdirSync(join(root, folder)).map((name) => join(root, folder, name));

let filled: string;
let commands: string[];
beforeAll(async () => {
	filled = await mkdtemp(join(tmpdir(), 'unmask-deploy-'));
	commands = [...dryRun('--out', filled, '--site', 'a-site'), ...dryRun('--cpu', '--public', '--out', filled)];
});
afterAll(() => rm(filled, { recursive: true, force: true }));

/** The lines of a dry run; nothing but a shell's own tools is to be found on its PATH. */
function dryRun(...options: string[]): string[] {
	const args = [join(root, 'deploy/up.sh'), 'a-project', 'europe-west4', '--dry-run', '--tag', 'test', ...options];
	const stdout = execFileSync('bash', args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin' } });
	return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}

type Manifest = {
	readonly kind: string;
	readonly apiVersion: string;
	readonly metadata: { readonly name: string };
	// biome-ignore lint/suspicious/noExplicitAny: checked below, by the types of those who publish it
	readonly spec: any;
};

function manifestsIn(path: string): Manifest[] {
	return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
		expect(document.errors).toEqual([]);
		return document.toJS() as Manifest;
	});
}

const cloudRun = () => files('deploy/cloud-run').map((path) => join(filled, path.split('/').at(-1) as string));
const kubernetes = () => files('deploy/knative');

/** Faults that TypeScript finds when each document is written down as a value of the published type: unknown names and wrong kinds of values. */
function faultsByType(documents: readonly { readonly type: string; readonly value: unknown }[]): string[] {
	const path = join(root, 'test/unit/deploy-documents.ts');
	const text = [
		"import type { run_v1 } from '@googleapis/run';",
		"import type { IService } from '@kubernetes-models/knative/serving.knative.dev/v1/Service';",
		"import type { Job } from 'kubernetes-types/batch/v1';",
		"import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';",
		...documents.map(({ type, value }, i) => `export const document${i}: ${type} = ${JSON.stringify(value)};`),
	].join('\n');
	const options: ts.CompilerOptions = {
		noEmit: true,
		strict: true,
		skipLibCheck: true,
		module: ts.ModuleKind.NodeNext,
		types: [],
	};
	const host = ts.createCompilerHost(options);
	const { getSourceFile, fileExists } = host;
	host.fileExists = (name) => name === path || fileExists(name);
	host.getSourceFile = (name, ...rest) =>
		name === path ? ts.createSourceFile(name, text, ts.ScriptTarget.ESNext) : getSourceFile(name, ...rest);
	const program = ts.createProgram([path], options, host);
	return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** The published types; what is in none of them is a fault of its own. */
const typeOf = ({ kind, apiVersion }: Manifest, isCloudRun: boolean): string => {
	const types: Record<string, string> = {
		'serving.knative.dev/v1 Service': isCloudRun ? 'run_v1.Schema$Service' : 'IService',
		'run.googleapis.com/v1 Job': 'run_v1.Schema$Job',
		'batch/v1 Job': 'Job',
		'v1 PersistentVolumeClaim': 'PersistentVolumeClaim',
	};
	return types[`${apiVersion} ${kind}`] ?? 'never';
};

describe('what is deployed', () => {
	it('has the names and kinds of values that Google, Knative and Kubernetes publish', () => {
		const typed = (paths: string[], isCloudRun: boolean) =>
			paths.flatMap(manifestsIn).map((value) => ({ type: typeOf(value, isCloudRun), value }));
		const documents = [...typed(cloudRun(), true), ...typed(kubernetes(), false)];
		expect(documents).toHaveLength(9);
		const wrong = structuredClone(documents[0]) as { type: string; value: Manifest };
		wrong.value.spec.template.spec.taskCout = 1;
		expect(faultsByType([...documents, wrong])).toEqual([expect.stringContaining('taskCout')]);
	}, 60_000);

	it('passes the JSON schema of Knative services', () => {
		const services = [...cloudRun(), ...kubernetes()].flatMap(manifestsIn).filter(({ kind }) => kind === 'Service');
		expect(services).toHaveLength(5);
		for (const service of services) new Service(service as never).validate();
		const wrong = structuredClone(services[0]) as Manifest;
		wrong.spec.template.spec.containerConcurrency = 'many';
		expect(() => new Service(wrong as never).validate()).toThrow('containerConcurrency');
	});

	const containers = () =>
		[...cloudRun(), ...kubernetes()].flatMap(manifestsIn).flatMap(({ kind, apiVersion, metadata, spec }) => {
			const inner = apiVersion.startsWith('run.') ? spec.template.spec.template.spec : spec.template?.spec;
			return (inner?.containers ?? []).map((container: object) => ({
				...container,
				kind,
				service: metadata.name,
				inner,
			}));
		});

	it('sets only what the program reads, to what it takes', () => {
		for (const { env } of containers()) {
			const given = Object.fromEntries(
				env.map(({ name, value = '0' }: { name: string; value?: string }) => [name, value]),
			) as Record<string, string>;
			expect(settingNames).toEqual(expect.arrayContaining(Object.keys(given)));
			expect(parseConfig(given)).toBeDefined();
		}
	});

	it('has memory for every upload, decoder and model at a time, as files are in memory there', () => {
		const gibibyte = 1024 ** 3;
		for (const { env, resources, kind, inner } of containers().filter(({ kind }) => kind === 'Service')) {
			const config = parseConfig(Object.fromEntries(env.map(({ name, value }: never) => [name, value])));
			const limit = Number(/^(\d+)Gi$/.exec(resources.limits.memory)?.[1]) * gibibyte;
			const filesInMemory = inner.volumes ? 0 : config.UNMASK_MAX_BYTES;
			const needed =
				config.UNMASK_SLOTS * (filesInMemory + 0.6 * gibibyte) + config.UNMASK_CHILD_MB * 1e6 + 0.5 * gibibyte;
			expect(limit, kind).toBeGreaterThanOrEqual(needed);
			expect(inner.containerConcurrency).toBeGreaterThanOrEqual(config.UNMASK_SLOTS);
		}
	});

	it('lets every share of a batch be worked through, however many of them hold a file that cannot be analysed', () => {
		const jobs = kubernetes()
			.flatMap(manifestsIn)
			.filter(({ kind }) => kind === 'Job');
		expect(jobs).toHaveLength(1);
		for (const { spec } of jobs) expect(spec).toMatchObject({ completionMode: 'Indexed', backoffLimitPerIndex: 1 });
	});

	it('asks /readyz before it gets requests, and /healthz whether it lives', () => {
		for (const { startupProbe, readinessProbe, livenessProbe } of containers().filter(
			({ kind }) => kind === 'Service',
		)) {
			expect((startupProbe ?? readinessProbe).httpGet.path).toBe('/readyz');
			expect(livenessProbe.httpGet.path).toBe('/healthz');
		}
	});

	it('leaves nothing to be filled in, and lets the page of each address send uploads', async () => {
		for (const name of readdirSync(filled))
			if (statSync(join(filled, name)).isFile())
				expect(await readFile(join(filled, name), 'utf8'), name).not.toMatch(/^[^#]*\$\{/m);
		const cors = JSON.parse(await readFile(join(filled, 'cors-uploads.json'), 'utf8'));
		expect(cors[0].origin).toEqual(['https://unmask-a-project.europe-west4.run.app']);
		const lifecycle = JSON.parse(readFileSync(join(root, 'deploy/buckets/lifecycle-uploads.json'), 'utf8'));
		expect(lifecycle.rule[0]).toMatchObject({ action: { type: 'Delete' }, condition: { age: 1 } });
		const reports = JSON.parse(readFileSync(join(root, 'deploy/buckets/lifecycle-results.json'), 'utf8'));
		const { age } = reports.rule[0].condition;
		expect(age * 86_400).toBe(parseConfig({}).UNMASK_REPORT_TTL_S);
	});
});

describe('deploy/up.sh', () => {
	it('tells every command of a dry run, and every file in them is there', () => {
		const programs = new Set(commands.map((line) => line.split(' ')[0]));
		expect([...programs].sort()).toEqual(['gcloud', 'node', 'npm', 'npx']);
		const named = commands.flatMap((line) => line.match(/(?<= )(deploy\/|\/)[\w./-]+/g) ?? []);
		expect(named.length).toBeGreaterThan(10);
		for (const path of named.filter((path) => !path.includes('/hosting')))
			expect(statSync(path.startsWith('/') ? path : join(root, path)).isFile(), path).toBe(true);
	});

	it('gives the services nothing but their buckets and their own signature', () => {
		const granted = commands.filter((line) => line.includes('serviceAccount:unmask-run@'));
		const roles = granted.map((line) => /--role (\S+)/.exec(line)?.[1]);
		expect(new Set(roles)).toEqual(new Set(['roles/storage.objectUser', 'roles/iam.serviceAccountTokenCreator']));
		expect(granted.every((line) => !line.startsWith('gcloud projects'))).toBe(true);
	});

	it('opens the service to everybody only when told to', () => {
		expect(dryRun('--out', filled).join('\n')).not.toContain('allUsers');
		expect(commands.filter((line) => line.includes('allUsers'))).toHaveLength(1);
	});

	it.each([
		['no project', []],
		['a project that is none', ['A', 'europe-west4']],
		['a region that is none', ['a-project', 'Europe']],
		['an unknown option', ['a-project', 'europe-west4', '--fast']],
		['a digest that is none', ['a-project', 'europe-west4', '--key-hashes', 'abc']],
	])('refuses %s before it does anything', (_, args) => {
		const run = () => execFileSync('bash', [join(root, 'deploy/up.sh'), ...args], { stdio: 'pipe' });
		expect(run).toThrow(expect.objectContaining({ status: 2, stdout: Buffer.from('') }));
	});
});

describe('deploy/release.sh', () => {
	it.each(['cpu', 'gpu'])('labels the image %s with the version and the commit', (target) => {
		const args = [join(root, 'deploy/release.sh'), 'image', target, 'registry.example/unmask'];
		const env = { ...process.env, DOCKER_HOST: 'unix:///nonexistent' };
		const printed = execFileSync('bash', args, { encoding: 'utf8', env });
		const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
		expect(printed).toContain(`--build-arg VERSION=${version} `);
		expect(printed).toMatch(/--build-arg REVISION=[0-9a-f]{40} /);
		expect(printed).toContain(`would run: docker push registry.example/unmask:${version}-${target}`);
	});
});
