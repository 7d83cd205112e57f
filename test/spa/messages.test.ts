import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable } from '../../function/errors.ts';
import { catalogues } from '../../spa/messages/catalogues.ts';

/** Codes that no request of the page can meet: they are about paths of the command line, or about requests that the page never makes. */
const neverMet: readonly ErrorCode[] = [
	'file-not-found',
	'file-unreadable',
	'not-a-file',
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
];
const ownCodes = ['offline', 'service-unreachable', 'stream-cut', 'bad-answer', 'upload-stalled', 'file-gone'];

describe.each(Object.entries(catalogues))('the catalogue of %s', (_language, { problems }) => {
	it('says of every problem that the page can meet what it is and what to do', () => {
		const codes = Object.keys(errorTable).filter((code) => !neverMet.includes(code as ErrorCode));
		const unsaid = [...codes, ...ownCodes].filter((code) => !Object.hasOwn(problems, code));
		expect(unsaid).toEqual([]);
	});
});
