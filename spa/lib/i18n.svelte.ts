import type { Language } from '../../function/answer/languages.ts';
import type { Messages } from '../../function/answer/messages/en.ts';
import { english, type Words, wordsFromMessages } from '../../function/answer/words.ts';
import { loadMessages } from './load-messages.ts';

/** The language of the page: English until the words of another one are loaded. */
export class I18n {
	readonly #load: (language: Language) => Promise<Messages>;
	#wanted: Language = 'en';
	#words = $state.raw(english);
	#language = $state.raw<Language>('en');
	#hasFailed = $state(false);

	constructor(load = loadMessages) {
		this.#load = load;
	}

	get m(): Messages {
		return this.#words.m;
	}
	get f(): Words['f'] {
		return this.#words.f;
	}
	get language(): Language {
		return this.#language;
	}
	/** Whether the last requested language could not be loaded. */
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	/** Switches to a language once its words are loaded, unless another one has been requested by then. If they cannot be loaded, the language stays. */
	async use(language: Language): Promise<void> {
		this.#wanted = language;
		this.#hasFailed = false;
		try {
			const words = wordsFromMessages(await this.#load(language));
			if (this.#wanted !== language) return;
			this.#words = words;
			this.#language = language;
		} catch {
			this.#hasFailed = this.#wanted === language;
		}
	}
}
