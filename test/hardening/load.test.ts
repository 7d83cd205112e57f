import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadService } from './load.ts';
import { queueJobs } from './queue-jobs.ts';

/** Small versions of `npm run load` and `npm run load:jobs`, without their limits on response time and memory growth. */

test('the service handles waiting analyses, uploads, slow connections and a flood at once', async () => {
	const result = await loadService({
		...{ waiting: 3, uploads: 20, uploadMb: 1, slow: 10 },
		...{ flooding: 10, overLimit: 50, requestsAMinute: 100, seconds: 5 },
	});
	expect(result.faults).toEqual([]);
});

test('no job is lost when the service is killed three times', async () => {
	const data = await mkdtemp(join(tmpdir(), 'unmask-jobs-'));
	try {
		const { reports, interrupted, faults } = await queueJobs(data, { jobs: 12, killAfter: [2, 4, 6] });
		expect(faults).toEqual([]);
		expect(reports).toBe(12);
		expect(interrupted).toBeGreaterThan(6);
	} finally {
		await rm(data, { recursive: true, force: true });
	}
});
