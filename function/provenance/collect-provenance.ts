import type { Credentials, Provenance } from '../contract/provenance.ts';
import type { ProvenancePart } from './read-provenance.ts';
import { withoutManifest } from './without-manifest.ts';

/** All that was told until the reading ended; `otherwise` is the state of credentials that were never told of. */
export function collectProvenance(
	parts: readonly ProvenancePart[],
	otherwise: Exclude<Credentials['state'], 'valid' | 'invalid'>,
): Provenance {
	let facts: Provenance['facts'] = null;
	let credentials = withoutManifest(otherwise);
	for (const part of parts)
		if (part.kind === 'facts') facts = part.facts;
		else credentials = part.credentials;
	return { credentials, facts, hints: parts.flatMap(({ hints }) => hints) };
}
