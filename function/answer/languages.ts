/**
 * The supported languages by code (BCP 47), each in its own name, English first. To add one, add a line here, a catalogue in `messages/`, and a
 * line in each of the two places that the compiler then reports: `catalogues.ts` and the page's `load-messages.ts`.
 */
export const languageNames = {
	en: 'English',
	ar: 'العربية',
	de: 'Deutsch',
	es: 'Español',
	fr: 'Français',
	hi: 'हिन्दी',
	pt: 'Português',
	zh: '简体中文',
} as const;

/** A supported language. */
export type Language = keyof typeof languageNames;

/** All supported languages, English first. */
export const languages = Object.keys(languageNames) as Language[];

/** Their English names as a list in a sentence. */
export function languagesInEnglish(): string {
	const names = new Intl.DisplayNames('en', { type: 'language' });
	return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(languages.map((code) => names.of(code) ?? code));
}

/** The first supported language among tags in order of preference, such as `ar-EG`; null if none is supported. */
export function languageFromTags(tags: readonly string[]): Language | null {
	for (const tag of tags) {
		const code = tag.trim().toLowerCase().split('-')[0];
		const known = languages.find((language) => language === code);
		if (known) return known;
	}
	return null;
}

/** The language that a client prefers by its Accept-Language (RFC 9110, section 12.5.4); English if none of them is supported. */
export function languageFromHeader(header: string | undefined): Language {
	const ranges = (header ?? '').split(',').map((range) => {
		const [tag = '', ...parameters] = range.split(';').map((text) => text.trim());
		const quality = parameters.find((text) => text.startsWith('q='));
		return { tag, weight: quality === undefined ? 1 : Number(quality.slice(2)) };
	});
	const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
	return languageFromTags(wanted.map(({ tag }) => tag)) ?? 'en';
}
