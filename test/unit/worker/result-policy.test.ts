import { expect, test } from 'vitest';
import { wirePlanSchema } from '../../../function/contract/plan.ts';
import { AnalysisError, type ErrorCode, errorTable } from '../../../function/errors.ts';
import type { UploadState } from '../../../function/store/store.ts';
import { failedEvent } from '../../../function/worker/failed-event.ts';
import { endFromStored, isSamePlan, resultOfEnd, withoutPath } from '../../../function/worker/result-policy.ts';
import { sampleReport } from '../sample-report.ts';

const report = await sampleReport({ people: [{ logits: [1, 2, 3] }] });
const plan = wirePlanSchema.parse({ frames: 60 });
const upload: UploadState = {
	...{ id: 'a'.repeat(32), fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' },
	...{ complete: true, receivedBytes: 1, createdAt: '2026-11-22T18:00:00.000Z' },
};
const failed = (code: ErrorCode, detail = '') => failedEvent('a.mp4', new AnalysisError(code, 'probe', detail));

test('plans are the same if they yield the same report', () => {
	expect(isSamePlan(plan, { ...plan, crops: true } as typeof plan)).toBe(true);
	const others = [
		{ frames: 50 },
		{ refine: 'none' },
		{ stability: true },
		{ mode: 'first' },
		{ heatMaps: false },
		{ model: 'x' },
		{ tier: 'fast' },
		{ fromS: 1 },
		{ toS: 9 },
	] as const;
	for (const other of others) expect(isSamePlan(plan, { ...plan, ...other })).toBe(false);
});

test('a stored report serves its own plan; a stored failure only counts if the upload is gone', () => {
	expect(endFromStored(report, plan, null)).toEqual({ type: 'report', report });
	expect(endFromStored(report, { ...plan, frames: 50 }, upload)).toBeNull();
	const failure = resultOfEnd(failed('not-a-video'), new Date(0));
	expect(endFromStored(failure, plan, null)).toMatchObject({ type: 'failed', error: { code: 'not-a-video' } });
	expect(endFromStored(failure, plan, upload)).toBeNull();
	expect(endFromStored(null, plan, null)).toBeNull();
});

test('only a failure caused by the file is stored', () => {
	const stored = (Object.keys(errorTable) as ErrorCode[]).filter((code) => resultOfEnd(failed(code), new Date(0)));
	expect(stored).toContain('not-a-video');
	for (const code of stored) expect(errorTable[code]).toMatchObject({ exit: 3, retryable: false });
	for (const code of ['upload-not-found', 'cancelled', 'model-failed', 'environment'])
		expect(stored).not.toContain(code);
	expect(resultOfEnd({ type: 'report', report }, new Date(0))).toBe(report);
});

test('a message names the file, never its path', () => {
	const last = { ...failed('not-a-video', '/data/x: /data/x is odd'), fileName: '$&.mp4' };
	expect(withoutPath(last, '/data/x')).toMatchObject({
		error: { message: expect.stringContaining('$&.mp4: $&.mp4 is') },
	});
	expect(withoutPath({ type: 'report', report }, '/data/x')).toEqual({ type: 'report', report });
});
