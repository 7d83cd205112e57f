import { describe, expect, it } from 'vitest';
import { fuzzWeights } from '../fuzz/weights.ts';

describe('damaged files of weights', () => {
	// npm run fuzz:weights does the same with 20,000
	it('are read or refused by a code, never with anything else', async () => {
		const { answers } = await fuzzWeights(300, 8);
		expect(answers.get('weights-damaged')).toBeGreaterThan(3);
		expect(answers.get('read')).toBeGreaterThan(3);
	}, 300_000);
});
