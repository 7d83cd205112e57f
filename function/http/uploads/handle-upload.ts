import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { wireType } from '../../contract/wire-type.ts';
import { AnalysisError } from '../../errors.ts';
import type { DiskStore, SignedRecord } from '../../store/disk-store.ts';
import { sendResponse } from '../send-response.ts';
import { type PutIntent, parseContentRange } from './parse-content-range.ts';
import { receiveBody } from './receive-body.ts';

/** How long a sender may be silent, milliseconds. */
export type UploadLimits = { readonly idleMs: number };

/** A request whose body may have been read already, as by functions-framework. */
export type ReadRequest = IncomingMessage & { rawBody?: Buffer };

/**
 * The server side of Google's resumable upload protocol (https://cloud.google.com/storage/docs/performing-resumable-uploads) for the paths below
 * `/store/`: receives bytes and responds with 200 once all have arrived, with 308 until then. Calls `onId` once the signature is verified.
 */
export async function handleUpload(
	store: Pick<DiskStore, 'findSigned' | 'receive' | 'receivedBytes'>,
	req: ReadRequest,
	res: ServerResponse,
	{ idleMs }: UploadLimits,
	onId: (id: string) => void = () => {},
): Promise<void> {
	res.setHeader('allow', 'PUT, OPTIONS');
	if (req.method === 'OPTIONS') return void res.writeHead(204).end();
	const upload = await store.findSigned(req.url ?? '');
	onId(upload.id);
	if (req.method !== 'PUT') throw new AnalysisError('method-not-allowed', 'upload');
	res.removeHeader('allow');
	const intent = parseIntent(req, upload);
	if (intent.kind === 'send' || (await store.receivedBytes(upload.id)) === upload.sizeBytes) {
		const body = req.rawBody ? Readable.from(req.rawBody) : req;
		const sha256 = await store.receive(upload, intent.kind === 'send' ? intent : null, (sink, signal) =>
			receiveBody(body, sink, { idleMs, signal }),
		);
		if (sha256) {
			const receipt = JSON.stringify({ id: upload.id, sizeBytes: upload.sizeBytes, sha256 });
			return sendResponse(req, res, 200, { 'content-type': 'application/json' }, Buffer.from(receipt));
		}
	}
	const receivedBytes = await store.receivedBytes(upload.id);
	sendResponse(req, res, 308, receivedBytes > 0 ? { range: `bytes=0-${receivedBytes - 1}` } : {});
}

/** Parses the intent of a request. A media type other than the announced one throws `upload-mismatch`; a missing one (`curl -T`) is accepted. */
function parseIntent({ headers }: IncomingMessage, { sizeBytes, contentType }: SignedRecord): PutIntent {
	const length = headers['content-length'];
	const intent = parseContentRange(
		headers['content-range'] ?? null,
		length === undefined ? null : Number(length),
		sizeBytes,
	);
	const type = headers['content-type'];
	if (intent.kind === 'send' && type && wireType(type) !== contentType)
		throw new AnalysisError('upload-mismatch', 'upload', `${contentType} was announced`);
	return intent;
}
