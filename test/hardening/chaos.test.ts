import { expect, test } from 'vitest';
import { chaosDisk, chaosKills } from './chaos.ts';

/** Small versions of `npm run chaos`. Only the command tests the failing bucket, because its client waits seconds before it retries. */

test('when the model process is killed, each analysis ends in a report or `failed`, and none is lost or mixed up', async () => {
	const { answers, faults, trouble } = await chaosKills({ seed: 3, count: 12, clients: 4 });
	expect(faults).toEqual([]);
	expect(Object.values(answers).reduce((sum, count) => sum + count, 0)).toBe(12);
	expect((trouble.models ?? 0) + (trouble.decoder ?? 0)).toBeGreaterThan(0);
});

test('when the disk is full, the same holds, and nothing half-written stays', async () => {
	const result = await chaosDisk({ seed: 1, count: 10, clients: 8 });
	if (result === null) return; // this user may not mount a disk
	expect(result.faults).toEqual([]);
	expect(Object.keys(result.answers)).toContain('write-failed');
});
