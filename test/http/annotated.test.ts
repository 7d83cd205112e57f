import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import { AnalysisError } from '../../function/errors.ts';
import type { DrawCopy } from '../../function/worker/annotated-copies.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { codeOf, openTestService, type TestService } from './open-service.ts';

/** Annotated copies over HTTP, drawn by the test. */

let service: TestService;
let report: Report;
const film = Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 251));
beforeAll(async () => {
	report = await sampleReports.fake();
});
afterEach(() => service.close());

async function analysed(draw: DrawCopy, keepUpload = true): Promise<string> {
	service = await openTestService({ draw, queue: 10 });
	const id = await service.upload();
	const answer = service.call('POST', '/v1/analyses', {
		body: { uploadId: id, keepUpload },
		headers: { accept: 'application/json' },
	});
	(await service.fake.job(0)).emit({ type: 'report', report });
	expect((await answer).status).toBe(200);
	return id;
}
const ask = (id: string, headers: Record<string, string> = {}) =>
	service.call('GET', `/v1/analyses/${id}/annotated`, { headers });
async function ready(id: string, headers: Record<string, string> = {}) {
	for (;;) {
		const answer = await ask(id, headers);
		if (answer.status !== 202) return answer;
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
const bytesOf = async (id: string, headers: Record<string, string> = {}) => {
	const answer = await fetch(`${service.url}/v1/analyses/${id}/annotated`, { headers });
	return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
};

test('a copy is drawn on request with progress, then served in full and in ranges', async () => {
	const drawn: string[] = [];
	let goOn = () => {};
	const id = await analysed(async (path, drawnReport, out, { language, onProgress }) => {
		drawn.push(`${drawnReport.fileName} ${language} ${(await stat(path)).size > 0}`);
		onProgress(0.25);
		await new Promise<void>((resolve) => {
			goOn = resolve;
		});
		await writeFile(out, film);
	});
	let first = await ask(id);
	while (first.json<{ share: number }>().share === 0) first = await ask(id);
	expect(first.status).toBe(202);
	expect(first.json()).toEqual({ id, state: 'drawing', share: 0.25 });
	expect(first.headers.get('retry-after')).toBe('2');
	goOn();
	const whole = await ready(id);
	expect([whole.status, whole.headers.get('content-type'), whole.headers.get('accept-ranges')]).toEqual([
		200,
		'video/mp4',
		'bytes',
	]);
	expect((await bytesOf(id)).bytes).toEqual(film);
	const asBytes = await ask(id, { accept: 'application/octet-stream' });
	expect([asBytes.status, asBytes.headers.get('content-type')]).toEqual([200, 'application/octet-stream']);
	const part = await bytesOf(id, { range: 'bytes=100-299' });
	expect([part.answer.status, part.answer.headers.get('content-range')]).toEqual([206, 'bytes 100-299/5000']);
	expect(part.bytes).toEqual(film.subarray(100, 300));
	expect((await bytesOf(id, { range: 'bytes=-10' })).bytes).toEqual(film.subarray(-10));
	const since = part.answer.headers.get('last-modified') as string;
	expect((await bytesOf(id, { range: 'bytes=0-9', 'if-range': since })).answer.status).toBe(206);
	const before = new Date(0).toUTCString();
	expect((await bytesOf(id, { range: 'bytes=0-9', 'if-range': before })).answer.status).toBe(200);
	const outside = await ask(id, { range: 'bytes=5000-6000' });
	expect([outside.status, codeOf(outside)]).toEqual([416, 'range-outside']);
	for (const headers of [{ 'if-match': '"another"' }, { 'if-unmodified-since': before }] as Record<string, string>[]) {
		const changed = await ask(id, headers);
		expect([changed.status, codeOf(changed)]).toEqual([412, 'precondition-failed']);
	}
	expect(drawn).toEqual([`${report.fileName} en true`]);
});

test('deleting the upload deletes the copy, and stops its drawing', async () => {
	let ended = '';
	let place = '';
	const id = await analysed(async (_path, _told, out, { language, signal }) => {
		place = dirname(out);
		const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve));
		await writeFile(out, film);
		if (language === 'en') return;
		await stopped;
		ended = language;
		await rm(out);
		signal.throwIfAborted();
	});
	await ready(id);
	expect((await ask(id, { 'accept-language': 'ar' })).status).toBe(202);
	while ((await readdir(place)).length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
	expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
	expect(ended).toBe('ar');
	expect(await readdir(place)).toEqual([]);
	expect(codeOf(await ask(id))).toBe('report-not-found');
});

test('a copy is deleted if its upload has disappeared', async () => {
	let place = '';
	const id = await analysed(async (_path, _told, out) => {
		place = dirname(out);
		await writeFile(out, film);
	});
	await ready(id);
	await service.store.deleteUpload(id);
	while ((await readdir(place)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(codeOf(await ask(id))).toBe('upload-not-found');
});

test('without a kept upload there is no copy; a failure is reported once, then retried', async () => {
	const id = await analysed(() => Promise.reject(new Error('never asked')), false);
	expect(codeOf(await ask(id))).toBe('upload-not-found');
	await service.close();
	let tries = 0;
	const other = await analysed(async (_path, _told, out) => {
		tries++;
		if (tries === 1) throw new AnalysisError('annotate-unfit', 'write', 'it is a picture');
		await writeFile(out, film);
	});
	expect(codeOf(await ready(other))).toBe('annotate-unfit');
	expect((await ready(other)).status).toBe(200);
	expect(codeOf(await ask('0'.repeat(32)))).toBe('report-not-found');
	expect(codeOf(await ask('x'))).toBe('report-not-found');
});
