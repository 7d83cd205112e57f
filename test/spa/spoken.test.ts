import { expect, it } from 'vitest';
import { languages } from '../../function/answer/languages.ts';
import { ar } from '../../function/answer/messages/ar.ts';
import { en } from '../../function/answer/messages/en.ts';
import { loadMessages } from '../../spa/lib/load-messages.ts';
import { Spoken } from '../../spa/lib/spoken.svelte.ts';

it.each(languages)('the page loads its words in %s', async (language) => {
	const spoken = new Spoken();
	await spoken.speak(language);
	expect(spoken).toMatchObject({ language, hasFailed: false });
	expect(new Intl.Locale(spoken.m.locale).language).toBe(language);
	expect(spoken.m).toBe(await loadMessages(language));
});

it('stays in the language it speaks where another cannot be loaded, and says so until one can', async () => {
	let isOnline = false;
	const spoken = new Spoken(async (language) => {
		if (!isOnline) throw new TypeError('Failed to fetch dynamically imported module');
		return language === 'ar' ? ar : en;
	});
	await spoken.speak('ar');
	expect(spoken).toMatchObject({ language: 'en', m: en, hasFailed: true });
	isOnline = true;
	await spoken.speak('ar');
	expect(spoken).toMatchObject({ language: 'ar', m: ar, hasFailed: false });
});

it('speaks the language that was wanted last, whichever is loaded last', async () => {
	const waiting: (() => void)[] = [];
	const spoken = new Spoken(async (language) => {
		if (language === 'ar') await new Promise<void>((done) => waiting.push(done));
		return language === 'ar' ? ar : en;
	});
	const late = spoken.speak('ar');
	await spoken.speak('en');
	waiting[0]?.();
	await late;
	expect(spoken).toMatchObject({ language: 'en', m: en });
});
