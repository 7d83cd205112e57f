import type { Language } from '../../function/answer/languages.ts';
import { en, type Messages } from '../../function/answer/messages/en.ts';

/** English comes with the page; every other catalogue is a separate file that is loaded when its language is chosen. */
const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
	en: async () => en,
	ar: async () => (await import('../../function/answer/messages/ar.ts')).ar,
	de: async () => (await import('../../function/answer/messages/de.ts')).de,
	es: async () => (await import('../../function/answer/messages/es.ts')).es,
	fr: async () => (await import('../../function/answer/messages/fr.ts')).fr,
	hi: async () => (await import('../../function/answer/messages/hi.ts')).hi,
	pt: async () => (await import('../../function/answer/messages/pt.ts')).pt,
	zh: async () => (await import('../../function/answer/messages/zh.ts')).zh,
};

/** Loads the words of a language; rejects if there is no network and they are not cached. */
export const loadMessages = (language: Language): Promise<Messages> => loaders[language]();
