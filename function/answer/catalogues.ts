import type { Language } from './languages.ts';
import { ar } from './messages/ar.ts';
import { de } from './messages/de.ts';
import { en, type Messages } from './messages/en.ts';
import { hi } from './messages/hi.ts';
import { zh } from './messages/zh.ts';
import { type Words, wordsFromMessages } from './words.ts';

/** The catalogue of each language, all loaded: for the program and its reports. The page loads the one it needs. */
export const messages: Readonly<Record<Language, Messages>> = { en, de, ar, hi, zh };

/** The words and the formats of a language. */
export const wordsIn = (language: Language): Words => wordsFromMessages(messages[language]);
