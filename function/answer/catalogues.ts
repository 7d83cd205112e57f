import type { Language } from './languages.ts';
import { ar } from './messages/ar.ts';
import { de } from './messages/de.ts';
import { en, type Messages } from './messages/en.ts';
import { es } from './messages/es.ts';
import { fr } from './messages/fr.ts';
import { hi } from './messages/hi.ts';
import { pt } from './messages/pt.ts';
import { zh } from './messages/zh.ts';
import { type Words, wordsFromMessages } from './words.ts';

/** The catalogue of each language, all loaded, for the program and its reports. The page loads only the one it needs. */
export const messages: Readonly<Record<Language, Messages>> = { en, ar, de, es, fr, hi, pt, zh };

/** A language's words and formats. */
export const wordsIn = (language: Language): Words => wordsFromMessages(messages[language]);
