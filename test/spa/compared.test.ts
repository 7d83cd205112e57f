import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../function/client/problem-error.ts';
import type { Report } from '../../function/contract/report.ts';
import { Compared } from '../../spa/lib/compared.svelte.ts';
import { hashFromRoute, routeFromHash } from '../../spa/lib/route.ts';
import { sampleReports } from '../unit/sample-report.ts';

const failing = () => Promise.reject(new ProblemError('report-not-found'));

describe('Compared', () => {
	it('shows the whole analysis and the deciding person, until a part or another person is chosen', async () => {
		const report = await sampleReports.fake();
		const side = new Compared(() => Promise.resolve(report));
		await side.choose('a');
		expect([side.isWhole, side.isPartValid, side.person?.trackId]).toEqual([true, true, report.verdict.trackId]);
		const { frames } = side.mean ?? { frames: 0 };
		side.setPart(12, 15);
		expect([side.isWhole, side.isPartValid]).toEqual([false, true]);
		expect(side.faces.map(({ timeS }) => timeS)).toEqual([0, 1, 2, 3]);
		expect(side.mean?.frames).toBeLessThan(frames);
		side.setPerson(1);
		expect(side.person?.trackId).toBe(1);
	});

	it.each([
		[5, 5],
		[9, 3],
		[-1, 3],
		[0, 1e6],
		[Number.NaN, 3],
	])('rejects %d to %d as a part', async (fromS, toS) => {
		const side = new Compared(() => sampleReports.real());
		await side.choose('a');
		side.setPart(fromS, toS);
		expect(side.isPartValid).toBe(false);
	});

	it('says why there is no report, and forgets it with the next choice', async () => {
		const side = new Compared((id) => (id === 'a' ? failing() : sampleReports.real()));
		await side.choose('a');
		expect([side.fault?.code, side.report]).toEqual(['report-not-found', null]);
		await side.choose('b');
		expect([side.fault, side.report?.schema]).toEqual([null, 'unmask-report/1']);
		await side.choose(null);
		expect(side.report).toBeNull();
	});

	it('keeps the latest choice, whichever answer arrives first', async () => {
		const answers: Record<string, (report: Report) => void> = {};
		const side = new Compared((id) => new Promise((resolve) => (answers[id] = resolve)));
		const [slow, quick] = [side.choose('slow'), side.choose('quick')];
		const [late, soon] = [await sampleReports.fake(), await sampleReports.real()];
		answers.quick?.(soon);
		answers.slow?.(late);
		await Promise.all([slow, quick]);
		expect(side.report).toEqual(soon);
	});

	it('opens a saved report, and nothing else', async () => {
		const side = new Compared(failing);
		await side.open(new Blob([JSON.stringify(await sampleReports.real())]));
		expect([side.report?.fileName, side.fault]).toEqual(['interview.mp4', null]);
		for (const text of ['{"schema":"unmask-failure/1"}', 'no JSON', '']) {
			await side.open(new Blob([text]));
			expect([side.report, side.fault?.code]).toEqual([null, 'report-invalid']);
		}
	});
});

it('the address of a comparison has up to two ids', () => {
	const [a, b] = ['a'.repeat(32), 'b'.repeat(32)];
	for (const ids of [[], [a], [a, b]])
		expect(routeFromHash(hashFromRoute({ page: 'compare', ids }))).toEqual({ page: 'compare', ids });
	for (const hash of [`#/compare/${a}/${b}/${a}`, '#/compare/x', `#/compare${a}`])
		expect(routeFromHash(hash)).toEqual({ page: 'unknown' });
});
