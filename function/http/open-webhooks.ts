import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';
import type { OutgoingRules } from '../outgoing/guarded-request.ts';
import { Webhooks } from '../outgoing/webhooks.ts';
import type { Store } from '../store/store.ts';
import type { Analyses, Log } from '../worker/analyses.ts';
import { needsKeys } from './api-keys.ts';
import type { Client } from './client.ts';
import type { Instance } from './instance.ts';
import type { Metrics } from './metrics.ts';

/** The parts that webhooks need. */
export type WebhookParts = {
	readonly config: Config;
	readonly store: Store;
	readonly find: Analyses['find'];
	readonly metrics: Metrics;
	readonly log: Log;
	/** null = the service has no secret, so it cannot sign. */
	readonly secret: string | null;
	readonly rules: OutgoingRules;
};

/** Opens the webhooks of a service; null = off. */
export function openWebhooks({ config, store, find, metrics, log, secret, rules }: WebhookParts): Webhooks | null {
	const { UNMASK_WEBHOOKS: setting } = config;
	if (secret === null || setting === 'off' || (setting === 'auto' && !needsKeys(config))) return null;
	return new Webhooks({
		records: store.webhooks,
		secret,
		rules,
		find,
		onOutcome: (outcome, id, why) => {
			metrics.webhooks.inc({ outcome });
			if (outcome !== 'delivered') log.warn({ analysis: id.slice(0, 8), outcome, why }, 'a webhook was not delivered');
		},
	});
}

/** The webhooks of an instance; throws `webhooks-off`. */
export function webhooksOf({ webhooks }: Pick<Instance, 'webhooks'>): Webhooks {
	if (webhooks === null) throw new AnalysisError('webhooks-off', 'request');
	return webhooks;
}

/** Whose secret signs webhooks: the key's, or one shared by all clients if no keys are used. */
export const signerOf = ({ id, key }: Client) => (key === null ? 'everyone' : id);
