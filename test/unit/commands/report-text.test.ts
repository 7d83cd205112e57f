import { expect, test } from 'vitest';
import { messages } from '../../../function/answer/catalogues.ts';
import { reportText } from '../../../function/commands/report-text.ts';
import { sampleReports } from '../sample-report.ts';

const terminal = { stderr: process.stderr };

test('a report on a terminal in Arabic has no English sentence', async () => {
	const report = await sampleReports.fake();
	const [set = ''] = Object.keys(messages.ar.modelTexts).filter((text) => text.startsWith('genuine clips of held-out'));
	const falseAlarm = { rate: 0.02, n: 400, interval: [0.01, 0.04] as [number, number], set };
	const text = reportText({ ...report, errorRates: { falseAlarm, missed: null } }, terminal, 'ar');
	expect(text.replace(/interview\.mp4|unmask-lite0-224/g, '')).not.toMatch(/[a-z]{3}/i);
	expect(text).toContain(messages.ar.modelTexts[set]);
});

test('a second pass is listed with its frames and times, and why it ended early', async () => {
	const report = await sampleReports.partial();
	const secondPass = {
		frames: 12,
		spans: [
			{ startS: 44, endS: 53 },
			{ startS: 70, endS: 71 },
		],
	};
	const notes = [{ code: 'second-pass-stopped' as const, name: 'decoder-died', frames: 12 }];
	const shown = reportText({ ...report, coverage: { ...report.coverage, secondPass, notes } }, terminal);
	expect(shown).toContain('  Second pass: 12 frames at 0:44–0:53 and 1:10–1:11.\n');
	expect(shown).toContain('The decoder failed during the second pass (frames read: 12).');
	expect(reportText({ ...report, coverage: { ...report.coverage, secondPass: null } }, terminal)).not.toContain(
		'Second',
	);
});

test('a stability test is listed with the score of each copy', async () => {
	const report = await sampleReports.fake();
	const copy = { outcome: 'likely-fake' as const, fakeProbability: 0.94, logit: 3 };
	const stability = {
		...{ startS: 12, endS: 18, failed: null, lost: ['blur' as const] },
		copies: [
			{ change: 'none' as const, ...copy },
			{ change: 'blur' as const, outcome: 'uncertain' as const, fakeProbability: 0.61, logit: 0.4 },
		],
	};
	const shown = reportText({ ...report, stability }, terminal);
	expect(shown).toContain('Does the verdict survive changes? The verdict does not survive all of them.\n');
	expect(shown).toContain('None: Score 0.94, Strong signs of manipulation\n');
	expect(shown).toContain('Blurred slightly: Score 0.61 (−0.33), Inconclusive\n');
	const failed = reportText({ ...report, stability: { ...stability, copies: [], failed: 'decoder-died' } }, terminal);
	expect(failed).toContain('could not be made or read (decoder-died).');
});

test('stretches are listed with their times and scores', async () => {
	expect(reportText(await sampleReports.partial(), terminal)).toMatch(/ {2}Face 1, 0:45–0:52: Score 0\.9\d\n/);
});
