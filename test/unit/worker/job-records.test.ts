import { afterEach, expect, it, vi } from 'vitest';
import type { Store } from '../../../function/store/store.ts';
import { JobRecords } from '../../../function/worker/job-records.ts';
import { createFakeStore } from '../analyses-fakes.ts';
import { sampleReports } from '../sample-report.ts';

afterEach(() => vi.useRealTimers());

it('a job ends only once no renewal of its record can overwrite the result', async () => {
	vi.useFakeTimers();
	const fake = createFakeStore();
	let write = (): void => {};
	let holds = false;
	const store: Store = {
		...fake.store,
		kind: 'gcs',
		async writeResult(id, result) {
			if (holds)
				await new Promise<void>((resolve) => {
					write = resolve;
				});
			await fake.store.writeResult(id, result);
		},
	};
	const records = new JobRecords(store);
	for (const id of ['a', 'b']) await records.create(id, `${id}.mp4`);
	holds = true;
	await vi.advanceTimersByTimeAsync(200_000);
	let hasEnded = false;
	const ended = records.end('a').then(() => {
		hasEnded = true;
	});
	await records.end('b');
	await vi.advanceTimersByTimeAsync(0);
	expect(hasEnded).toBe(false);
	write();
	await ended;
	const writes = [...fake.calls];
	await vi.advanceTimersByTimeAsync(1_000_000);
	expect(fake.calls).toEqual(writes);
	expect(writes).toEqual(['writeResult a', 'writeResult b', 'writeResult a']);
	records.close();
});

it('a renewal does not replace the result that another instance stored', async () => {
	vi.useFakeTimers();
	const { store, results } = createFakeStore();
	const records = new JobRecords({ ...store, kind: 'gcs' });
	await records.create('a', 'a.mp4');
	results.set('a', await sampleReports.real());
	await vi.advanceTimersByTimeAsync(200_000);
	expect(results.get('a')?.schema).toBe('unmask-report/1');
	records.close();
});
