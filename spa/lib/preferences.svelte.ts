import { type Depth, defaultDepth, isDepth } from './depth.ts';
import { isRecord, readStored, writeStored } from './stored-json.ts';
import type { KeyValueStore } from './surroundings.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export const languages = ['en', 'ar'] as const;
export type Language = (typeof languages)[number];

const storageKey = 'unmask.preferences';

/** What this browser's user chose; kept between visits. */
export class Preferences {
	readonly #storage: KeyValueStore;
	#theme = $state<Theme>('auto');
	#language = $state<Language>('en');
	#depth = $state<Depth>(defaultDepth);

	/** `spoken` = the browser's languages, the preferred one first. */
	constructor(storage: KeyValueStore, spoken: readonly string[] = []) {
		this.#storage = storage;
		const kept = readStored(storage, storageKey, (value) => (isRecord(value) ? value : null)) ?? {};
		this.#theme = themes.find((theme) => theme === kept.theme) ?? 'auto';
		this.#language = languages.find((language) => language === kept.language) ?? firstKnown(spoken);
		this.#depth = isDepth(kept.depth) ? kept.depth : defaultDepth;
	}

	/** `auto` = as the system. */
	get theme(): Theme {
		return this.#theme;
	}
	set theme(theme: Theme) {
		this.#theme = theme;
		this.#keep();
	}
	get language(): Language {
		return this.#language;
	}
	set language(language: Language) {
		this.#language = language;
		this.#keep();
	}
	get direction(): 'ltr' | 'rtl' {
		return this.#language === 'ar' ? 'rtl' : 'ltr';
	}
	/** Of the next analysis. */
	get depth(): Depth {
		return this.#depth;
	}
	set depth(depth: Depth) {
		this.#depth = depth;
		this.#keep();
	}

	#keep(): void {
		writeStored(this.#storage, storageKey, { theme: this.#theme, language: this.#language, depth: this.#depth });
	}
}

function firstKnown(spoken: readonly string[]): Language {
	const codes = spoken.map((tag) => tag.slice(0, 2).toLowerCase());
	const known = codes.find((code) => languages.some((language) => language === code));
	return languages.find((language) => language === known) ?? 'en';
}
