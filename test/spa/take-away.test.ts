import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../function/files/csv.ts';
import { csvFromReport, takeAwayName } from '../../spa/lib/csv.ts';
import { sampleReports } from '../unit/sample-report.ts';

describe('csvFromReport', () => {
	it('has a row for every scored face, with what the report says', async () => {
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
			].join(','),
		);
		expect(rows.filter((row) => row.includes('face-too-small'))).toHaveLength(9);
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
	])('takes the name %j for a text', async (fileName, cell) => {
		const report = await sampleReports.picture();
		const line = csvFromReport({ ...report, fileName })
			.split('\r\n')
			.slice(1)
			.join('\r\n');
		expect(line.slice(0, cell.length + 1)).toBe(`${cell},`);
		const [, row] = parseCsv(csvFromReport({ ...report, fileName }));
		expect(row?.fields).toHaveLength(14);
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
	])('makes of %j a name that every file system takes', (fileName, name) => {
		expect(takeAwayName(fileName, 'json')).toBe(name);
	});
});
