import { expect, test } from 'vitest';
import { loadService } from './load.ts';

/** A small edition of `npm run load`; how fast it answers meanwhile is not asked here. */

test('waiting analyses, uploads, slow connections and a flood at once', async () => {
	const result = await loadService({
		...{ waiting: 3, uploads: 20, uploadMb: 1, slow: 10 },
		...{ flooding: 10, overLimit: 50, requestsAMinute: 100, seconds: 5 },
	});
	expect(result.faults).toEqual([]);
});
