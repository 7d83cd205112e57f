import type { CredentialManifest, Provenance, ProvenanceHint } from '../contract/provenance.ts';
import { printable } from './printable.ts';
import type { Words } from './words.ts';

/** One signed claim in words. */
export type ClaimText = {
	readonly heading: string;
	readonly lines: readonly string[];
	readonly actions: readonly string[];
};

/** What a file says about its origin, in words; all text from the file is made printable first. */
export type ProvenanceText = {
	/** The state of the Content Credentials, one string per sentence. */
	readonly credentials: readonly string[];
	/** Newest first. */
	readonly claims: readonly ClaimText[];
	/** Name and value. */
	readonly facts: readonly (readonly [what: string, text: string])[];
	/** Shown instead of facts if there are none. */
	readonly noFacts: string | null;
	readonly hints: readonly string[];
};

/** Phrases a provenance; the page, the report and the terminal show the same text. */
export function provenanceText({ credentials, facts, hints }: Provenance, words: Words): ProvenanceText {
	const p = words.m.provenance;
	const { state, problems, manifests } = credentials;
	const names = p.facts;
	const named = facts && [
		[names.createdAt, facts.createdAt],
		[names.changedAt, facts.changedAt],
		[names.device, facts.device],
		[names.software, facts.software],
		[names.encoder, facts.encoder],
		[names.sourceType, facts.sourceType && sourceText(facts.sourceType, words)],
		[names.location, facts.hasLocation ? p.hasLocation : null],
	];
	const rows = (named ?? []).flatMap(([what, text]) => (what && text ? [[what, printable(text)] as const] : []));
	return {
		credentials: [
			p.states[state],
			...(problems.length > 0 ? [p.problems(printable(problems.join(', ')))] : []),
			...(manifests.length > 0 ? [p.trust] : []),
		],
		claims: manifests.map((manifest, i) => claimText(manifest, i === 0, words)),
		facts: rows,
		noFacts: facts === null ? p.factsUnread : rows.length === 0 ? p.noFacts : null,
		hints: hints.map((hint) => hintText(hint, words)),
	};
}

function claimText(manifest: CredentialManifest, isNewest: boolean, words: Words): ClaimText {
	const p = words.m.provenance;
	const [name, organisation] = [manifest.signer, manifest.organisation].map((text) => text && printable(text));
	const signer = name && organisation ? p.of(name, organisation) : (name ?? organisation);
	const headings = isNewest ? ([p.claim, p.claimUnknown] as const) : ([p.earlier, p.earlierUnknown] as const);
	const titles = manifest.ingredients.map(({ title }) => (title === null ? p.untitled : printable(title)));
	return {
		heading: signer ? headings[0](signer) : headings[1],
		lines: [
			manifest.signedAt === null ? p.signedNever : p.signedAt(dateText(manifest.signedAt, words)),
			...(manifest.generator === null ? [] : [p.generator(printable(manifest.generator))]),
			...(manifest.title === null ? [] : [p.title(printable(manifest.title))]),
			...(titles.length === 0 ? [] : [p.ingredients(words.m.and(titles))]),
		],
		actions: manifest.actions.map(({ action, sourceType, software, when }) =>
			p.action(
				wordFor(p.actions, action.replace(/^c2pa\./, '')),
				sourceType && sourceText(sourceType, words),
				software && printable(software),
				when && dateText(when, words),
			),
		),
	};
}

function hintText({ code, name, from }: ProvenanceHint, words: Words): string {
	const p = words.m.provenance;
	const what = code === 'generative-source' ? sourceText(name, words) : printable(name);
	return p.hints[code](from === 'credentials' ? p.claimed(what) : what);
}

const sourceText = (sourceType: string, { m }: Words) => wordFor(m.provenance.sources, sourceType);
const wordFor = (known: Readonly<Record<string, string>>, name: string) =>
	Object.hasOwn(known, name) ? (known[name] as string) : printable(name);
const dateText = (text: string, { f }: Words) => (Number.isNaN(Date.parse(text)) ? printable(text) : f.date(text));
