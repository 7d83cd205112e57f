import { expect, it } from 'vitest';
import { resultFromText } from '../../function/store/result-from-text.ts';

it('parses stored results', () => {
	const error = { code: 'truncated', stage: 'probe', message: 'The file is incomplete.', retryable: false };
	const failure = { schema: 'unmask-failure/1', createdAt: '2026-11-24T04:00:00.000Z', fileName: 'a.mp4', error };
	expect(resultFromText(JSON.stringify(failure))).toEqual(failure);
});

it.each(['', '{"schema":"unmask-report/1"', 'null', '[]', '{}', '{"schema":"unmask-report/2"}'])(
	'refuses %j',
	(text) => {
		expect(() => resultFromText(text)).toThrow(expect.objectContaining({ code: 'store-failed' }));
	},
);
