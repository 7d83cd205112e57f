import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type Config, packageRoot } from '../config.ts';
import { findFfmpeg } from '../media/find-ffmpeg.ts';
import { isCudaInstalled } from '../model/session.ts';
import { createRules } from '../outgoing/guarded-request.ts';
import { confinement } from '../process/run-process.ts';
import { openSigner } from '../signature/sign-report.ts';
import { createStore, serviceSecret } from '../store/create-store.ts';
import { type Analyses, createAnalyses, logDeletion } from '../worker/analyses.ts';
import { AnnotatedCopies, type DrawCopy } from '../worker/annotated-copies.ts';
import { createInference, type Inference } from '../worker/inference.ts';
import { ApiKeys } from './api-keys.ts';
import type { SpanSink } from './export-spans.ts';
import { createInstance, type Instance } from './instance.ts';
import { createLog, type LogSink } from './log.ts';
import { observeInference, observeStart } from './observe-analyses.ts';
import { openLinks } from './open-links.ts';
import { openWebhooks } from './open-webhooks.ts';
import { readPage } from './page-files.ts';
import { toolVersion } from './tool-version.ts';

/** An instance that owns its parts. */
export type OpenedInstance = Instance & {
	/** Stops the inference process and everything else that runs in the background. */
	readonly close: () => Promise<void>;
};

/**
 * Opens an instance by the settings. The inference process starts first and loads the models in the background, so that it loads its libraries
 * while this process loads those for HTTP.
 */
export async function openInstance(config: Config, sink: LogSink = process.stdout): Promise<OpenedInstance> {
	const log = createLog(config.UNMASK_LOG, sink);
	await importConfigured(config, log);
	log.info({ ...confinement() }, 'ffmpeg and the models are confined by');
	const models = createInference({ config, onLog: (line) => log.info(line) });
	try {
		return await openWithInference(models, config, log);
	} catch (thrown) {
		await models.close();
		throw thrown;
	}
}

async function openWithInference(models: Inference, config: Config, log: Logger): Promise<OpenedInstance> {
	const [{ createMetrics }, store, page] = await Promise.all([
		import('./metrics.ts'),
		createStore(config, (what, id) => logDeletion(log, what, id, 'expired')),
		config.FUNCTION_TARGET === 'unmask' ? readPage(join(packageRoot(), 'dist', 'spa')) : null,
	]);
	const metrics = createMetrics();
	const spans = config.OTEL_EXPORTER_OTLP_ENDPOINT === null ? null : await openSpans(config, log);
	const inference = observeInference(models, { metrics, spans, log, config });
	const rules = createRules(config.UNMASK_OUTGOING_NETWORKS);
	const secret = await serviceSecret(config);
	const signer = await openSigner(config, {
		onStampFailure: (why) => log.warn({ why }, 'a report has no time stamp'),
	});
	const analyses: Analyses = createAnalyses({
		store,
		inference,
		slots: slotsOf(config),
		queue: config.UNMASK_QUEUE,
		limits: { maxDurationS: config.UNMASK_MAX_DURATION_S },
		log,
		...(signer && { sign: (report) => signer.sign(report) }),
		onStart: observeStart(metrics, spans),
		onJobEnd: (id, last) => void webhooks?.finish(id, last),
	});
	const find = (id: string) => analyses.find(id);
	const webhooks = openWebhooks({ config, store, find, metrics, log, secret, rules });
	const keys = await ApiKeys.open(config, log);
	const annotated = new AnnotatedCopies({ store, draw: drawWith(config) });
	const links = openLinks(config, store, rules);
	const instance = createInstance({
		config,
		store,
		inference,
		analyses,
		log,
		metrics,
		spans,
		page,
		webhooks,
		links,
		keys,
		signer,
		annotated,
	});
	webhooks?.start();
	return {
		...instance,
		close: async () => {
			keys.close();
			await Promise.all([inference.close(), annotated.close()]);
			if ('close' in store) await store.close();
			await spans?.close();
		},
	};
}

/** Loads the import code only if a model is configured. */
async function importConfigured(config: Config, log: Logger): Promise<void> {
	if (config.UNMASK_IMPORT_MODEL === null) return;
	const { importConfiguredModel } = await import('../import-configured-model.ts');
	log.info(`custom model ${await importConfiguredModel(config)} is ready`);
}

/** Draws with the configured ffmpeg; the drawing code is loaded for the first copy. */
function drawWith({ FFMPEG_PATH: ffmpegPath, PATH: searchPath }: Config): DrawCopy {
	return async (path, report, out, options) => {
		const { writeAnnotated } = await import('../annotate/write-annotated.ts');
		const tools = await findFfmpeg({ ffmpegPath, searchPath, install: false });
		await writeAnnotated(path, report, out, { tools, ...options });
	};
}

/** Loads the export code only if a collector is set. */
async function openSpans(config: Config, log: Logger): Promise<SpanSink> {
	const { createSpanSink } = await import('./export-spans.ts');
	return createSpanSink(config, toolVersion, (what) => log.warn({ what }, 'the trace collector is unavailable'));
}

/** Concurrent analyses: one on a GPU, otherwise one per two cores. */
function slotsOf({ UNMASK_SLOTS, UNMASK_PROVIDER }: Config): number {
	if (UNMASK_SLOTS > 0) return UNMASK_SLOTS;
	const isGpu = UNMASK_PROVIDER === 'cuda' || (UNMASK_PROVIDER === 'auto' && isCudaInstalled());
	return isGpu ? 1 : Math.max(1, Math.floor(availableParallelism() / 2));
}
