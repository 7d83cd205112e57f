import { getContext, setContext } from 'svelte';
import type { Format } from '../lib/format.ts';
import type { Messages } from '../messages/en.ts';

/** The words and number formats of the language that the page is in; read them anew in markup, they change with the language. */
export type Words = { readonly m: Messages; readonly f: Format };

const key = Symbol('words');

/** Gives the words to all parts below; `words` has getters, so that they stay up to date. */
export const provideWords = (words: Words): Words => setContext(key, words);

export const useWords = (): Words => getContext(key);

/** An interval of scores in words: "0.88 to 0.96", or one score where both round to the same. */
export function rangeText({ m, f }: Words, [low, high]: readonly [number, number]): string {
	const [from, to] = [f.score(low), f.score(high)];
	return from === to ? from : m.range(from, to);
}

/** A position in the video with tenths of a second: 0:12.3. */
export function exactTime({ f }: Words, timeS: number): string {
	const tenths = Math.floor(timeS * 10 + 1e-6);
	return `${f.time(tenths / 10)}.${tenths % 10}`;
}
