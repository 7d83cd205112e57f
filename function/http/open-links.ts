import type { Config } from '../config.ts';
import type { OutgoingRules } from '../outgoing/guarded-request.ts';
import { LinkImports } from '../outgoing/link-imports.ts';
import type { Store } from '../store/store.ts';
import { needsKeys } from './api-keys.ts';

/** Opens the link imports; null = off. They are off by default without API keys, as the service would fetch links for anyone. */
export function openLinks(config: Config, store: Store, rules: OutgoingRules, silenceMs?: number): LinkImports | null {
	const { UNMASK_LINKS: setting, UNMASK_MAX_BYTES: maxBytes, UNMASK_LINK_S } = config;
	if (setting === 'off' || (setting === 'auto' && !needsKeys(config))) return null;
	const ytDlpSearchPath = config.UNMASK_YT_DLP === 'on' ? config.PATH : null;
	const limits = { maxBytes, limitMs: 1000 * UNMASK_LINK_S, ...(silenceMs !== undefined && { silenceMs }) };
	return new LinkImports({ store, rules, ytDlpSearchPath, ...limits });
}
