import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import { languages } from '../../function/answer/languages.ts';
import { cardSize, layOutCard, wrap } from '../../spa/lib/card.ts';
import { sampleReports } from '../unit/sample-report.ts';

/** A wide font: nearly as wide as high. */
const measure = (text: string, sizePx: number) => [...text].length * 0.62 * sizePx;

describe.each(languages)('the card of a verdict in %s', (language) => {
	it.each(Object.keys(sampleReports) as (keyof typeof sampleReports)[])(
		'%s: all of it fits, and the caveat is there',
		async (kind) => {
			const report = { ...(await sampleReports[kind]()), fileName: `${'very-long-name-'.repeat(20)}.mp4` };
			const words = wordsIn(language);
			const { lines, scale } = layOutCard(report, words, measure);
			for (const { text, at, sizePx } of lines) {
				expect(at).toBeLessThanOrEqual(cardSize.height - 40);
				expect(measure(text, sizePx)).toBeLessThan(cardSize.width - 128);
			}
			const places = lines.map(({ at }) => at);
			expect(places).toEqual(places.toSorted((a, b) => a - b));
			expect(lines.map(({ text }) => text).join(' ')).toContain(words.m.card.caveat);
			if (scale) expect(lines.every(({ at, sizePx }) => at <= scale.at - 6 || at - sizePx >= scale.at + 24)).toBe(true);
		},
	);
});

it('breaks a name that is wider than a line, and marks omitted text', () => {
	expect(wrap('aaaaaaaaaa bb', 4, 3, (text) => text.length)).toEqual(['aaaa', 'aaaa', 'aa…']);
	expect(wrap('a b', 10, 1, (text) => text.length)).toEqual(['a b']);
});

it('breaks between words if there are no spaces, and starts no line with punctuation', () => {
	expect(wrap('未发现伪造迹象；这并不能证明视频是真实的。', 7, 5, (text) => text.length)).toEqual([
		...['未发现伪造', '迹象；这并不能', '证明视频是真实', '的。'],
	]);
});
