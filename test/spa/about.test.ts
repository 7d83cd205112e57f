import { render } from 'svelte/server';
import { expect, it } from 'vitest';
import { wordsIn } from '../../function/answer/catalogues.ts';
import { parseConfig } from '../../function/config.ts';
import { describeModels, readOfferedLists } from '../../function/http/read-models.ts';
import AboutPage from '../../spa/parts/AboutPage.svelte';
import { ModelCard } from '../../spa/parts/model-card.svelte.ts';
import { wordsKey } from '../../spa/parts/words.ts';
import { sampleReports } from '../unit/sample-report.ts';

it('shows the model cards in the language of the page', async () => {
	const config = parseConfig({});
	const models = describeModels(await readOfferedLists(config), config, 'cpu');
	const card = new ModelCard(async () => models);
	await card.load();
	const props = { card, service: null, ready: null, last: null };
	const { body } = render(AboutPage, { props, context: new Map([[wordsKey, wordsIn('ar')]]) });
	expect(body).toContain('FF++ Face2Face');
	expect(body).not.toContain('lang="en"');
});

it("draws error rates as dots that match the counts in words, and shows the results of each step of the visitor's own analysis", async () => {
	const config = parseConfig({});
	const models = describeModels(await readOfferedLists(config), config, 'cpu');
	const card = new ModelCard(async () => models);
	await card.load();
	const last = await sampleReports.fake();
	const props = { card, service: null, ready: null, last };
	const { body } = render(AboutPage, { props, context: new Map([[wordsKey, wordsIn('en')]]) });
	const drawn = [...body.matchAll(/data-hit="(\d+)" data-of="(\d+)"/g)].map(([, hit, of]) => [Number(hit), Number(of)]);
	const rates = models.models
		.flatMap(({ errorRates }) => (errorRates ? [errorRates.video, errorRates.image] : []))
		.flatMap(({ falseAlarm, missed }) => [falseAlarm, missed])
		.flatMap((rate) => (rate ? [rate.rate] : []));
	const rounded = (rate: number) => (rate < 0.0095 ? Math.round(rate * 1000) / 1000 : Math.round(rate * 100) / 100);
	expect(drawn.map(([hit = 0, of = 1]) => hit / of).sort()).toEqual(rates.map(rounded).sort());
	for (const [hit = 0, of] of drawn) expect(body).toContain(`About ${hit} in ${of?.toLocaleString('en')}`);
	for (const text of ['interview.mp4', '3 people tracked', '60 frames analysed', 'Strong signs of manipulation'])
		expect(body).toContain(text);
});

it('draws known videos by score and share of manipulated ones, next to a table of the same figures', async () => {
	const config = parseConfig({});
	const models = describeModels(await readOfferedLists(config), config, 'cpu');
	const card = new ModelCard(async () => models);
	await card.load();
	const props = { card, service: null, ready: null, last: null };
	const { body } = render(AboutPage, { props, context: new Map([[wordsKey, wordsIn('en')]]) });
	const bins = models.models.flatMap(({ reliability }) => reliability ?? []);
	expect(bins.length).toBeGreaterThan(5);
	const curves = [...body.matchAll(/data-testid="reliability".*?<\/svg>/gs)].map(([curve]) => curve);
	expect(curves.join('').match(/<circle/g)).toHaveLength(bins.length);
	for (const { n, manipulated } of bins) {
		expect(manipulated).toBeLessThanOrEqual(n);
		expect(body).toMatch(new RegExp(`>${n}</td>\\s*<td[^>]*>${manipulated}</td>`));
	}
});
