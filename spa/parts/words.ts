import { getContext, setContext } from 'svelte';
import type { Words } from '../../function/answer/words.ts';

export type { Words };

/** Under which a component finds its words. */
export const wordsKey = Symbol('words');

/** Gives the words to all parts below; `words` has getters, so that they follow the language of the page: read them anew in markup. */
export const provideWords = (words: Words): Words => setContext(wordsKey, words);

/** The words and formats of the page's language. */
export const useWords = (): Words => getContext(wordsKey);
