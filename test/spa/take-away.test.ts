import { describe, expect, it } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import { parseCsv } from '../../function/files/csv.ts';
import { csvFromReport, takeAwayName } from '../../spa/lib/csv.ts';
import { sampleReports } from '../unit/sample-report.ts';

/** Outcome, start and end of the first segment at a time. */
const segmentOf = ({ tracks }: Report, timeS: number) => {
	const [segment] = tracks[0]?.segments.filter(({ startS, endS }) => timeS >= startS && timeS <= endS) ?? [];
	return segment ? [segment.outcome, segment.startS, segment.endS] : ['', '', ''];
};

describe('csvFromReport', () => {
	it("has a row for every scored face, with the report's values", async () => {
		const report = await sampleReports.fake();
		const rows = csvFromReport(report).split('\r\n');
		const faces = report.tracks.flatMap((track) => track.faces);
		expect(rows).toHaveLength(1 + faces.length + 1);
		expect(rows.at(-1)).toBe('');
		const first = faces[0];
		expect(rows[1]).toBe(
			[
				report.fileName,
				1,
				first?.frameIndex,
				first?.timeS,
				first?.fakeProbability,
				first?.logit,
				'yes',
				'',
				...[first?.box.x, first?.box.y, first?.box.width, first?.box.height],
				first?.score,
				first?.quality.sizePx,
				...['no', ...segmentOf(report, first?.timeS ?? 0)],
			].join(','),
		);
		expect(rows.filter((row) => row.includes('face-too-small'))).toHaveLength(9);
	});

	it('gives the segment of every face; a stretch includes its last face', async () => {
		const report = await sampleReports.partial();
		const [head, ...rows] = parseCsv(csvFromReport(report)).map(({ fields }) => fields);
		const [time, outcome] = [head?.indexOf('time_s') ?? -1, head?.indexOf('segment_outcome') ?? -1];
		const [stretch] = report.verdict.segments;
		const inside = (row: readonly string[]) =>
			Number(row[time]) >= (stretch?.startS ?? 0) && Number(row[time]) <= (stretch?.endS ?? 0);
		expect(rows.filter(inside).map((row) => row[outcome])).toEqual(Array(stretch?.facesJudged).fill('likely-fake'));
		expect(rows.filter((row) => !inside(row)).some((row) => row[outcome] === 'likely-fake')).toBe(false);
	});

	it.each([
		['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
		['+1', `'+1`],
		['-2', `'-2`],
		['@SUM(A1)', `'@SUM(A1)`],
		['  =1', `'  =1`],
		['\t=1', `'\t=1`],
		['a,b', '"a,b"'],
		['say "x"', '"say ""x"""'],
		['a\r\n=1', '"a\r\n=1"'],
		['film.mp4', 'film.mp4'],
	])('writes the name %j as text', async (fileName, cell) => {
		const report = await sampleReports.picture();
		const line = csvFromReport({ ...report, fileName })
			.split('\r\n')
			.slice(1)
			.join('\r\n');
		expect(line.slice(0, cell.length + 1)).toBe(`${cell},`);
		const [, row] = parseCsv(csvFromReport({ ...report, fileName }));
		expect(row?.fields).toHaveLength(18);
		expect(row?.fields[0]?.replace(/^'/, '')).toBe(fileName);
	});
});

describe('takeAwayName', () => {
	it.each([
		['interview.mp4', 'unmask-interview.json'],
		['../../etc/passwd', 'unmask-report.json'],
		['a/b.c.mp4', 'unmask-a-b.c.json'],
		['CON: a?b*c|d.mov', 'unmask-CON-a-b-c-d.json'],
		['مقابلة.mp4', 'unmask-مقابلة.json'],
		['.mp4', 'unmask-report.json'],
	])('turns %j into a name that every file system accepts', (fileName, name) => {
		expect(takeAwayName(fileName, 'json')).toBe(name);
	});
});
