import { describe, expect, it } from 'vitest';
import type { Models } from '../../function/contract/service.ts';
import { type Classifier, classifierFor, classifiersOf, timesAsLong } from '../../spa/lib/classifiers.ts';

const classifier = (id: string, some: Partial<Classifier> = {}): Classifier => ({
	...{ id, kind: 'classifier', isDefault: false, isOwn: false, sha256: '0'.repeat(64), sizeBytes: 1, licence: '' },
	...{ madeBy: '', tier: null, thresholds: null, errorRates: null, reliability: null, speed: null, metrics: [] },
	...some,
});
const speed = (facesASecond: number) => ({ facesASecond, on: 'two cores' });
const thorough = classifier('large', { tier: 'thorough', speed: speed(20) });
const fast = classifier('small', { tier: 'fast', isDefault: true, speed: speed(70) });
const own = classifier('mine', { isOwn: true });
const modelList = (...models: Classifier[]) =>
	({ models: [classifier('d', { kind: 'detector' }), ...models] }) as Models;

describe('the choice of classifiers', () => {
	it('lists the classifiers, fast tier first', () => {
		expect(classifiersOf(modelList(own, thorough, fast)).map(({ id }) => id)).toEqual(['small', 'large', 'mine']);
		expect(classifiersOf(null)).toEqual([]);
	});

	it('keeps the chosen one if the service still has it, and otherwise uses the default', () => {
		expect(classifierFor('large', modelList(fast, thorough))).toBe('large');
		expect(classifierFor('gone', modelList(fast, thorough))).toBe('small');
		expect(classifierFor(null, modelList(fast, thorough))).toBe('small');
	});

	it('is left to the service if there is only one, and passed on unchanged if the choices are unknown', () => {
		expect(classifierFor('gone', modelList(fast))).toBeNull();
		expect(classifierFor('large', null)).toBe('large');
		expect(classifierFor(null, null)).toBeNull();
	});

	it('costs a multiple of the fast tier, if both were measured', () => {
		expect(timesAsLong(thorough, [fast, thorough])).toBe(3.5);
		expect(timesAsLong(fast, [fast, thorough])).toBeNull();
		expect(timesAsLong(own, [fast, own])).toBeNull();
		expect(timesAsLong(thorough, [classifier('small', { tier: 'fast' }), thorough])).toBeNull();
	});
});
