import { render as serverRender } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import { type Language, languages } from '../../function/answer/languages.ts';
import { sentenceOf } from '../../function/answer/sentence.ts';
import type { Report } from '../../function/contract/report.ts';
import { drawOverlays, renderPage } from '../../function/evidence/write-report.ts';
import Answer from '../../spa/parts/Answer.svelte';
import { wordsKey } from '../../spa/parts/words.ts';
import { renderReport } from '../../spa/report.ts';
import { sampleReport, sampleReports } from '../unit/sample-report.ts';
import { around, calibration, image, video } from '../unit/verdict-samples.ts';

const render = async (report: Report, language: Language = 'en') =>
	renderPage(renderReport, report, language, await drawOverlays(report));

/** The text a reader sees, without tags, style and pictures. */
const textOf = (page: string) =>
	page
		.replace(/<style[^>]*>.*?<\/style>/gs, '')
		.replace(/<[^>]*>/g, ' ')
		.replaceAll('&lt;', '<')
		.replaceAll('&amp;', '&')
		.replace(/[ \t\n]+/g, ' ');

const cases = Object.entries(sampleReports).flatMap(([name, make]) =>
	languages.map((language) => ({ name, language, make })),
);
describe.each(cases)('the page of "$name" in $language', ({ make, language }) => {
	it('opens with the verdict, is self-contained, and makes no forbidden claims', async () => {
		const report = await make();
		const words = wordsIn(language);
		const page = await render(report, language);
		const text = textOf(page);
		expect(page).toMatch(new RegExp(`^<!doctype html>\n<html lang="${language}" dir="${words.m.dir}">`));
		expect(page.match(/<h1[ >]/g)).toHaveLength(1);
		expect(text).toContain(sentenceOf(report, words));
		expect(text).toContain(words.m.limits[report.video.kind === 'image' ? 'proofPicture' : 'proofVideo']);
		expect(text).toContain(report.video.sha256);
		expect(page).not.toMatch(/<script|<link|<iframe|<button|<canvas|\bon\w+="|url\(/);
		expect(page.match(/(?:src|href)="(?!data:image\/jpeg;base64,)[^"]*"/g)).toBeNull();
		expect(text.replaceAll(/95[\s-]?%/g, '')).not.toMatch(/%|undefined|null|NaN|\[object/);
		for (const name of ['div', 'section', 'figure', 'svg', 'ul', 'table', 'details', 'dl'])
			expect(page.match(new RegExp(`<${name}[ >]`, 'g'))?.length, name).toBe(
				page.match(new RegExp(`</${name}>`, 'g'))?.length,
			);
	});
});

it('escapes names and everything else from outside', async () => {
	const report = await sampleReport({ people: [], fileName: '"><script>alert(1)</script>\u0007&.mp4' });
	const page = await render({ ...report, provider: '<b>cpu</b>', video: { ...report.video, codec: "'><i>" } });
	for (const evil of ['<script', '<b>cpu', "'><i>", '\u0007']) expect(page).not.toContain(evil);
	expect(textOf(page)).toContain('"><script>alert(1)</script><U+0007>&.mp4');
});

it('a name keeps its direction in a sentence of the other one', async () => {
	const report = await sampleReport({ people: [], fileName: '519_515.mp4' });
	expect(textOf(await render(report, 'ar'))).toContain('\u2068519_515.mp4\u2069، حُلّل في');
});

it('misses frames for a range only if there are too few of them, not in a mode that has none', async () => {
	const { rangeTooFew } = wordsIn('en').m.answer;
	const report = await sampleReport({ people: [{ logits: around(3, 10) }] });
	const [track] = report.tracks;
	if (!track) throw new Error('no track');
	const older = { mode: 'seed', said: { label: 'FAKE', percent: 95 } } as const;
	const last = {
		...report,
		older,
		verdict: { ...report.verdict, interval: null },
		tracks: [{ ...track, interval: null }],
	};
	expect(textOf(await render(last))).not.toContain(rangeTooFew);
	expect(textOf(await render(await sampleReport({ people: [{ logits: around(3, 3) }] })))).toContain(rangeTooFew);
});

it('offers a test of stability until one was asked for, even if its section was too short', async () => {
	const report = await sampleReports.fake();
	const words = wordsIn('en');
	const live = { previewUrl: null, ondeeper: null, ontest() {}, ondelete() {}, isStored: true };
	const page = (plan: Partial<Report['plan']>) => {
		const props = { report: { ...report, plan: { ...report.plan, ...plan } }, id: null, live };
		return serverRender(Answer, { props, context: new Map([[wordsKey, words]]) }).body;
	};
	expect(page({})).toContain('data-testid="test-stability"');
	expect(page({ stability: true })).not.toContain('data-testid="test-stability"');
});

it('names each lane for screen readers', async () => {
	const page = await render(
		await sampleReport({ people: [{ logits: around(3, 10).map((logit, i) => logit + (i % 5)) }] }),
	);
	expect(page).toMatch(
		/aria-label="Face 1, 0:00–0:09: Strong signs[^"]+ Assessed in 10 frames. Score 0\.9\d, 95 % range/,
	);
});

it('an interval whose ends read the same is described in words', async () => {
	const text = textOf(await render(await sampleReport({ people: [{ logits: Array(10).fill(3) }] })));
	expect(text).toContain('It would hardly move if other frames of the clip were analysed.');
	expect(text).not.toContain('95 % range');
});

it('gives a video that shows a still throughout no range for the reason that a picture has none', async () => {
	const report = await sampleReport({ people: [{ logits: [2.5] }], info: image, parts: { video } });
	const text = textOf(await render(report));
	expect(text).toContain('A single picture gives no range.');
	expect(text).not.toContain('too few frames');
});

it('stays small with ten thousand faces of one person', async () => {
	const report = await sampleReport({ people: [{ logits: around(-3, 50) }] });
	const [track] = report.tracks;
	const first = track?.faces[0];
	if (!track || !first) throw new Error('no track');
	const faces = Array.from({ length: 10_000 }, (_, i) => ({ ...first, frameIndex: i, timeS: i / 5 }));
	expect((await render({ ...report, tracks: [{ ...track, endS: 2000, faces, moments: [] }] })).length).toBeLessThan(
		120_000,
	);
});

it('shows the most suspicious of many people and counts the others', async () => {
	const people = Array.from({ length: 20 }, (_, i) => ({ logits: around(-4 + i / 3, 8), startS: i }));
	const text = textOf(await render(await sampleReport({ people })));
	expect(text).toContain('8 more faces');
	expect(text.indexOf('Face 20')).toBeLessThan(text.indexOf('Face 19'));
	expect(text).not.toContain('Face 1,');
});

it('gives rates as counts with their sample, and says what was not measured', async () => {
	const text = textOf(await render(await sampleReports.real()));
	expect(text).toContain('About 2 in 100');
	expect(text).toContain(
		`8 of 400; the true rate lies between 1 and 4 in 100 (95 % confidence): ${calibration.falseAlarm?.set}`,
	);
	expect(text).toContain('This was not measured for this model.');
});

it('shows an uncalibrated model without thresholds and without claims of measurement', async () => {
	const thresholds = { likelyFakeAbove: 1, likelyRealBelow: 0 };
	const errorRates = { falseAlarm: null, missed: null };
	const report = { ...(await sampleReports.unclear()), thresholds, errorRates, isCalibrated: false };
	const page = await render(report);
	expect(textOf(page)).toContain('there are no thresholds to compare it with');
	expect(textOf(page)).not.toContain('Measured on known material');
	expect(page).not.toContain('class="limit');
});

it('lists and marks the stretches that show strong signs when the rest does not', async () => {
	const report = await sampleReports.partial();
	const page = await render(report);
	expect(textOf(page)).toContain('Stretches with strong signs');
	expect(textOf(page)).toMatch(/Face 1, 0:45–0:52 Score 0\.9\d/);
	expect(page.match(/<rect class="stretch/g)).toHaveLength(1);
	expect(await render(await sampleReports.fake())).not.toContain('class="stretch');
});

it('shows each heat map next to its crop', async () => {
	const report = await sampleReports.fake();
	const page = await render(report);
	const moments = report.tracks.flatMap((track) => track.moments);
	const heats = moments.filter(({ heatMap }) => heatMap !== null);
	expect(heats.length).toBeGreaterThan(6);
	expect(page.match(/<img /g)).toHaveLength(moments.length + heats.length);
});
