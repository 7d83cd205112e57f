import { expect, it } from 'vitest';
import { languages } from '../../function/answer/languages.ts';
import { ar } from '../../function/answer/messages/ar.ts';
import { en } from '../../function/answer/messages/en.ts';
import { I18n } from '../../spa/lib/i18n.svelte.ts';
import { loadMessages } from '../../spa/lib/load-messages.ts';

it.each(languages)('the page loads its words in %s', async (language) => {
	const i18n = new I18n();
	await i18n.use(language);
	expect(i18n).toMatchObject({ language, hasFailed: false });
	expect(new Intl.Locale(i18n.m.locale).language).toBe(language);
	expect(i18n.m).toBe(await loadMessages(language));
});

it('keeps the language if another cannot be loaded, and reports it until one can', async () => {
	let isOnline = false;
	const i18n = new I18n(async (language) => {
		if (!isOnline) throw new TypeError('Failed to fetch dynamically imported module');
		return language === 'ar' ? ar : en;
	});
	await i18n.use('ar');
	expect(i18n).toMatchObject({ language: 'en', m: en, hasFailed: true });
	isOnline = true;
	await i18n.use('ar');
	expect(i18n).toMatchObject({ language: 'ar', m: ar, hasFailed: false });
});

it('uses the language that was requested last, whichever loads last', async () => {
	const waiting: (() => void)[] = [];
	const i18n = new I18n(async (language) => {
		if (language === 'ar') await new Promise<void>((done) => waiting.push(done));
		return language === 'ar' ? ar : en;
	});
	const late = i18n.use('ar');
	await i18n.use('en');
	waiting[0]?.();
	await late;
	expect(i18n).toMatchObject({ language: 'en', m: en });
});
