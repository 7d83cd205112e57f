import { render } from 'svelte/server';
import { expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import { parseConfig } from '../../function/config.ts';
import { modelsTold, readOfferedLists } from '../../function/http/read-models.ts';
import AboutPage from '../../spa/parts/AboutPage.svelte';
import { ModelCard } from '../../spa/parts/model-card.svelte.ts';
import { wordsKey } from '../../spa/parts/words.ts';

it('tells the model cards in the language of the page', async () => {
	const config = parseConfig({});
	const models = modelsTold(await readOfferedLists(config), config, 'cpu');
	const card = new ModelCard(async () => models);
	await card.load();
	const props = { card, service: null, ready: null };
	const { body } = render(AboutPage, { props, context: new Map([[wordsKey, wordsIn('ar')]]) });
	expect(body).toContain('FF++ Face2Face');
	expect(body).not.toContain('lang="en"');
});
