import { languageFromHeader } from '../answer/languages.ts';
import { reportIn } from '../answer/report-in.ts';
import type { ServiceEvent } from '../contract/events.ts';
import type { Job } from '../contract/job.ts';
import { type AnalysisRequest, analysisRequestSchema, contradiction } from '../contract/plan.ts';
import type { Report } from '../contract/report.ts';
import { idSchema } from '../contract/upload.ts';
import { AnalysisError } from '../errors.ts';
import { logDeletion } from '../worker/analyses.ts';
import type { LastEvent } from '../worker/event-log.ts';
import { signerOf, webhooksOf } from './open-webhooks.ts';
import { parseBody } from './parse-body.ts';
import { FailedAnalysis } from './problem.ts';
import type { Exchange } from './route.ts';
import { lastReport, streamEvents } from './stream-events.ts';
import { receiveAnalysis } from './uploads/receive-analysis.ts';
import { isForm } from './uploads/receive-form.ts';

/** POST /v1/analyses: depending on `Accept`, streams the events or waits for the report; for a job, responds at once with its state. */
export async function createAnalysis(exchange: Exchange): Promise<void> {
	const { instance, req, res, record } = exchange;
	// the first is the default for clients that accept anything
	const type = req.accepts(['application/json', 'text/event-stream', 'application/x-ndjson']);
	if (!type)
		throw new AnalysisError('not-acceptable', 'request', 'text/event-stream, application/x-ndjson or application/json');
	const hasFile = isForm(req);
	const request = hasFile ? await receiveAnalysis(exchange) : parseBody(req, analysisRequestSchema);
	record.analysisId = request.uploadId;
	try {
		await startAnalysis(exchange, request, type as ResponseType);
		if (hasFile && !res.headersSent) await abandon(instance, request.uploadId);
	} catch (thrown) {
		if (thrown instanceof AnalysisError && thrown.code === 'queue-full')
			res.set('retry-after', String(slotFreeInS(instance)));
		if (hasFile && !(thrown instanceof FailedAnalysis)) await instance.store.deleteUpload(request.uploadId);
		throw thrown;
	}
}

/** Cancels the analysis of a form whose client left before it was told the id, so that nobody can come back. */
async function abandon({ analyses, store }: Exchange['instance'], id: string): Promise<void> {
	await analyses.cancel(id);
	await store.deleteUpload(id);
}

async function startAnalysis(exchange: Exchange, request: AnalysisRequest, type: ResponseType): Promise<void> {
	const { instance, req, res, record, client } = exchange;
	const { uploadId, webhook } = request;
	const prefersAsync = type === 'application/json' && /(^|,)\s*respond-async\s*(,|;|$)/i.test(req.get('prefer') ?? '');
	const isJob = request.async || prefersAsync || webhook !== undefined;
	const refusal = contradiction({ ...request, async: isJob });
	if (refusal) throw new AnalysisError('usage', 'request', refusal);
	if (instance.links?.find(uploadId)) {
		res.set('retry-after', `${pollIntervalS}`);
		throw new AnalysisError('upload-incomplete', 'upload');
	}
	const webhooks = webhook && webhooksOf(instance);
	if (webhook) webhooks?.check(webhook.url); // refuse before anything starts
	res.set('location', `/v1/analyses/${uploadId}`);
	const { analyses } = instance;
	if (!isJob) return sendAnalysis(exchange, await analyses.start(request, record.trace), type);
	const job = await analyses.submit(request, record.trace);
	if (webhook) await webhooks?.register(uploadId, webhook.url, signerOf(client));
	await sendJob(exchange, job);
}

type ResponseType = 'application/json' | 'text/event-stream' | 'application/x-ndjson';

/** Polling interval for clients, seconds. */
export const pollIntervalS = 2;

/** 202 while the job is in flight (RFC 7240, section 4.1), otherwise its result. */
async function sendJob({ req, res }: Exchange, job: Job | LastEvent): Promise<void> {
	if ('state' in job) {
		const headers = {
			'preference-applied': 'respond-async',
			'retry-after': `${pollIntervalS}`,
			'cache-control': 'no-store',
		};
		return void res.status(202).set(headers).json(job);
	}
	if (job.type === 'failed') throw new FailedAnalysis(job.error);
	sendReport(req, res, job.report);
}

/** Streams the events, or sends the result. */
async function sendAnalysis(
	{ instance, req, res }: Exchange,
	events: AsyncGenerator<ServiceEvent, void>,
	type: ResponseType,
): Promise<void> {
	if (type !== 'application/json')
		return streamEvents(events, res, {
			type,
			keepAliveMs: instance.keepAliveMs,
			language: languageFromHeader(req.headers['accept-language']),
		});
	const last = await lastReport(events, res);
	if (last === null) return;
	if (!('schema' in last)) throw new FailedAnalysis(last);
	sendReport(req, res, last);
}

const typicalFrames = 40;

/** Estimated whole seconds until a slot is free: the time of a typical analysis divided by the slots, 1..600. */
function slotFreeInS({ analyses }: Exchange['instance']): number {
	const { secondsAFrame, slots } = analyses.status();
	const seconds = ((secondsAFrame ?? 0.5) * typicalFrames) / slots;
	return Math.min(600, Math.max(1, Math.ceil(seconds)));
}

/** GET /v1/analyses/{id}: the stored report, the stored failure, or the state of a job. */
export async function readAnalysis({ instance, req, res, record }: Exchange): Promise<void> {
	const id = parseId(req.params.id);
	record.analysisId = id;
	const result = await instance.analyses.find(id);
	if (result === null) throw new AnalysisError('report-not-found', 'request');
	if ('state' in result)
		return void res
			.status(202)
			.set({ 'retry-after': `${pollIntervalS}`, 'cache-control': 'no-store' })
			.json(result);
	if (result.schema === 'unmask-failure/1') throw new FailedAnalysis(result.error);
	sendReport(req, res, result);
}

/** Sends a report with its sentence in the client's preferred language. */
function sendReport(req: Exchange['req'], res: Exchange['res'], report: Report): void {
	const language = languageFromHeader(req.headers['accept-language']);
	res.set('cache-control', 'no-store').json(reportIn(language, report));
}

/** DELETE /v1/analyses/{id}: cancels the analysis if it is running, and deletes its report and its upload. */
export async function deleteAnalysis({ instance, req, res, record }: Exchange): Promise<void> {
	const id = parseId(req.params.id);
	record.analysisId = id;
	await instance.webhooks?.forget(id);
	await instance.analyses.cancel(id);
	await instance.annotated.remove(id);
	const wasLink = (await instance.links?.cancel(id)) ?? false;
	const deleted = await Promise.all([instance.store.deleteResult(id), instance.store.deleteUpload(id)]);
	for (const [i, what] of (['report', 'upload'] as const).entries())
		if (deleted[i]) logDeletion(instance.log, what, id, 'asked for');
	if (!wasLink && !deleted.includes(true)) throw new AnalysisError('report-not-found', 'request');
	res.status(204).end();
}

/** Parses the id in a path; throws `report-not-found` if it is malformed. */
export function parseId(text: unknown): string {
	const parsed = idSchema.safeParse(text);
	if (parsed.success) return parsed.data;
	throw new AnalysisError('report-not-found', 'request', 'an id is 32 hexadecimal digits');
}
