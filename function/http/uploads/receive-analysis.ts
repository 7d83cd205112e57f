import { randomBytes } from 'node:crypto';
import { type AnalysisRequest, analysisRequestSchema } from '../../contract/plan.ts';
import { uploadRequestSchema } from '../../contract/upload.ts';
import { wireType } from '../../contract/wire-type.ts';
import { AnalysisError } from '../../errors.ts';
import { parseAs } from '../parse-body.ts';
import type { Exchange } from '../route.ts';
import { receiveForm } from './receive-form.ts';

/**
 * Receives a form with a file and its analysis request. The file is streamed to the store and becomes an upload; if the form is refused, it is
 * deleted. The other fields contain JSON: `plan`, `keepUpload`.
 */
export async function receiveAnalysis({ instance, req, record, limits }: Exchange): Promise<AnalysisRequest> {
	if (instance.isStopping()) throw new AnalysisError('shutting-down', 'request');
	const id = randomBytes(16).toString('hex');
	record.analysisId = id;
	try {
		const fields = await receiveForm(req, limits.idleMs, async ({ fileName, contentType, bytes }) => {
			const name = parseAs(uploadRequestSchema.shape.fileName, fileName || 'file');
			await instance.store.putUpload({ id, fileName: name, contentType: wireType(contentType) }, bytes);
		});
		const request = Object.fromEntries([...fields].map(([field, text]) => [field, parseField(field, text)]));
		if ('uploadId' in request) throw new AnalysisError('usage', 'request', 'a form contains its own upload');
		return parseAs(analysisRequestSchema, { ...request, uploadId: id });
	} catch (thrown) {
		await instance.store.deleteUpload(id).catch(() => {}); // it expires by itself
		throw thrown;
	}
}

function parseField(name: string, text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		throw new AnalysisError('usage', 'request', `${name}: expected JSON`, { cause });
	}
}
