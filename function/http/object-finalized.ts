import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { z } from 'zod';
import type { ServiceEvent } from '../contract/events.ts';
import { analysisRequestSchema } from '../contract/plan.ts';
import type { StoredResult } from '../contract/report.ts';
import { idSchema } from '../contract/upload.ts';
import { AnalysisError, type ErrorCode, errorTable, toAnalysisError } from '../errors.ts';
import type { StoredObject } from '../store/store.ts';
import type { Instance } from './instance.ts';

/** The parts in use of a google.cloud.storage.object.v1.finalized event (github.com/googleapis/google-cloudevents, StorageObjectData). */
const eventSchema = z.looseObject({
	type: z.literal('google.cloud.storage.object.v1.finalized'),
	data: z.looseObject({
		bucket: z.string().min(1),
		name: z.string().min(1),
		generation: z.union([z.string(), z.number()]).transform(String),
		metadata: z.record(z.string(), z.string()).default({}),
	}),
});

/**
 * Analyses an object that has arrived in the uploads bucket and stores the result. Does nothing if there already is a result, so an event may be
 * delivered any number of times. Throws if a retry can help, so that the event is delivered again; any other failure is stored or logged.
 */
export async function analyseObject({ store, analyses, config, log }: Instance, event: unknown): Promise<void> {
	const parsed = eventSchema.safeParse(event);
	if (!parsed.success) return log.warn('ignored an event of another kind');
	const { bucket, name, generation, metadata } = parsed.data.data;
	if (bucket !== config.UNMASK_UPLOADS_BUCKET || name.startsWith('results/'))
		return log.warn('ignored an object that is not an upload');
	// the client that requested the address will request the analysis with its own plan; the upload's record has the same mark
	if (metadata['unmask-analyse'] === 'on-request') return;
	const own = idSchema.safeParse(/^uploads\/(.*)$/s.exec(name)?.[1]).data;
	const id = own ?? idOfObject({ bucket, name, generation });
	if ((await store.readResult(id)) !== null) return;
	try {
		if ((await store.findUpload(id)) === null) await adopt(store, id, { bucket, name, generation });
		const last = await lastEvent(await analyses.start(analysisRequestSchema.parse({ uploadId: id })));
		log.info({ analysis: id.slice(0, 8), end: last?.type ?? 'none' }, 'object');
		if (last?.type === 'failed' && last.error.retryable) throw new AnalysisError(last.error.code as ErrorCode, 'score');
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'store');
		log.error({ analysis: id.slice(0, 8), code: error.code }, 'object');
		if (isPermanent(error)) return store.writeResult(id, failureOf(error, posix.basename(name)));
		// the framework prints the error; a message could name the file, so it gets only the code
		if (error.code !== 'upload-not-found') throw new Error(`The object could not be analysed (${error.code}).`);
	}
}

/** Whether the fault lies in the object, so that every retry would fail. */
const isPermanent = ({ code, retryable }: AnalysisError) =>
	errorTable[code].exit === 3 && !retryable && code !== 'upload-not-found';

function failureOf(error: AnalysisError, fileName: string): StoredResult {
	const createdAt = new Date().toISOString();
	return { schema: 'unmask-failure/1', createdAt, fileName, error: error.toFailure() };
}

/** The analysis id for an object that the service did not upload, derived from bucket, name and generation. */
function idOfObject({ bucket, name, generation }: StoredObject): string {
	return createHash('sha256').update(`${bucket}/${name}#${generation}`).digest('hex').slice(0, 32);
}

async function adopt(store: Instance['store'], id: string, object: StoredObject): Promise<void> {
	if (!store.adoptObject)
		throw new AnalysisError('environment', 'store', 'only Google Cloud Storage can adopt objects');
	await store.adoptObject(id, object);
}

async function lastEvent(events: AsyncGenerator<ServiceEvent, void>): Promise<ServiceEvent | null> {
	let last: ServiceEvent | null = null;
	for await (const event of events) last = event;
	return last;
}
