import type { ErrorRate, Verdict } from '../contract/report.ts';
import { createFormat, type Format } from './format.ts';
import { en, type Messages } from './messages/en.ts';

/** A language's words and formats. */
export type Words = { readonly m: Messages; readonly f: Format };

/** Words and formats from a language's catalogue. */
export const wordsFromMessages = (m: Messages): Words => ({ m, f: createFormat(m.locale, m.dir) });

/** The default words, which need no loading. */
export const english: Words = wordsFromMessages(en);

/** A score interval in words: "0.88 to 0.96"; null if there is none, or if both ends read the same. */
export function rangeText({ m, f }: Words, interval: readonly [number, number] | null): string | null {
	if (!interval) return null;
	const [from, to] = [f.score(interval[0]), f.score(interval[1])];
	return from === to ? null : m.range(from, to);
}

/** How a score compares with clips of known origin; null if it was not compared. */
export function referenceText({ m }: Words, { reference }: Pick<Verdict, 'reference'>): string | null {
	if (!reference) return null;
	const { genuine, manipulated } = reference;
	return m.answer.reference(
		m.answer.outOf(genuine.higher, genuine.n),
		m.answer.outOf(manipulated.higher, manipulated.n),
	);
}

/** A measured rate as counts with its uncertainty: "7 of 165; the true rate lies between 2.1 and 8.5 in 100". */
export function rateText({ m, f }: Words, { rate, n, interval }: ErrorRate): string {
	const [low, high] = interval.map((share) => f.number(100 * share, share < 0.1 ? 1 : 0)) as [string, string];
	return m.answer.rateDetail(f.number(Math.round(rate * n)), f.number(n), low, high);
}

/** A rate in everyday terms: "about 3 in 100", "none of 250". */
export function countsText({ m }: Words, { rate, n }: { readonly rate: number; readonly n: number }): string {
	if (rate === 0) return m.answer.noneOf(n);
	return rate * 100 >= 0.95
		? m.answer.aboutIn(Math.round(rate * 100), 100)
		: m.answer.aboutIn(Math.max(1, Math.round(rate * 1000)), 1000);
}

/** A position in the video with tenths of a second: 0:12.3, 0:12,3. */
export function exactTime({ f }: Words, timeS: number): string {
	const tenths = Math.floor(timeS * 10 + 1e-6);
	return `${f.time(tenths / 10)}${f.tenths(tenths % 10)}`;
}
