import { base64url, flattenedVerify, importJWK } from 'jose';
import type { Report, ReportSignature } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { digestOf, pictureDigests, signedText } from './signed-text.ts';
import { type PublicKey, withId } from './signing-key.ts';

/** The bytes of a picture file next to the report, which must be one of the report's own. */
export type PictureFile = { readonly name: string; readonly index: number; readonly bytes: Uint8Array };

/**
 * Checks the signature of a report exactly as stored, and the pictures in the report and next to it. If `trusted` is given, the key must be one of
 * those. Throws `signature-missing`, `signature-invalid`, `picture-changed`, `signer-unknown`.
 */
export async function checkSignature(
	report: Report,
	{ trusted, files = [] }: { readonly trusted: readonly PublicKey[] | null; readonly files?: readonly PictureFile[] },
): Promise<ReportSignature> {
	const { signature } = report;
	if (!signature) throw new AnalysisError('signature-missing', 'arguments');
	await checkText(report, signature);
	checkPictures(report, signature, files);
	if (trusted && !trusted.some(({ kid }) => kid === signature.key.kid))
		throw new AnalysisError('signer-unknown', 'arguments', `its key is ${signature.key.kid}`);
	return signature;
}

async function checkText(report: Report, signature: ReportSignature): Promise<void> {
	const { jws, key, sentences } = signature;
	const invalid = (found: string, cause?: unknown) =>
		new AnalysisError('signature-invalid', 'arguments', found, { cause });
	const own = await withId(key).catch((cause) => Promise.reject(invalid('the key is invalid', cause)));
	if (own.kid !== key.kid) throw invalid('the key does not match its id');
	const [header = '', payload, value = ''] = jws.split('.');
	if (payload !== '') throw invalid('it is not a detached signature');
	try {
		await flattenedVerify(
			{ protected: header, payload: base64url.encode(signedText(report, signature)), signature: value },
			await importJWK(key, 'EdDSA'),
			{ algorithms: ['EdDSA'] },
		);
	} catch (cause) {
		throw invalid('', cause);
	}
	if (!Object.values(sentences).includes(report.verdict.sentence)) throw invalid("the verdict's sentence was changed");
}

function checkPictures(report: Report, { pictures }: ReportSignature, files: readonly PictureFile[]): void {
	const found = pictureDigests(report);
	const changed = found.findIndex((digest, i) => digest !== pictures[i]);
	if (changed >= 0 || found.length !== pictures.length)
		throw new AnalysisError('picture-changed', 'arguments', changed >= 0 ? placeOf(report, changed) : 'one is missing');
	for (const { name, index, bytes } of files)
		if (digestOf(bytes) !== pictures[index]) throw new AnalysisError('picture-changed', 'arguments', name);
}

/** Describes a picture by its index. */
function placeOf({ tracks }: Report, index: number): string {
	const all = tracks.flatMap(({ trackId, moments }) => moments.map(({ timeS }) => ({ trackId, timeS })));
	return `face ${all[index]?.trackId} at ${all[index]?.timeS.toFixed(2)} s`;
}
