import { describe, expect, it } from 'vitest';
import type { Models } from '../../function/contract/service.ts';
import { type Judge, judgeFor, judgesOf, timesAsLong } from '../../spa/lib/judges.ts';

const judge = (id: string, some: Partial<Judge> = {}): Judge => ({
	...{ id, kind: 'classifier', isDefault: false, isOwn: false, sha256: '0'.repeat(64), sizeBytes: 1, licence: '' },
	...{ madeBy: '', tier: null, thresholds: null, errorRates: null, reliability: null, speed: null, metrics: [] },
	...some,
});
const speed = (facesASecond: number) => ({ facesASecond, on: 'two cores' });
const thorough = judge('large', { tier: 'thorough', speed: speed(20) });
const fast = judge('small', { tier: 'fast', isDefault: true, speed: speed(70) });
const own = judge('mine', { isOwn: true });
const told = (...models: Judge[]) => ({ models: [judge('d', { kind: 'detector' }), ...models] }) as Models;

describe('what can be chosen', () => {
	it('are the classifiers, the quick tier first', () => {
		expect(judgesOf(told(own, thorough, fast)).map(({ id }) => id)).toEqual(['small', 'large', 'mine']);
		expect(judgesOf(null)).toEqual([]);
	});

	it('is kept where the service still has it; else the usual one is taken', () => {
		expect(judgeFor('large', told(fast, thorough))).toBe('large');
		expect(judgeFor('gone', told(fast, thorough))).toBe('small');
		expect(judgeFor(null, told(fast, thorough))).toBe('small');
	});

	it('is left to the service where there is one alone, and asked for as it was where nobody knows what there is', () => {
		expect(judgeFor('gone', told(fast))).toBeNull();
		expect(judgeFor('large', null)).toBe('large');
		expect(judgeFor(null, null)).toBeNull();
	});

	it('costs a multiple of the quick tier, where both were measured', () => {
		expect(timesAsLong(thorough, [fast, thorough])).toBe(3.5);
		expect(timesAsLong(fast, [fast, thorough])).toBeNull();
		expect(timesAsLong(own, [fast, own])).toBeNull();
		expect(timesAsLong(thorough, [judge('small', { tier: 'fast' }), thorough])).toBeNull();
	});
});
