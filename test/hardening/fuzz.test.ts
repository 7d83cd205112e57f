import { expect, test } from 'vitest';
import { fuzzMedia } from './fuzz-media.ts';

/** A small version of `npm run fuzz:media`. */

test('each damaged file gives a report or a code, and nothing is left behind', async () => {
	const { lines, faults, died } = await fuzzMedia({ seed: 7, count: 30, workers: 4, folder: null });
	expect(faults).toEqual([]);
	expect(died).toBe(0);
	expect(new Set(lines.map(({ number }) => number)).size).toBe(30);
	// damage that spares or kills everything would prove little
	const reports = lines.filter(({ answer }) => answer === 'report').length;
	expect(reports).toBeGreaterThan(2);
	expect(reports).toBeLessThan(40);
});
