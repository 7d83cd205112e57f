import { AnalysisError } from '../../errors.ts';

/** The purpose of a PUT in the resumable protocol: to query the progress, or to send bytes `first` to before `end`. */
export type PutIntent =
	| { readonly kind: 'ask' }
	| { readonly kind: 'send'; readonly first: number; readonly end: number; readonly whole: boolean };

const rangePattern = /^bytes (?:(\d{1,15})-(\d{1,15})|(\*))\/(?:(\d{1,15})|\*)$/;

/**
 * Parses the intent of a PUT from its Content-Range (null = the whole file at once) and Content-Length (null = chunked). Throws `usage` for an
 * invalid header, and `upload-mismatch` for one that does not match an upload of `sizeBytes`.
 */
export function parseContentRange(header: string | null, lengthBytes: number | null, sizeBytes: number): PutIntent {
	if (header === null) return parseSend(0, sizeBytes, lengthBytes, true);
	const match = rangePattern.exec(header.trim());
	if (!match) throw new AnalysisError('usage', 'upload', 'Content-Range is not valid');
	const [, first, last, asterisk, total] = match;
	if (total !== undefined && Number(total) !== sizeBytes)
		throw new AnalysisError('upload-mismatch', 'upload', `${sizeBytes} bytes were announced, not ${total}`);
	if (asterisk) return { kind: 'ask' };
	if (Number(last) < Number(first)) throw new AnalysisError('usage', 'upload', 'Content-Range is not valid');
	if (Number(last) >= sizeBytes)
		throw new AnalysisError('upload-mismatch', 'upload', `only ${sizeBytes} bytes were announced`);
	return parseSend(Number(first), Number(last) + 1, lengthBytes, false);
}

function parseSend(first: number, end: number, lengthBytes: number | null, whole: boolean): PutIntent {
	if (lengthBytes !== null && lengthBytes !== end - first)
		throw new AnalysisError('upload-mismatch', 'upload', `${end - first} bytes were announced, not ${lengthBytes}`);
	return { kind: 'send', first, end, whole };
}
