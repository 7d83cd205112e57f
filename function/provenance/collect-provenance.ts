import type { Credentials, Provenance } from '../contract/provenance.ts';
import type { ProvenancePart } from './read-provenance.ts';
import { withoutManifest } from './without-manifest.ts';

/** Combines the parts read so far; `fallbackState` is the state of the credentials if their part is missing. */
export function collectProvenance(
	parts: readonly ProvenancePart[],
	fallbackState: Exclude<Credentials['state'], 'valid' | 'invalid'>,
): Provenance {
	let facts: Provenance['facts'] = null;
	let credentials = withoutManifest(fallbackState);
	for (const part of parts)
		if (part.kind === 'facts') facts = part.facts;
		else credentials = part.credentials;
	return { credentials, facts, hints: parts.flatMap(({ hints }) => hints) };
}
