import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Report, ReportSignature } from '../contract/report.ts';

/** What a signature covers besides the report itself. */
export type SignedParts = Pick<ReportSignature, 'signer' | 'signedAt' | 'pictures' | 'sentences'>;

/**
 * The bytes to sign: the report in canonical form (RFC 8785) with each picture as its digest, the sentence of the verdict in every language, the
 * signer and the time. Takes a report exactly as stored: fields that a later version adds on reading are not signed.
 */
export function signedText(report: Report, { signer, signedAt, pictures, sentences }: SignedParts): Uint8Array {
	const { signature: _, ...rest } = report;
	const { sentence: __, ...verdict } = report.verdict;
	const tracks = report.tracks.map((track) => ({
		...track,
		moments: track.moments.map(({ cropJpegBase64: ___, ...moment }) => moment),
	}));
	const whole = { report: { ...rest, verdict, tracks }, pictures, sentences, signer, signedAt };
	// through JSON, as readers will see it: undefined members vanish
	return new TextEncoder().encode(canonicalize(JSON.parse(JSON.stringify(whole))));
}

/** The SHA-256 of each picture, in the order of the report. */
export const pictureDigests = ({ tracks }: Pick<Report, 'tracks'>): string[] =>
	tracks.flatMap(({ moments }) => moments.map(({ cropJpegBase64 }) => digestOf(Buffer.from(cropJpegBase64, 'base64'))));

/** SHA-256, hexadecimal. */
export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
