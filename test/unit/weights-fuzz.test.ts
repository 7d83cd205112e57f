import { describe, expect, it } from 'vitest';
import { fuzzWeights } from '../fuzz/weights.ts';

describe('damaged weights files', () => {
	// npm run fuzz:weights does the same with 20,000 files
	it('are read or refused with a code, and never fail in another way', async () => {
		const { answers } = await fuzzWeights(300, 8);
		expect(answers.get('weights-damaged')).toBeGreaterThan(3);
		expect(answers.get('read')).toBeGreaterThan(3);
	}, 300_000);
});
