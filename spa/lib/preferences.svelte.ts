import { type Language, languageFromTags, languages } from '../../function/answer/languages.ts';
import { type Depth, defaultDepth, isDepth } from './depth.ts';
import { isRecord, readStored, writeStored } from './stored-json.ts';
import type { KeyValueStore } from './surroundings.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Where an analysis runs: on the service, or in this browser, which sends nothing. */
export type Place = 'server' | 'device';

const storageKey = 'unmask.preferences';

/** The user's choices in this browser, kept between visits. */
export class Preferences {
	readonly #storage: KeyValueStore;
	#theme = $state<Theme>('auto');
	#language = $state<Language>('en');
	#depth = $state<Depth>(defaultDepth);
	#model = $state<string | null>(null);
	#place = $state<Place>('server');

	/** `browserLanguages` = the browser's languages, preferred one first. */
	constructor(storage: KeyValueStore, browserLanguages: readonly string[] = []) {
		this.#storage = storage;
		const kept = readStored(storage, storageKey, (value) => (isRecord(value) ? value : null)) ?? {};
		this.#theme = themes.find((theme) => theme === kept.theme) ?? 'auto';
		this.#language =
			languages.find((language) => language === kept.language) ?? languageFromTags(browserLanguages) ?? 'en';
		this.#depth = isDepth(kept.depth) ? kept.depth : defaultDepth;
		this.#model = typeof kept.model === 'string' ? kept.model : null;
		this.#place = kept.place === 'device' ? 'device' : 'server';
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
	/** For the next analysis. */
	get depth(): Depth {
		return this.#depth;
	}
	set depth(depth: Depth) {
		this.#depth = depth;
		this.#keep();
	}

	/** Id of the model chosen last, which the service may no longer have; null = none. */
	get model(): string | null {
		return this.#model;
	}
	set model(model: string | null) {
		this.#model = model;
		this.#keep();
	}

	/** Where files are analysed. */
	get place(): Place {
		return this.#place;
	}
	set place(place: Place) {
		this.#place = place;
		this.#keep();
	}

	#keep(): void {
		const { theme, language, depth, model, place } = this;
		writeStored(this.#storage, storageKey, { theme, language, depth, model, place });
	}
}
