import type { KeySet, Ready, Service, WebhookSecret } from '../contract/service.ts';
import { errorTable, toAnalysisError } from '../errors.ts';
import { needsKeys } from './api-keys.ts';
import { signerOf, webhooksOf } from './open-webhooks.ts';
import type { Exchange } from './route.ts';
import { toolVersion } from './tool-version.ts';

/** GET /v1/models. */
export async function readModelList({ instance, res }: Exchange): Promise<void> {
	res.json(await instance.models());
}

/** GET /v1/service. */
export async function readService({ instance, res }: Exchange): Promise<void> {
	const { config, analyses } = instance;
	const { slots, queue, secondsAFrame, secondsAFrameByModel } = analyses.status();
	const service: Service = {
		version: toolVersion,
		limits: { sizeBytes: config.UNMASK_MAX_BYTES, durationS: config.UNMASK_MAX_DURATION_S, slots, queue },
		needsKey: needsKeys(config),
		links: instance.links !== null,
		retention: { uploadS: config.UNMASK_UPLOAD_TTL_S, reportS: config.UNMASK_REPORT_TTL_S || null },
		secondsAFrame,
		secondsAFrameByModel,
	};
	res.set('cache-control', 'no-store').json(service);
}

/** GET /v1/webhooks/secret. */
export async function readWebhookSecret({ instance, client, res }: Exchange): Promise<void> {
	const secret = webhooksOf(instance).secretOf(signerOf(client));
	res.set('cache-control', 'no-store').json({ secret } satisfies WebhookSecret);
}

/** GET /.well-known/jwks.json. */
export async function readKeySet({ instance, res }: Exchange): Promise<void> {
	const keys = instance.signer ? [{ ...instance.signer.key, use: 'sig' as const, alg: 'EdDSA' as const }] : [];
	res.json({ keys } satisfies KeySet);
}

/** GET /healthz: the process responds. */
export async function readHealth({ res }: Exchange): Promise<void> {
	res.set('cache-control', 'no-store').json({ status: 'ok' });
}

/** GET /readyz: 200 if an analysis can start, otherwise 503; the body has the same form either way. */
export async function readReadiness({ instance, res }: Exchange): Promise<void> {
	const ready = await readinessOf(instance);
	res
		.set('cache-control', 'no-store')
		.status(ready.ready ? 200 : 503)
		.json(ready);
}

async function readinessOf(instance: Exchange['instance']): Promise<Ready> {
	const { state, provider, models, selfTest, problemCode } = instance.inference.status();
	const loaded = { provider, models: [...models], selfTest, store: instance.store.kind };
	const notReady = (code: keyof typeof errorTable, what: Ready['state']): Ready => ({
		ready: false,
		state: what,
		...loaded,
		problem: errorTable[code].sentence,
		code,
	});
	if (instance.isStopping()) return notReady('shutting-down', 'stopping');
	if (state !== 'ready') return notReady(problemCode ?? 'not-ready', state);
	try {
		await instance.checkStore();
	} catch (thrown) {
		return notReady(toAnalysisError(thrown, 'store').code, 'failed');
	}
	return { ready: true, state, ...loaded, problem: null, code: null };
}

/** GET /metrics: Prometheus' text format. */
export async function readMetrics({ instance, res }: Exchange): Promise<void> {
	const { registry } = instance.metrics;
	res
		.set('content-type', registry.contentType)
		.set('cache-control', 'no-store')
		.end(await registry.metrics());
}

/** GET /openapi.json. */
export async function readDocument({ res, document }: Exchange): Promise<void> {
	res.type('application/json').send(document);
}
