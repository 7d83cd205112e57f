import { expect, it } from 'vitest';
import { wordsIn } from '../../../function/answer/catalogues.ts';
import { rangeText, rateText } from '../../../function/answer/words.ts';

const [en, ar] = [wordsIn('en'), wordsIn('ar')];

it('a rate comes with its counts and its uncertainty', () => {
	const rate = { rate: 7 / 165, n: 165, interval: [0.021, 0.085] as [number, number], set: '' };
	expect(rateText(en, rate)).toBe('7 of 165; the true rate lies between 2.1 and 8.5 in 100 (95 % confidence)');
	expect(rateText(ar, rate)).toMatch(/7 .*165.*2\.1 .*8\.5 /);
});

it('a rate of zero is not written as 0.0000', () => {
	const rate = { rate: 0, n: 31, interval: [0, 0.1122] as [number, number], set: '' };
	expect(rateText(en, rate)).toBe('0 of 31; the true rate lies between 0 and 11 in 100 (95 % confidence)');
});

it('an interval whose ends read the same is not shown as a range', () => {
	expect(rangeText(en, [0.88, 0.96])).toBe('0.88 to 0.96');
	expect(rangeText(en, [0.888, 0.889])).toBeNull();
	expect(rangeText(en, null)).toBeNull();
});
