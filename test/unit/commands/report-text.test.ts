import { expect, test } from 'vitest';
import { messages } from '../../../function/answer/words.ts';
import { reportText } from '../../../function/commands/report-text.ts';
import { sampleReports } from '../sample-report.ts';

const terminal = { stderr: process.stderr };

test('a report on a terminal in Arabic has no sentence left in English', async () => {
	const report = await sampleReports.fake();
	const [set = ''] = Object.keys(messages.ar.modelTexts).filter((text) => text.startsWith('clips held out'));
	const falseAlarm = { rate: 0.02, n: 400, interval: [0.01, 0.04] as [number, number], set };
	const text = reportText({ ...report, errorRates: { falseAlarm, missed: null } }, terminal, 'ar');
	expect(text.replace(/interview\.mp4|unmask-lite0-224/g, '')).not.toMatch(/[a-z]{3}/i);
	expect(text).toContain(messages.ar.modelTexts[set]);
});

test('a second pass is told with its frames and times, and why it ended early', async () => {
	const report = await sampleReports.partial();
	const secondPass = {
		frames: 12,
		spans: [
			{ startS: 44, endS: 53 },
			{ startS: 70, endS: 71 },
		],
	};
	const notes = [{ code: 'second-pass-stopped' as const, name: 'decoder-died', frames: 12 }];
	const told = reportText({ ...report, coverage: { ...report.coverage, secondPass, notes } }, terminal);
	expect(told).toContain('  Second pass: 12 frames at 0:44–0:53 and 1:10–1:11.\n');
	expect(told).toContain('The decoder failed during the second pass (frames read: 12).');
	expect(reportText({ ...report, coverage: { ...report.coverage, secondPass: null } }, terminal)).not.toContain(
		'Second',
	);
});

test('stretches are listed with their times and scores', async () => {
	expect(reportText(await sampleReports.partial(), terminal)).toMatch(/ {2}Face 1, 0:45–0:52: Score 0\.9\d\n/);
});
