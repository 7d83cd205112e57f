import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { AnalysisError, toAnalysisError } from '../../errors.ts';
import type { ReadRequest } from './handle-upload.ts';

/** The file in a form; its bytes arrive as fast as they are read. */
export type FormFile = {
	readonly fileName: string;
	readonly contentType: string;
	readonly bytes: AsyncIterable<Buffer>;
};

const limits = { fields: 8, fieldNameSize: 100, fieldSize: 64 * 1024, files: 1, parts: 9, headerPairs: 20 };

/** Whether the body of a request is a form with a file. */
export const isForm = ({ headers }: IncomingMessage) =>
	/^multipart\/form-data[ \t]*(;|$)/i.test(headers['content-type'] ?? '');

/**
 * Reads a form (RFC 7578) with one file, which is passed to `take` while it arrives; returns the other fields. Throws `usage` for any other form,
 * `body-too-large`, `request-slow`, `upload-interrupted`, and the errors of `take`.
 */
export async function receiveForm(
	req: ReadRequest,
	idleMs: number,
	take: (file: FormFile) => Promise<void>,
): Promise<ReadonlyMap<string, string>> {
	const fields = new Map<string, string>();
	const form = openForm(req);
	const body = req.rawBody ? Readable.from(req.rawBody) : req;
	let file: Readable | null = null;
	let taking: Promise<void> | null = null;
	let onFault: (fault: AnalysisError) => void = () => {};
	const failed = new Promise<never>((_, reject) => {
		onFault = reject;
	});
	const fault = (thrown: unknown) => onFault(toAnalysisError(thrown, 'upload'));
	const onClose = () => fault(new AnalysisError('upload-interrupted', 'upload'));
	const idle = setTimeout(() => fault(new AnalysisError('request-slow', 'upload')), idleMs);
	const onData = () => void idle.refresh();

	form.on('file', (name, stream, fileName, _encoding, contentType) => {
		stream.on('error', () => {}); // its reader handles the error
		if (name !== 'file') return fault(usage('the file field of the form must be named "file"'));
		file = stream;
		taking = take({ fileName, contentType, bytes: stream });
		taking.catch(fault);
	});
	form.on('field', (name, value, isNameCut, isValueCut) => {
		if (isNameCut || isValueCut) return fault(new AnalysisError('body-too-large', 'request'));
		if (fields.has(name)) return fault(usage('the form contains a field twice'));
		fields.set(name, value);
	});
	for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
		form.on(limit, () => fault(usage('the form has too many parts')));
	const ended = new Promise<void>((resolve) => form.once('finish', resolve));
	form.on('error', () => fault(usage('the body is not a complete form')));
	body
		.on('data', onData)
		.once('close', onClose)
		.once('end', () => body.off('close', onClose));
	body.pipe(form);
	try {
		await Promise.race([ended, failed]);
		await Promise.race([taking ?? Promise.reject(usage('the form has no file')), failed]);
		return fields;
	} catch (thrown) {
		body.unpipe(form);
		(file as Readable | null)?.destroy(toAnalysisError(thrown, 'upload'));
		await (taking as Promise<void> | null)?.catch(() => {}); // it cleans up after itself
		throw thrown;
	} finally {
		failed.catch(() => {});
		clearTimeout(idle);
		body.off('data', onData).off('close', onClose);
	}
}

const usage = (what: string) => new AnalysisError('usage', 'request', what);

/** By its field too: some clients name no file, as in `curl -F 'file=<clip.mp4'`. */
const isPartAFile = (field: string | undefined, type: string | undefined, fileName: string | undefined) =>
	field === 'file' || fileName !== undefined || type === 'application/octet-stream';

function openForm({ headers }: IncomingMessage) {
	try {
		return new Busboy({ headers: headers as BusboyHeaders, limits, isPartAFile });
	} catch (cause) {
		throw new AnalysisError('usage', 'request', 'the form has no boundary', { cause });
	}
}
