import type { Language } from '../../function/answer/languages.ts';
import type { Messages } from '../../function/answer/messages/en.ts';
import { english, type Words, wordsFromMessages } from '../../function/answer/words.ts';
import { loadMessages } from './load-messages.ts';

/** The language that the page speaks: English, until the words of another one are loaded. */
export class Spoken {
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
	/** Whether the language that was wanted last could not be loaded. */
	get hasFailed(): boolean {
		return this.#hasFailed;
	}

	/** Speaks a language as soon as its words are loaded, unless another one is wanted by then; the one spoken before stays where they cannot be. */
	async speak(language: Language): Promise<void> {
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
