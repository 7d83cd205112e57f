import { createHmac, timingSafeEqual } from 'node:crypto';
import { AnalysisError } from '../errors.ts';

/** The contents of a signed upload address of the disk store; `expiresS` is Unix time in whole seconds. */
export type SignedUpload = {
	readonly id: string;
	readonly sizeBytes: number;
	readonly contentType: string;
	readonly expiresS: number;
};

const uploadPath = /^\/store\/uploads\/([0-9a-f]{32})$/;

/** The path and query of an upload, with an HMAC-SHA256 signature over all parts. */
export function signAddress(secret: string, upload: SignedUpload): string {
	const { id, sizeBytes, contentType, expiresS } = upload;
	// No part can contain a line break, so different uploads never have the same text.
	const text = ['PUT', id, sizeBytes, contentType, expiresS].join('\n');
	const signature = createHmac('sha256', secret).update(text).digest('hex');
	const query = new URLSearchParams({ size: `${sizeBytes}`, type: contentType, expires: `${expiresS}`, signature });
	return `/store/uploads/${id}?${query}`;
}

/** The upload that an address (path and query) was signed for; throws `not-found` for another path, `upload-refused` for a changed or expired one. */
export function parseSignedAddress(secret: string, address: string, nowS: number): SignedUpload {
	const url = URL.canParse(address, 'http://localhost') ? new URL(address, 'http://localhost') : null;
	const id = uploadPath.exec(url?.pathname ?? '')?.[1];
	if (!url || !id) throw new AnalysisError('not-found', 'upload');
	const upload = {
		id,
		sizeBytes: Number(url.searchParams.get('size')),
		contentType: url.searchParams.get('type') ?? '',
		expiresS: Number(url.searchParams.get('expires')),
	};
	// Compares the whole address, so that no parameter can be added.
	if (!isSame(signAddress(secret, upload), `${url.pathname}${url.search}`))
		throw new AnalysisError('upload-refused', 'upload', 'the signature does not match');
	if (upload.expiresS <= nowS) throw new AnalysisError('upload-refused', 'upload', 'the address has expired');
	return upload;
}

/** Compares in constant time for texts of equal length. */
function isSame(expected: string, actual: string): boolean {
	const [a, b] = [Buffer.from(expected), Buffer.from(actual)];
	return a.length === b.length && timingSafeEqual(a, b);
}
