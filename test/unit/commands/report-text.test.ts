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

test('stretches are listed with their times and scores', async () => {
	expect(reportText(await sampleReports.partial(), terminal)).toMatch(/ {2}Face 1, 0:45–0:52: Score 0\.9\d\n/);
});
