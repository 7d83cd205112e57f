import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Models } from '../contract/service.ts';
import type { UploadTicket } from '../contract/upload.ts';
import { allowedLists } from '../model/classifiers.ts';
import type { LinkImports } from '../outgoing/link-imports.ts';
import type { Webhooks } from '../outgoing/webhooks.ts';
import type { Signer } from '../signature/sign-report.ts';
import type { Store } from '../store/store.ts';
import type { Analyses } from '../worker/analyses.ts';
import type { AnnotatedCopies } from '../worker/annotated-copies.ts';
import type { Inference } from '../worker/inference.ts';
import type { ApiKeys } from './api-keys.ts';
import type { SpanSink } from './export-spans.ts';
import { createIdempotentResponses, type IdempotentResponses } from './idempotent-responses.ts';
import type { Metrics } from './metrics.ts';
import type { PageFiles } from './page-files.ts';
import { describeModels, readOfferedLists } from './read-models.ts';

/** The parts of a service instance. */
export type InstanceParts = {
	readonly config: Config;
	readonly store: Store;
	readonly inference: Inference;
	readonly analyses: Analyses;
	readonly log: Logger;
	readonly metrics: Metrics;
	/** The built page; null = not served. */
	readonly page?: PageFiles | null;
	/** The accepted API keys. */
	readonly keys: ApiKeys;
	/** Annotated copies of videos. */
	readonly annotated: AnnotatedCopies;
	/** Imports files from links; null = off. */
	readonly links?: LinkImports | null;
	/** Calls the webhooks of finished jobs; null = off. */
	readonly webhooks?: Webhooks | null;
	/** Signs reports; null = off. */
	readonly signer?: Pick<Signer, 'key'> | null;
	/** Exports traces; null = off. */
	readonly spans?: SpanSink | null;
	/** Keep-alive interval of event streams, milliseconds. */
	readonly keepAliveMs?: number;
};

/** A running service, passed to every handler. */
export type Instance = Required<InstanceParts> & {
	readonly tickets: IdempotentResponses<UploadTicket>;
	/** The models in the manifest, cached for ten seconds; throws model-missing, model-damaged, tier-missing. */
	readonly models: () => Promise<Models>;
	/** Resolves if the store works; checked at most every ten seconds. Throws store-failed. */
	readonly checkStore: () => Promise<void>;
	/** Whether the service refuses new work. */
	readonly isStopping: () => boolean;
	/** Refuses new work, gives running analyses `graceMs` to finish, then fails them. */
	readonly drain: (graceMs: number) => Promise<void>;
};

const maxTickets = 10_000;
const storeCheckMs = 10_000;
const modelsMs = 10_000;

/** Creates an instance from its parts and adds their gauges to the metrics. */
export function createInstance(parts: InstanceParts): Instance {
	const { analyses, inference, metrics, store, config } = parts;
	metrics.watch(analyses, inference);
	const lists = cached(modelsMs, () => readOfferedLists(config));
	let stopping = false;
	return {
		keepAliveMs: 15_000,
		spans: null,
		page: null,
		webhooks: null,
		links: null,
		signer: null,
		...parts,
		tickets: createIdempotentResponses(maxTickets, ({ upload }) => Date.parse(upload.expiresAt)),
		models: async () => {
			const { provider, classifiers } = inference.status();
			const offered = await lists();
			// models added after loading become available at the next start
			const loaded = classifiers.length > 0 ? allowedLists(offered, classifiers.join(',')) : offered;
			return describeModels(loaded, config, provider);
		},
		checkStore: cached(storeCheckMs, () => store.check()),
		isStopping: () => stopping,
		drain: async (graceMs) => {
			stopping = true;
			await Promise.all([analyses.drain(graceMs), parts.links?.close()]);
			parts.webhooks?.close();
		},
	};
}

/** Caches the result of a call for some time. */
function cached<T>(ms: number, call: () => Promise<T>): () => Promise<T> {
	let kept: { readonly answer: Promise<T>; readonly untilMs: number } | null = null;
	return () => {
		if (kept === null || kept.untilMs < performance.now()) kept = { answer: call(), untilMs: performance.now() + ms };
		return kept.answer;
	};
}
