import { describe, expect, it } from 'vitest';
import { reportIn } from '../../function/answer/report-in.ts';
import { compareReports } from '../../function/commands/verify.ts';
import { sampleReports } from './sample-report.ts';

describe('compareReports', () => {
	it('finds nothing between two runs that differ in clock and name only', async () => {
		const report = await sampleReports.real();
		const again = {
			...report,
			createdAt: '2030-01-01T00:00:00.000Z',
			fileName: 'b.mp4',
			timings: { totalS: 9, firstFaceS: 1 },
		};
		expect(compareReports(report, again)).toEqual([]);
	});

	it('takes a report in another language, or of a version without headline and calibration, for the same', async () => {
		const report = await sampleReports.fake();
		const arabic = reportIn('ar', report);
		expect(arabic.verdict.sentence).not.toBe(report.verdict.sentence);
		const verdict = { ...arabic.verdict, headline: null };
		expect(compareReports(report, { ...arabic, verdict, calibration: null })).toEqual([]);
	});

	it('names what differs with its place', async () => {
		const report = await sampleReports.real();
		const other = structuredClone(report);
		(other.coverage as { framesSampled: number }).framesSampled += 1;
		expect(compareReports(report, other)).toEqual([
			`coverage.framesSampled: ${report.coverage.framesSampled} -> ${report.coverage.framesSampled + 1}`,
		]);
	});

	it('takes numbers for the same that differ as those of two processors may, and no more', async () => {
		const report = await sampleReports.real();
		const moved = (by: number) => {
			const other = structuredClone(report);
			(other.tracks[0] as { logit: number }).logit += by;
			return compareReports(report, other);
		};
		expect(moved(1e-4)).toEqual([]);
		expect(moved(0.1)).toHaveLength(1);
	});
});
