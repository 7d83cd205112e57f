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
import { createIdempotentAnswers, type IdempotentAnswers } from './idempotent-answers.ts';
import type { Metrics } from './metrics.ts';
import type { PageFiles } from './page-files.ts';
import { modelsTold, readOfferedLists } from './read-models.ts';

/** What an instance of the service is made of. */
export type InstanceParts = {
	readonly config: Config;
	readonly store: Store;
	readonly inference: Inference;
	readonly analyses: Analyses;
	readonly log: Logger;
	readonly metrics: Metrics;
	/** The built page; null = none is served. */
	readonly page?: PageFiles | null;
	/** The API keys that are accepted. */
	readonly keys: ApiKeys;
	/** Copies with the report drawn in. */
	readonly annotated: AnnotatedCopies;
	/** Fetches files from links; null = off. */
	readonly links?: LinkImports | null;
	/** Tells others how jobs have ended; null = off. */
	readonly webhooks?: Webhooks | null;
	/** Signs reports; null = off. */
	readonly signer?: Pick<Signer, 'key'> | null;
	/** Where traces go; null = nowhere. */
	readonly spans?: SpanSink | null;
	/** Milliseconds between two signs of life in a stream of events. */
	readonly keepAliveMs?: number;
};

/** One running service: what every handler is given. */
export type Instance = Required<InstanceParts> & {
	readonly tickets: IdempotentAnswers<UploadTicket>;
	/** What the manifest lists, read at most every ten seconds; throws model-missing, model-damaged, tier-missing. */
	readonly models: () => Promise<Models>;
	/** Resolves when the store answers; asked at most every ten seconds. Throws store-failed. */
	readonly checkStore: () => Promise<void>;
	/** True once it takes nothing new. */
	readonly isStopping: () => boolean;
	/** Takes nothing new from now on, lets what runs end within `graceMs`, then fails it. */
	readonly drain: (graceMs: number) => Promise<void>;
};

const keptTickets = 10_000;
const storeCheckMs = 10_000;
const modelsMs = 10_000;

/** An instance over its parts; `watch`es them in its metrics. */
export function createInstance(parts: InstanceParts): Instance {
	const { analyses, inference, metrics, store, config } = parts;
	metrics.watch(analyses, inference);
	const lists = keptFor(modelsMs, () => readOfferedLists(config));
	let stopping = false;
	return {
		keepAliveMs: 15_000,
		spans: null,
		page: null,
		webhooks: null,
		links: null,
		signer: null,
		...parts,
		tickets: createIdempotentAnswers(keptTickets, ({ upload }) => Date.parse(upload.expiresAt)),
		models: async () => {
			const { provider, classifiers } = inference.status();
			const offered = await lists();
			// what was added since the models were loaded can be asked for after the next start
			const loaded = classifiers.length > 0 ? allowedLists(offered, classifiers.join(',')) : offered;
			return modelsTold(loaded, config, provider);
		},
		checkStore: keptFor(storeCheckMs, () => store.check()),
		isStopping: () => stopping,
		drain: async (graceMs) => {
			stopping = true;
			await Promise.all([analyses.drain(graceMs), parts.links?.close()]);
			parts.webhooks?.close();
		},
	};
}

/** The same call, its answer kept for a while. */
function keptFor<T>(ms: number, call: () => Promise<T>): () => Promise<T> {
	let kept: { readonly answer: Promise<T>; readonly untilMs: number } | null = null;
	return () => {
		if (kept === null || kept.untilMs < performance.now()) kept = { answer: call(), untilMs: performance.now() + ms };
		return kept.answer;
	};
}
