import { describe, expect, test } from 'vitest';
import { html } from '../../function/evidence/html.ts';
import { renderReportHtml } from '../../function/evidence/report-html.ts';
import { bytesText, countsText, rangeText, scoreText } from '../../function/evidence/report-words.ts';
import { drawOverlays } from '../../function/evidence/write-report.ts';
import { sampleReport, sampleReports } from './sample-report.ts';
import { around, calibration } from './verdict-samples.ts';

/** What a reader sees of a page, without tags, style and pictures. */
const textOf = (page: string) =>
	page
		.replace(/<style>.*<\/style>/s, '')
		.replace(/<[^>]*>/g, ' ')
		.replace(/\s+/g, ' ');

describe.each(Object.entries(sampleReports))('the page of "%s"', (_, make) => {
	test('opens with the verdict, needs nothing from elsewhere, and says nothing that it must not', async () => {
		const report = await make();
		const page = renderReportHtml(report, await drawOverlays(report));
		const text = textOf(page);
		expect(page).toMatch(/^<!doctype html>/);
		expect(page.match(/<h1>/g)).toHaveLength(1);
		expect(text).toContain(report.verdict.sentence);
		expect(page).not.toMatch(/<script|<link|<iframe|\bon\w+="|url\(/);
		expect(page.match(/(?:src|href)="(?!data:image\/jpeg;base64,)[^"]*"/g)).toBeNull();
		expect(text).toContain('This is not proof');
		expect(text).toContain(report.video.sha256);
		expect(text.replaceAll('95 % range', '')).not.toMatch(/%|undefined|null|NaN|\[object/);
		for (const [tag, closed] of ['div', 'section', 'figure', 'svg', 'ul', 'table', 'details', 'dl'].map((name) => [
			page.split(`<${name}`).length,
			page.split(`</${name}>`).length,
		]))
			expect(tag).toBe(closed);
	});
});

test('words of the page, as a snapshot', async () => {
	const report = await sampleReports.fake();
	expect(textOf(renderReportHtml(report)).split('. ')).toMatchSnapshot();
});

test('names and everything else from outside are escaped', async () => {
	const evil = '"><script>alert(1)</script>\u0007&.mp4';
	const report = await sampleReport({ people: [], fileName: evil });
	const page = renderReportHtml({ ...report, provider: '<b>cpu</b>', video: { ...report.video, codec: "'><i>" } });
	expect(page).not.toContain('<script');
	expect(page).not.toContain('<b>cpu');
	expect(page).not.toContain("'><i>");
	expect(page).not.toContain('\u0007');
	expect(page).toContain('&quot;&gt;&lt;script&gt;');
});

test('html escapes what is put in, joins arrays, leaves out what is missing', () => {
	const parts = ['<', html`<b>${'&'}</b>`];
	expect(html`<i title="${'"'}">${parts}${null}${false}${0}</i>`.html).toBe('<i title="&quot;">&lt;<b>&amp;</b>0</i>');
});

test('the chart breaks its line where the face was not seen, and names each lane for those who do not see it', async () => {
	const report = await sampleReport({ people: [{ logits: around(3, 10) }] });
	const track = report.tracks[0];
	if (!track) throw new Error('no track');
	const gone = { ...track, faces: track.faces.filter((face) => face.frameIndex < 3 || face.frameIndex > 6) };
	const line = (page: string) => /class="line" d="([^"]*)"/.exec(page)?.[1] ?? '';
	expect(line(renderReportHtml(report)).match(/M/g)).toHaveLength(1);
	const page = renderReportHtml({ ...report, tracks: [gone] });
	expect(line(page).match(/M/g)).toHaveLength(2);
	expect(page).toMatch(
		/role="img" aria-label="Face 1, 0:00–0:09: 10 frames judged, score 0\.95, range [^"]+Strong signs/,
	);
});

test('ten thousand faces of one person make no endless page', async () => {
	const report = await sampleReport({ people: [{ logits: around(-3, 50) }] });
	const [track] = report.tracks;
	const first = track?.faces[0];
	if (!track || !first) throw new Error('no track');
	const faces = Array.from({ length: 10_000 }, (_, i) => ({ ...first, frameIndex: i, timeS: i / 5 }));
	const many = { ...report, tracks: [{ ...track, endS: 2000, faces, moments: [] }] };
	expect(renderReportHtml(many).length).toBeLessThan(60_000);
});

test('with many people the most suspicious are shown and the others counted', async () => {
	const people = Array.from({ length: 20 }, (_, i) => ({ logits: around(-4 + i / 3, 8), startS: i }));
	const text = textOf(renderReportHtml(await sampleReport({ people })));
	expect(text).toContain('8 more faces');
	expect(text.indexOf('Face 20')).toBeLessThan(text.indexOf('Face 19'));
	expect(text).not.toContain('Face 1,');
});

test('rates are told as counts, with their sample; what was not measured is said to be so', async () => {
	expect(countsText({ rate: 0.023, n: 400 })).toBe('about 2 in 100');
	expect(countsText({ rate: 0.004, n: 1000 })).toBe('about 4 in 1,000');
	expect(countsText({ rate: 0, n: 120 })).toBe('none of 120');
	const text = textOf(renderReportHtml(await sampleReports.real()));
	expect(text).toContain(`n = 400, ${calibration.falseAlarm?.set}`);
	expect(text).toContain('was not measured');
});

test('a model that nobody calibrated is shown without limits and without claims of measurement', async () => {
	const thresholds = { likelyFakeAbove: 1, likelyRealBelow: 0 };
	const errorRates = { falseAlarm: null, missed: null };
	const report = { ...(await sampleReports.unclear()), thresholds, errorRates, isCalibrated: false };
	const text = textOf(renderReportHtml(report));
	expect(text).toContain('it was not measured for this model');
	expect(text).not.toContain('Measured on known material');
	expect(text).not.toContain('upper band');
});

test('scores never read 0 or 1, sizes read as people write them', () => {
	expect([0, 0.004, 0.5, 0.999, 1].map(scoreText)).toEqual([
		'below 0.01',
		'below 0.01',
		'0.50',
		'above 0.99',
		'above 0.99',
	]);
	expect(rangeText([0.1, 0.2])).toBe('0.10 to 0.20');
	expect(rangeText([0.999, 1])).toBe('above 0.99');
	expect([0, 999, 1500, 2_340_000].map(bytesText)).toEqual(['0 bytes', '999 bytes', '1.5 kB', '2.3 MB']);
});
