import { type Language, languageFromTags, languages } from '../../function/answer/languages.ts';
import { type Depth, defaultDepth, isDepth } from './depth.ts';
import { isRecord, readStored, writeStored } from './stored-json.ts';
import type { KeyValueStore } from './surroundings.ts';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Where an analysis runs: at the service, or in this browser, which sends nothing. */
export type Place = 'server' | 'device';

const storageKey = 'unmask.preferences';

/** What this browser's user chose; kept between visits. */
export class Preferences {
	readonly #storage: KeyValueStore;
	#theme = $state<Theme>('auto');
	#language = $state<Language>('en');
	#depth = $state<Depth>(defaultDepth);
	#model = $state<string | null>(null);
	#place = $state<Place>('server');

	/** `spoken` = the browser's languages, the preferred one first. */
	constructor(storage: KeyValueStore, spoken: readonly string[] = []) {
		this.#storage = storage;
		const kept = readStored(storage, storageKey, (value) => (isRecord(value) ? value : null)) ?? {};
		this.#theme = themes.find((theme) => theme === kept.theme) ?? 'auto';
		this.#language = languages.find((language) => language === kept.language) ?? languageFromTags(spoken) ?? 'en';
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
	/** Of the next analysis. */
	get depth(): Depth {
		return this.#depth;
	}
	set depth(depth: Depth) {
		this.#depth = depth;
		this.#keep();
	}

	/** Name of the model that was chosen last, which the service may not have any more; null = none. */
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
