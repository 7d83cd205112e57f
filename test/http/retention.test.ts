import { readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import type { Service } from '../../function/contract/service.ts';
import { AnalysisError } from '../../function/errors.ts';
import { failedEvent } from '../../function/worker/failed-event.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { codeOf, openTestService, type TestService, type TestServiceOptions } from './open-service.ts';

/** What is left of an analysis on the disk, by looking at it. */

let service: TestService;
let report: Report;
beforeAll(async () => {
	report = { ...(await sampleReports.real()), fileName: 'witness.mp4' };
});
afterEach(() => service.close());
const open = async (options: TestServiceOptions = {}) => {
	service = await openTestService({ queue: 10, ...options });
};

/** Files of the store that have the id in their name, or the id or the video's name in their bytes. */
async function tracesOf(id: string): Promise<string[]> {
	const entries = await readdir(service.folder, { recursive: true, withFileTypes: true });
	const found: string[] = [];
	for (const entry of entries.filter((each) => each.isFile())) {
		const bytes = await readFile(join(entry.parentPath, entry.name));
		if (entry.name.includes(id) || bytes.includes(id) || bytes.includes('witness')) found.push(entry.name);
	}
	return found.toSorted();
}
const audit = () =>
	service.lines
		.map((line) => JSON.parse(line) as { audit?: string; what?: string; id?: string; why?: string })
		.filter(({ audit }) => audit === 'deletion')
		.map(({ what, id, why }) => `${what} ${id} ${why}`);
const analyse = (uploadId: string, some: object = {}, signal: AbortSignal | null = null) =>
	fetch(`${service.url}/v1/analyses`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
		body: JSON.stringify({ uploadId, plan: { frames: 60 }, ...some }),
		signal,
	});
const keepNothing = { keepReport: false };

test('DELETE leaves nothing of report and upload, and a line in the log for each', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const answer = analyse(id, { keepUpload: true });
	(await service.fake.job(0)).tell({ type: 'report', report });
	await (await answer).text();
	expect(await tracesOf(id)).toEqual([id, `${id}.json`, `${id}.json`]); // video, its record, report
	expect((await service.call('DELETE', `/v1/analyses/${id}`)).status).toBe(204);
	expect(await tracesOf(id)).toEqual([]);
	expect(audit()).toEqual([`report ${id.slice(0, 8)} asked for`, `upload ${id.slice(0, 8)} asked for`]);
	expect(service.lines.join('')).not.toContain('witness');
});

test('with keepReport false nothing stays, and the report is what the reader gets', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const answer = analyse(id, keepNothing);
	(await service.fake.job(0)).tell({ type: 'report', report });
	expect(await (await answer).text()).toContain('"type":"report"');
	expect(await tracesOf(id)).toEqual([]);
	expect(codeOf(await service.call('GET', `/v1/analyses/${id}`))).toBe('report-not-found');
	expect(audit()).toEqual([`upload ${id.slice(0, 8)} not kept`]);
});

test('neither when it fails, also where trying again could help', async () => {
	await open();
	for (const [i, code] of (['truncated', 'inference-died'] as const).entries()) {
		const id = await service.upload('witness.mp4');
		const answer = analyse(id, keepNothing);
		(await service.fake.job(i)).tell(failedEvent('witness.mp4', new AnalysisError(code, 'probe')));
		expect(await (await answer).text()).toContain(`"${code}"`);
		expect(await tracesOf(id)).toEqual([]);
	}
});

test('nor when its reader leaves, while it runs or while it waits', async () => {
	await open({ graceMs: 0 });
	const [first, second] = [await service.upload('witness.mp4'), await service.upload('witness.mp4')];
	const [leaveFirst, leaveSecond] = [new AbortController(), new AbortController()];
	await analyse(first, keepNothing, leaveFirst.signal);
	await service.fake.job(0);
	await analyse(second, keepNothing, leaveSecond.signal);
	leaveSecond.abort();
	await expect.poll(() => tracesOf(second)).not.toContain(second);
	leaveFirst.abort();
	await expect.poll(() => tracesOf(first)).toEqual([]);
});

test('whoever wants nothing kept is heard, whatever others ask for; what cannot be had together is refused', async () => {
	await open();
	const id = await service.upload('witness.mp4');
	const both = [analyse(id, keepNothing)];
	const job = await service.fake.job(0);
	both.push(analyse(id, { keepUpload: true }));
	await both[1];
	job.tell({ type: 'report', report });
	for (const answer of both) expect(await (await answer).text()).toContain('"type":"report"');
	expect(await tracesOf(id)).toEqual([]);

	const other = await service.upload('witness.mp4');
	for (const some of [{ async: true }, { keepUpload: true }, { webhook: { url: 'https://example.org/' } }]) {
		const refused = await service.call('POST', '/v1/analyses', { body: { uploadId: other, ...keepNothing, ...some } });
		expect([refused.status, codeOf(refused)]).toEqual([400, 'usage']);
	}
	const form = new FormData();
	form.append('keepReport', 'false');
	form.append('file', new File(['\0\0\0\x20ftypisom and so on'], 'witness.mp4'));
	const headers = { prefer: 'respond-async', accept: 'application/json' };
	const refused = await fetch(`${service.url}/v1/analyses`, { method: 'POST', body: form, headers });
	expect(refused.status).toBe(400);
	expect(await service.storedFiles()).toEqual([other, `${other}.json`]); // the form's file did not stay
});

test('a report expires after thirty days, with a line in the log; the service says so', async () => {
	await open({ reportTtlS: 30 * 86_400 });
	const { retention } = (await service.call('GET', '/v1/service')).json<Service>();
	expect(retention.reportS).toBe(30 * 86_400);
	const [old, recent] = [await service.upload('witness.mp4'), await service.upload('witness.mp4')];
	for (const id of [old, recent]) await service.store.writeResult(id, report);
	const day = 86_400_000;
	await utimes(join(service.folder, `results/${old}.json`), new Date(), new Date(Date.now() - 31 * day));
	await utimes(join(service.folder, `results/${recent}.json`), new Date(), new Date(Date.now() - 29 * day));
	await service.disk.sweep();
	expect(await service.store.readResult(old)).toBeNull();
	expect(await service.store.readResult(recent)).not.toBeNull();
	expect(audit()).toEqual([`report ${old.slice(0, 8)} expired`]);
});
