import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { analysisEventSchema } from '../../../function/contract/events.ts';
import { reportSchema, storedResultSchema } from '../../../function/contract/report.ts';

/** Reports and events as version 0.1.0 wrote them: stored ones must stay readable for good. */
const folder = join(import.meta.dirname, '../../fixtures/reports');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const reports = readdirSync(folder).filter((name) => name.endsWith('.json'));

it('finds recorded reports', () => expect(reports.length).toBeGreaterThan(2));

it.each(reports)('%s parses and is unchanged', (name) => {
	const recorded = JSON.parse(read(name));
	expect(reportSchema.parse(recorded)).toMatchObject(recorded);
	expect(storedResultSchema.parse(recorded)).toMatchObject(recorded);
});

it('events parse and are unchanged', () => {
	const lines = read('video.ndjson').trim().split('\n');
	expect(lines.length).toBeGreaterThan(5);
	for (const line of lines) expect(analysisEventSchema.parse(JSON.parse(line))).toMatchObject(JSON.parse(line));
});

it('a stored failure parses', () => {
	const failure = {
		schema: 'unmask-failure/1',
		createdAt: '2026-11-28T19:00:00.000Z',
		fileName: 'a.mp4',
		error: { code: 'not-a-video', stage: 'probe', message: 'This is not a video.', retryable: false },
	};
	expect(storedResultSchema.parse(failure)).toEqual(failure);
});
