import type { Language } from '../../function/answer/languages.ts';
import { en, type Messages } from '../../function/answer/messages/en.ts';

/** Each catalogue but English, which comes with the page, is a file of its own that is loaded when the language is chosen. */
const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
	en: async () => en,
	de: async () => (await import('../../function/answer/messages/de.ts')).de,
	ar: async () => (await import('../../function/answer/messages/ar.ts')).ar,
	hi: async () => (await import('../../function/answer/messages/hi.ts')).hi,
	zh: async () => (await import('../../function/answer/messages/zh.ts')).zh,
};

/** Loads the words of a language; rejects where there is no network and they were not kept. */
export const loadMessages = (language: Language): Promise<Messages> => loaders[language]();
