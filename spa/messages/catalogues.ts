import type { Language } from '../lib/preferences.svelte.ts';
import { ar } from './ar.ts';
import { en, type Messages } from './en.ts';

/** The words of each language. */
export const catalogues: Readonly<Record<Language, Messages>> = { en, ar };
