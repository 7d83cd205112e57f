import type { Response } from 'express';
import { languageFromHeader } from '../answer/languages.ts';
import { AnalysisError, type ErrorCode } from '../errors.ts';
import { parseId, pollIntervalS } from './handle-analyses.ts';
import { FailedAnalysis } from './problem.ts';
import type { Exchange } from './route.ts';

/** GET /v1/analyses/{id}/annotated: the copy, in full or as a range, or the progress of drawing it. */
export async function readAnnotated({ instance, req, res, record }: Exchange): Promise<void> {
	const id = parseId(req.params.id);
	record.analysisId = id;
	const result = await instance.analyses.find(id);
	if (result === null) throw new AnalysisError('report-not-found', 'request');
	if ('state' in result) throw new AnalysisError('report-not-found', 'request', 'the analysis has not ended');
	if (result.schema === 'unmask-failure/1') throw new FailedAnalysis(result.error);
	if ((await instance.store.findUpload(id)) === null) {
		await instance.annotated.remove(id);
		throw new AnalysisError('upload-not-found', 'request', 'annotated copies need an upload kept by keepUpload');
	}
	const language = languageFromHeader(req.headers['accept-language']);
	const copy = await instance.annotated.open(id, result, language);
	if ('path' in copy) return sendVideo(res, copy.path, req.accepts(videoTypes) || 'video/mp4');
	res
		.status(202)
		.set({ 'retry-after': `${pollIntervalS}`, 'cache-control': 'no-store' })
		.json({ id, state: 'drawing', share: copy.share });
}

/** The first is the default for clients that accept anything. */
const videoTypes = ['video/mp4', 'application/octet-stream'];

/** Why a client's own headers prevent sending, by the status that express suggests. */
const refusals: Readonly<Record<number, ErrorCode>> = { 412: 'precondition-failed', 416: 'range-outside' };

/** Sends a file, with support for ranges (RFC 9110, section 14). */
function sendVideo(res: Response, path: string, type: string): Promise<void> {
	const headers = { 'cache-control': 'no-store', 'content-disposition': 'attachment; filename="annotated.mp4"' };
	return new Promise((resolve, reject) => {
		res.type(type).sendFile(path, { cacheControl: false, dotfiles: 'allow', headers }, (fault) => {
			const { status } = (fault ?? {}) as { status?: number };
			if (!fault || res.headersSent) return resolve(); // too late to respond, or the client has left
			const code = status === undefined ? undefined : refusals[status];
			reject(
				code ? new AnalysisError(code, 'request') : new AnalysisError('store-failed', 'store', '', { cause: fault }),
			);
		});
	});
}
