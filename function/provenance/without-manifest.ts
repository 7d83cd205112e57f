import type { Credentials } from '../contract/provenance.ts';

/** Credentials that are absent or could not be read. */
export const withoutManifest = (state: Exclude<Credentials['state'], 'valid' | 'invalid'>): Credentials => ({
	...{ state, trust: 'not-checked', problems: [], manifests: [] },
});
