import { getContext, setContext } from 'svelte';
import type { Words } from '../../function/answer/words.ts';

export type { Words };

/** Context key of the words. */
export const wordsKey = Symbol('words');

/** Provides the words to all descendants. `words` has getters that follow the page's language, so read them in markup, not once. */
export const provideWords = (words: Words): Words => setContext(wordsKey, words);

/** The words and formats of the page's language. */
export const useWords = (): Words => getContext(wordsKey);
