import type { Page } from 'playwright-core';
import { messages } from '../../../function/answer/catalogues.ts';
import type { Language } from '../../../function/answer/languages.ts';

/** Words of three letters or more in every text of a catalogue; its functions are called with numbers. */
function vocabulary(part: unknown, words = new Set<string>()): Set<string> {
	if (typeof part === 'string') for (const word of part.toLowerCase().match(/[a-z]{3,}/g) ?? []) words.add(word);
	if (typeof part === 'function') vocabulary(callWithNumbers(part as (...args: unknown[]) => unknown), words);
	if (typeof part === 'object' && part !== null) for (const value of Object.values(part)) vocabulary(value, words);
	return words;
}

function callWithNumbers(say: (...args: unknown[]) => unknown): unknown {
	try {
		return say(3, 4, 5, 6, 7);
	} catch {
		return say([]); // the function joins a list
	}
}

const english = vocabulary(messages.en);

/** English words of the catalogue on a page in another language, except what is marked as English (`lang`) or as not to be translated (`translate="no"`). */
export async function untranslatedWords(page: Page, language: Language): Promise<string[]> {
	const texts: string[] = await page.evaluate(collectTexts);
	const words = texts.flatMap((text) => text.toLowerCase().match(/[a-z]{3,}/g) ?? []);
	const own = vocabulary(messages[language]); // names such as JSON are the same in both
	return [...new Set(words.filter((word) => english.has(word) && !own.has(word)))];
}

/** In the page: visible text and what is read out. */
const collectTexts = `(() => {
	const own = document.documentElement.lang;
	const isForeign = (element) =>
		(element.closest('[lang]') ?? document.documentElement).lang !== own || element.closest('[translate="no"], script, style');
	const texts = [document.title];
	for (const element of document.body.querySelectorAll('*')) {
		if (isForeign(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
		for (const node of element.childNodes) if (node.nodeType === 3) texts.push(node.data);
		for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt'])
			texts.push(element.getAttribute(name) ?? '');
	}
	return texts;
})()`;
