import type { ErrorRate, Verdict } from '../contract/report.ts';
import { createFormat, type Format } from './format.ts';
import { ar } from './messages/ar.ts';
import { en, type Messages } from './messages/en.ts';

/** The messages of each language by its code (BCP 47); a new language is one file and one line here. */
export const messages = { en, ar } as const satisfies Record<string, Messages>;

/** A language that everything is told in. */
export type Language = keyof typeof messages;

/** All of them, English first. */
export const languages = Object.keys(messages) as Language[];

/** The words and the formats of a language. */
export type Words = { readonly m: Messages; readonly f: Format };

/** Both of a language. */
export function wordsIn(language: Language): Words {
	const m = messages[language];
	return { m, f: createFormat(m.locale, m.dir) };
}

/** The first known language among tags in order of preference, such as `ar-EG`; null when none is known. */
export function languageFromTags(tags: readonly string[]): Language | null {
	for (const tag of tags) {
		const code = tag.trim().toLowerCase().split('-')[0];
		const known = languages.find((language) => language === code);
		if (known) return known;
	}
	return null;
}

/** The language that a client prefers by its Accept-Language (RFC 9110, section 12.5.4); English when it names none that is known. */
export function languageFromHeader(header: string | undefined): Language {
	const ranges = (header ?? '').split(',').map((range) => {
		const [tag = '', ...parameters] = range.split(';').map((text) => text.trim());
		const quality = parameters.find((text) => text.startsWith('q='));
		return { tag, weight: quality === undefined ? 1 : Number(quality.slice(2)) };
	});
	const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
	return languageFromTags(wanted.map(({ tag }) => tag)) ?? 'en';
}

/** An interval of scores in words: "0.88 to 0.96"; null where there is none, or both ends read the same. */
export function rangeText({ m, f }: Words, interval: readonly [number, number] | null): string | null {
	if (!interval) return null;
	const [from, to] = [f.score(interval[0]), f.score(interval[1])];
	return from === to ? null : m.range(from, to);
}

/** Where a score stands among clips of known origin; null where it was not compared. */
export function referenceText({ m }: Words, { reference }: Pick<Verdict, 'reference'>): string | null {
	if (!reference) return null;
	const { genuine, manipulated } = reference;
	return m.answer.reference(
		m.answer.outOf(genuine.higher, genuine.n),
		m.answer.outOf(manipulated.higher, manipulated.n),
	);
}

/** A measured rate as counts, and how far off it may be: "7 of 165; the true rate lies between 2.1 and 8.5 in 100". */
export function rateText({ m, f }: Words, { rate, n, interval }: ErrorRate): string {
	const [low, high] = interval.map((share) => f.number(100 * share, share < 0.1 ? 1 : 0)) as [string, string];
	return m.answer.rateDetail(f.number(Math.round(rate * n)), f.number(n), low, high);
}

/** A rate as people count: "about 3 in 100", "none of 250". */
export function countsText({ m }: Words, { rate, n }: { readonly rate: number; readonly n: number }): string {
	if (rate === 0) return m.answer.noneOf(n);
	return rate * 100 >= 0.95
		? m.answer.aboutIn(Math.round(rate * 100), 100)
		: m.answer.aboutIn(Math.max(1, Math.round(rate * 1000)), 1000);
}

/** A position in the video with tenths of a second: 0:12.3. */
export function exactTime({ f }: Words, timeS: number): string {
	const tenths = Math.floor(timeS * 10 + 1e-6);
	return `${f.time(tenths / 10)}.${tenths % 10}`;
}
