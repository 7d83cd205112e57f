import type { UploadProgress } from '../../contract/upload.ts';
import { AnalysisError } from '../../errors.ts';
import type { Exchange } from '../route.ts';

/** GET /v1/uploads/{id}: the progress, or the problem if a link could not be fetched. */
export async function readUpload({ instance, req, res, record }: Exchange): Promise<void> {
	const id = String(req.params.id);
	record.analysisId = id;
	const progress = instance.links?.find(id) ?? (await progressOf(id, instance));
	res.set('cache-control', 'no-store').json(progress);
}

async function progressOf(id: string, { store }: Exchange['instance']): Promise<UploadProgress> {
	const upload = await store.findUpload(id);
	if (!upload) throw new AnalysisError('upload-not-found', 'upload');
	const { fileName, complete, receivedBytes, sizeBytes } = upload;
	return { id, fileName, state: complete ? 'complete' : 'arriving', receivedBytes, sizeBytes };
}
