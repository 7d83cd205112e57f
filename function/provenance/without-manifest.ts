import type { Credentials } from '../contract/provenance.ts';

/** No credentials, or none that could be read. */
export const withoutManifest = (state: Exclude<Credentials['state'], 'valid' | 'invalid'>): Credentials => ({
	...{ state, trust: 'not-checked', problems: [], manifests: [] },
});
