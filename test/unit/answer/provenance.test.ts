import { describe, expect, it } from 'vitest';
import { wordsIn } from '../../../function/answer/catalogues.ts';
import { languages } from '../../../function/answer/languages.ts';
import { provenanceText } from '../../../function/answer/provenance.ts';
import type { Provenance } from '../../../function/contract/provenance.ts';

const manifest = { title: null, generator: null, signedAt: null, ingredients: [] };
const all: Provenance = {
	credentials: {
		...{ state: 'invalid', trust: 'not-checked', problems: ['assertion.dataHash.mismatch'] },
		manifests: [
			{
				...{ ...manifest, signer: 'A\u202Egpj', organisation: 'News', title: 'Clip', signedAt: '2026-01-02T03:04:05Z' },
				actions: [
					{ action: 'c2pa.created', sourceType: 'trainedAlgorithmicMedia', software: 'Painter', when: null },
					{ action: 'org.example.own', sourceType: 'someday', software: null, when: 'yesterday' },
				],
			},
			{
				...manifest,
				signer: null,
				organisation: null,
				actions: [],
				ingredients: [{ title: null, relationship: null }],
			},
		],
	},
	facts: {
		...{ createdAt: '2024-01-02', changedAt: null, device: 'Canon EOS R5', software: null, encoder: null },
		...{ hasLocation: true, sourceType: 'digitalCapture' },
	},
	hints: [{ code: 'generative-source', name: 'trainedAlgorithmicMedia', from: 'credentials' }],
};

describe('provenance in words', () => {
	it('names who signed, what was done, and what was not checked', () => {
		const text = provenanceText(all, wordsIn('en'));
		expect(text.credentials).toEqual([
			expect.stringContaining('do not match'),
			'Failed checks: assertion.dataHash.mismatch.',
			expect.stringContaining('no list of trusted signers'),
		]);
		expect(text.claims.map(({ heading }) => heading)).toEqual([
			'Signed by A<U+202E>gpj (News)',
			'Earlier claim by an unnamed signer',
		]);
		expect(text.claims[0]?.actions).toEqual([
			'Created: made by a generative model, with Painter',
			'org.example.own: someday, yesterday',
		]);
		expect(text.claims[1]?.lines).toContain('Made from: a file without a title.');
		expect(text.facts.map(([what]) => what)).toEqual(['Recorded or created', 'Device', 'Declared source', 'Place']);
		expect(text.hints).toEqual([
			'The file declares its source: made by a generative model, by its Content Credentials.',
		]);
	});

	it.each(languages)('in %s, says nothing about a file without any', (language) => {
		const words = wordsIn(language);
		const nothing: Provenance = {
			...all,
			credentials: { state: 'none', trust: 'not-checked', problems: [], manifests: [] },
			facts: {
				...{ createdAt: null, changedAt: null, device: null, software: null, encoder: null },
				...{ hasLocation: false, sourceType: null },
			},
			hints: [],
		};
		const text = provenanceText(nothing, words);
		expect(text.credentials).toEqual([words.m.provenance.states.none]);
		expect(text.noFacts).toBe(words.m.provenance.noFacts);
		expect(provenanceText({ ...nothing, facts: null }, words).noFacts).toBe(words.m.provenance.factsUnread);
	});
});
