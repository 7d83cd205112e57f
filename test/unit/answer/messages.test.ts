import { describe, expect, it } from 'vitest';
import { messages } from '../../../function/answer/catalogues.ts';
import { type Language, languages } from '../../../function/answer/languages.ts';
import { type ErrorCode, errorTable } from '../../../function/errors.ts';
import manifest from '../../../models/manifest.json' with { type: 'json' };

/** Codes that no request of the page can meet: they are about paths of the command line, or about requests that the page never makes. */
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
	'links-off',
	'url-refused',
	'url-unreachable',
	// agents, signatures and annotated copies are not the page's
	'path-refused',
	'signature-missing',
	'signature-invalid',
	'picture-changed',
	'signer-unknown',
	'timestamp-invalid',
	'file-differs',
	'annotate-unfit',
	'range-outside',
];
/** Phrases that a language shares with English. */
const shared: Partial<Record<Language, readonly string[]>> = {
	de: [
		...['stability.columns.score', 'timeline.columns.face', 'timeline.columns.score'],
		...['about.steps.video.title', 'about.version'],
	],
};
const ownCodes = ['offline', 'service-unreachable', 'stream-cut', 'bad-answer', 'upload-stalled', 'file-gone'];

describe.each(Object.entries(messages))('the catalogue of %s', (_language, { problems }) => {
	it('says of every problem that the page can meet what it is and what to do', () => {
		const codes = Object.keys(errorTable).filter((code) => !neverMet.includes(code as ErrorCode));
		const unsaid = [...codes, ...ownCodes].filter((code) => !Object.hasOwn(problems, code));
		expect(unsaid).toEqual([]);
	});
});

describe.each(languages.filter((language) => language !== 'en'))('%s', (language) => {
	it('has words for every text of the shipped model cards', () => {
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
		const same = phrases(messages.en).filter(([path, text]) => text === phraseAt(messages[language], path));
		const names = new Set(['page.title', 'about.columns.auc', 'about.digest', ...(shared[language] ?? [])]);
		expect(same.map(([path]) => path).filter((path) => !names.has(path))).toEqual([]);
	});
});

/** Every fixed phrase with words in it, by its path. */
function phrases(part: unknown, path = ''): [path: string, text: string][] {
	if (typeof part === 'string')
		return /[a-z]{3}/i.test(part) && !/^(locale|dir|ownName)$/.test(path) ? [[path, part]] : [];
	if (typeof part !== 'object' || part === null) return [];
	return Object.entries(part).flatMap(([key, value]) => phrases(value, path ? `${path}.${key}` : key));
}

const phraseAt = (part: unknown, path: string): unknown =>
	path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], part);
