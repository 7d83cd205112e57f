import { describe, expect, it } from 'vitest';
import { createFormat } from '../../../function/answer/format.ts';

const en = createFormat('en');
const ar = createFormat('ar-u-nu-latn', 'rtl');

describe('createFormat', () => {
	it('writes times and spans', () => {
		expect([0, 9.99, 59, 75, 3600, 3725].map((timeS) => en.time(timeS))).toEqual([
			'0:00',
			'0:09',
			'0:59',
			'1:15',
			'1:00:00',
			'1:02:05',
		]);
		expect(en.span(12, 12.8)).toBe('0:12');
		expect(en.span(12, 19)).toBe('0:12–0:19');
		expect(ar.span(12, 19), 'kept in order between words from right to left').toBe('\u20660:12–0:19\u2069');
	});

	it('writes durations in at most two units', () => {
		expect([0.2, 45, 60, 200, 3600, 86_400, 100_000].map((s) => en.duration(s))).toEqual([
			...['1 second', '45 seconds', '1 minute', '3 minutes 20 seconds', '1 hour', '1 day', '1 day 3 hours'],
		]);
	});

	it('writes sizes', () => {
		expect([0, 1, 999, 1000, 12_345_678, 8e9].map((bytes) => en.bytes(bytes))).toEqual([
			...['0 bytes', '1 byte', '999 bytes', '1 kB', '12.3 MB', '8 GB'],
		]);
	});

	it('never writes a score of 0 or 1', () => {
		expect([0, 0.004, 0.5, 0.999, 1].map((p) => en.score(p))).toEqual(['0.01', '0.01', '0.50', '0.99', '0.99']);
	});

	it('follows the language', () => {
		expect(ar.duration(200)).toContain('دقائق');
		expect(ar.bytes(12_345_678)).toContain('م.ب');
		expect(en.number(12_345)).toBe('12,345');
	});
});
