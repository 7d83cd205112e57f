import { describe, expect, it } from 'vitest';
import { messages, wordsIn } from '../../../function/answer/catalogues.ts';
import { type Language, languages } from '../../../function/answer/languages.ts';
import { exactTime } from '../../../function/answer/words.ts';
import { type ErrorCode, errorTable } from '../../../function/errors.ts';
import manifest from '../../../models/manifest.json' with { type: 'json' };
import { declaredArguments, pluralForms } from '../../tools/message-samples.ts';

/** Codes that the page never meets: they concern paths on the command line, or requests that the page never makes. */
const neverMet: readonly ErrorCode[] = [
	'file-not-found',
	'file-unreadable',
	'not-a-file',
	'archive-refused',
	'file-changing',
	'method-not-allowed',
	'not-acceptable',
	'media-type-unsupported',
	'key-reused',
	'body-too-large',
	'request-slow',
	// models are added and imported on the command line
	'model-exists',
	'model-unfit',
	'spec-invalid',
	'not-weights',
	'weights-truncated',
	'weights-damaged',
	'weights-unsafe',
	'weights-unsupported',
	'weights-other-network',
	'webhooks-off',
	// the page does not deal with agents, signatures and annotated copies
	'path-refused',
	'signature-missing',
	'signature-invalid',
	'picture-changed',
	'signer-unknown',
	'timestamp-invalid',
	'file-differs',
	'annotate-unfit',
	'range-outside',
	'precondition-failed',
];
/** Names that are the same in all languages. */
const sharedByAll = ['page.title', 'page.titled', 'about.columns.auc', 'about.digest'];
/** Words that a language spells like English. */
const shared: Partial<Record<Language, readonly string[]>> = {
	de: [
		...['stability.columns.score', 'timeline.columns.face', 'timeline.columns.score'],
		...['about.steps.video.title', 'about.version', 'face.score', 'problemCode', 'compare.person'],
		...['about.reliability.score', 'about.reliability.clips'],
	],
	es: ['page.themes.auto'],
	pt: ['page.themes.auto'],
	fr: [
		'page.themes.auto',
		...['page.nav', 'upload.pause', 'stability.columns.score', 'stability.columns.outcome', 'provenance.credentials'],
		...['face.score', 'timeline.columns.score', 'run.versions', 'about.version', 'about.licence'],
		...['about.steps.scores.title', 'about.steps.answer.title', 'about.reliability.score'],
	],
};
const ownCodes = ['offline', 'service-unreachable', 'stream-cut', 'bad-answer', 'upload-stalled', 'file-gone'];

describe.each(Object.entries(messages))('the catalogue of %s', (_language, { problems }) => {
	it('has a title and advice for every problem that the page can meet', () => {
		const codes = Object.keys(errorTable).filter((code) => !neverMet.includes(code as ErrorCode));
		const unsaid = [...codes, ...ownCodes].filter((code) => !Object.hasOwn(problems, code));
		expect(unsaid).toEqual([]);
	});
});

/** A message with parameters. */
type Message = (...given: readonly unknown[]) => unknown;
const taking = declaredArguments();

it('knows the parameters of every message', () => {
	expect(taking.get('verdict.fakeSeveralAt')).toEqual(['number', 'number', 'text']);
	expect(taking.get('stability.moves')).toEqual(['text', 'flag']);
	expect(taking.size).toBeGreaterThan(100);
});

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
	it('translates every text of the shipped model cards', () => {
		const texts = manifest.files.flatMap((file) => {
			const { calibration, metrics = [] } = file;
			const rates = calibration ? [calibration.image, calibration.video] : [];
			return [
				file.licence,
				...rates.flatMap(({ falseAlarm, missed }) => [falseAlarm.set, missed.set]),
				...metrics.flatMap(({ set, unit, note }) => [set, unit, note]),
			];
		});
		const known = messages[language].modelTexts;
		expect([...new Set(texts)].filter((text) => known[text] === undefined)).toEqual([]);
	});

	it('leaves no phrase in English', () => {
		const own = sayings(language, [23, 47]);
		const same = said(messages.en, [23, 47]).filter(([path, text]) => hasWords(text) && text === own.get(path));
		const names = new Set([...sharedByAll, ...(shared[language] ?? [])]);
		expect(same.map(([path]) => path).filter((path) => !names.has(path))).toEqual([]);
	});

	it('uses every value that English uses', () => {
		const own = sayings(language, [23, 47]);
		const left = said(messages.en, [23, 47]).flatMap(([path, text]) => {
			if (!taking.has(path.replace(/\?.*/, ''))) return [];
			const missing = (text.match(/<\d>|\d+/g) ?? []).filter((value) => !own.get(path)?.includes(value));
			return missing.length > 0 ? [`${path}: ${missing.join(', ')} in ${own.get(path)}`] : [];
		});
		expect(left).toEqual([]);
	});

	it.each([0, 1, 2, 3, 5, 11, 21, 100])('reads well with a count of %i', (count) => {
		const faults = said(messages[language], [count, count + 1]).filter(([, text]) =>
			/#|undefined|NaN|null|\[object|\(\)| {2}|^\s|\s$|\s[.,](\s|$)/.test(text),
		);
		expect(faults).toEqual([]);
	});

	it('has a form for each plural category', () => {
		const rules = new Intl.PluralRules(messages[language].locale);
		const needed = new Set([1, 2, 3, 5, 11, 21, 100].map((count) => rules.select(count)));
		const faults = pluralForms(language).filter(({ categories }) =>
			[...needed].some((one) => !categories.includes(one)),
		);
		expect(faults).toEqual([]);
	});

	it('has button and tab names that fit on a phone', () => {
		const own = sayings(language, [40, 40]);
		const wide = labels.flatMap((path) => {
			const text = own.get(path) ?? '';
			return columnsOf(text) > maxColumns ? [`${path}: ${text}`] : [];
		});
		expect(wide).toEqual([]);
	});

	it('has no word on scale and timeline that a phone would break', () => {
		const { bandNone, bandBetween, bandStrong } = messages[language].answer;
		const { strong, none } = messages[language].timeline;
		const words = [bandNone, bandBetween, bandStrong, strong, none].flatMap((text) => text.split(' '));
		expect(words.filter((word) => columnsOf(word) > 12)).toEqual([]);
		expect([strong, none].filter((text) => text.split(' ').some((word) => columnsOf(word) > 8))).toEqual([]);
	});

	it('formats numbers, times and dates', () => {
		const { f } = wordsIn(language);
		const decimal = new Intl.NumberFormat(messages[language].locale).format(0.5).slice(1, 2);
		expect(f.score(0.5)).toBe(`0${decimal}50`);
		expect(exactTime(wordsIn(language), 12.34)).toBe(`0:12${decimal}3`);
		expect(new Intl.Locale(messages[language].locale).language).toBe(language);
		expect(f.duration(200)).not.toBe(wordsIn('en').f.duration(200));
		expect(f.date('2026-03-04T05:06:00Z')).not.toBe(wordsIn('en').f.date('2026-03-04T05:06:00Z'));
	});
});

/** Names that must fit on one line of a narrow screen: about 36 Latin letters, or half as many Chinese characters. */
const labels = [
	...['page.skip', 'page.analyse', 'page.compare', 'page.history', 'page.about', 'page.retry', 'page.home'],
	...['start.choose', 'start.record', 'start.remove', 'start.start', 'start.placeServer', 'start.placeDevice'],
	...['tiers.fast', 'tiers.thorough', 'key.save', 'upload.pause', 'upload.resume', 'upload.cancel', 'watch.cancel'],
	...[
		'take.json',
		'take.csv',
		'take.card',
		'take.print',
		'take.link',
		'take.delete',
		'take.deleteYes',
		'take.deleteNo',
	],
	...['compare.open', 'compare.none', 'compare.saved', 'compare.sameStart', 'examples.analyse'],
	...['take.again', 'take.deeper', 'history.delete', 'history.clear', 'offline.reload', 'player.boxes', 'moments.heat'],
];
const maxColumns = 36;
const columnsOf = (text: string) =>
	[...text.replace(/\p{M}/gu, '')].reduce(
		(sum, character) => sum + (/\p{Script=Han}|[\uff00-\uffef]/u.test(character) ? 2 : 1),
		0,
	);

const hasWords = (text: string) => /[a-z]{3}/i.test(text.replace(/<\d>/g, ''));

const sayings = (language: Language, counts: readonly number[]) => new Map(said(messages[language], counts));

/** Every text of a catalogue by path; functions are called with marked texts, these numbers, and both values of their flags. */
function said(part: unknown, counts: readonly number[], path = ''): [path: string, text: string][] {
	if (/^(locale|dir|modelTexts)$/.test(path)) return [];
	if (typeof part === 'string') return [[path, part]];
	if (typeof part === 'function') return [true, false].flatMap((flag) => called(part as Message, counts, path, flag));
	if (typeof part !== 'object' || part === null) return [];
	return Object.entries(part).flatMap(([key, value]) => said(value, counts, path ? `${path}.${key}` : key));
}

function called(say: Message, counts: readonly number[], path: string, flag: boolean): [path: string, text: string][] {
	const kinds = taking.get(path) ?? [];
	if (!flag && !kinds.includes('flag')) return [];
	let next = 0;
	const given = kinds.map((kind, i) => {
		if (kind === 'number') return counts[next++ % counts.length];
		if (kind === 'texts') return [`<${i}>`, '<9>'];
		return kind === 'flag' ? flag : `<${i}>`;
	});
	return said(say(...given), counts, `${path}${flag ? '' : '?'}`);
}
