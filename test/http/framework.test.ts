import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../function/config.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { freePort } from '../tools/free-port.ts';
import { faultOfAnswer } from './conformance.ts';

/** The built functions in functions-framework's own server, as Cloud Run functions starts them. */

const framework = join(
	dirname(createRequire(import.meta.url).resolve('@google-cloud/functions-framework/testing')),
	'main.js',
);
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-framework-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function withFunction(target: string, use: (url: string) => Promise<void>): Promise<void> {
	const port = await freePort();
	const child = execa(
		process.execPath,
		[framework, `--target=${target}`, `--source=${join(packageRoot(), 'dist/function')}`, `--port=${port}`],
		{ env: { UNMASK_DATA: folder, UNMASK_LOG: 'warn' }, reject: false, stdin: 'ignore', all: true },
	);
	let hasEnded = false;
	void child.then(() => (hasEnded = true));
	const url = `http://127.0.0.1:${port}`;
	try {
		while (!(await fetch(`${url}/robots.txt`).catch(() => null))) {
			if (hasEnded) throw new Error(`the framework ended: ${(await child).all}`);
			await wait(50);
		}
		await use(url);
	} finally {
		child.kill('SIGTERM');
		await child;
	}
}

test('the HTTP function behaves like the service', async () => {
	await withFunction('unmask', async (url) => {
		for (const [method, path, status] of [
			['GET', '/healthz', 200],
			['GET', '/v1/models', 200],
			['GET', `/v1/analyses/${'0'.repeat(32)}`, 404],
			['POST', '/v1/uploads', 415],
			['PUT', '/v1/uploads', 405],
		] as const) {
			const answer = await fetch(`${url}${path}`, { method });
			expect([path, answer.status]).toEqual([path, status]);
			const type = answer.headers.get('content-type');
			expect(faultOfAnswer(method, path, { status, type, text: await answer.text() })).toBeNull();
		}
	});
}, 60_000);

test('the HTTP function accepts uploads whose bytes the framework has already read, and serves the page', async () => {
	await withFunction('unmask', async (url) => {
		const bytes = Buffer.from('\0\0\0\x20ftypisom'.padEnd(100_000, 'x'));
		const asked = { fileName: 'a.mp4', sizeBytes: bytes.length, contentType: 'video/mp4' };
		const begun = await fetch(`${url}/v1/uploads`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(asked),
		});
		const { id, upload } = (await begun.json()) as UploadTicket;
		const send = (body: Uint8Array<ArrayBuffer>, range: string) =>
			fetch(upload.url, { method: 'PUT', headers: { ...upload.headers, 'content-range': range }, body });
		const half = await send(Uint8Array.from(bytes.subarray(0, 50_000)), 'bytes 0-49999/100000');
		expect([half.status, half.headers.get('range')]).toEqual([308, 'bytes=0-49999']);
		const whole = await send(Uint8Array.from(bytes.subarray(50_000)), 'bytes 50000-99999/100000');
		expect(await whole.json()).toMatchObject({ id, sizeBytes: 100_000 });
		const refused = await fetch(`${upload.url}0`, { method: 'PUT', body: 'x' });
		expect([refused.status, refused.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
		expect((await fetch(url)).headers.get('content-type')).toContain('text/html');
	});
}, 60_000);

test('the cloud-event function handles events', async () => {
	await withFunction('unmask-object-finalized', async (url) => {
		const answer = await fetch(url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				'ce-id': '1',
				'ce-specversion': '1.0',
				'ce-source': '//storage.googleapis.com/projects/_/buckets/theirs',
				'ce-type': 'google.cloud.storage.object.v1.finalized',
			},
			body: JSON.stringify({ bucket: 'theirs', name: 'a.mp4', generation: '1' }),
		});
		expect(answer.status).toBe(204);
	});
}, 60_000);
