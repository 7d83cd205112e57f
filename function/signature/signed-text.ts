import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Report, ReportSignature } from '../contract/report.ts';

/** What a signature covers besides the report itself. */
export type SignedParts = Pick<ReportSignature, 'signer' | 'signedAt' | 'pictures' | 'sentences'>;

/**
 * The bytes that are signed: the report in its canonical form (RFC 8785), each picture as its digest, the sentence of the verdict in every
 * language, who signs and when. Takes a report as it stands in its file: what a later version adds to one when it reads it is not signed.
 */
export function signedText(report: Report, { signer, signedAt, pictures, sentences }: SignedParts): Uint8Array {
	const { signature: _, ...rest } = report;
	const { sentence: __, ...verdict } = report.verdict;
	const tracks = report.tracks.map((track) => ({
		...track,
		moments: track.moments.map(({ cropJpegBase64: ___, ...moment }) => moment),
	}));
	const whole = { report: { ...rest, verdict, tracks }, pictures, sentences, signer, signedAt };
	// through JSON, as it will be read: a member that is undefined is none
	return new TextEncoder().encode(canonicalize(JSON.parse(JSON.stringify(whole))));
}

/** The SHA-256 of each picture, in the order in which they stand in the report. */
export const pictureDigests = ({ tracks }: Pick<Report, 'tracks'>): string[] =>
	tracks.flatMap(({ moments }) => moments.map(({ cropJpegBase64 }) => digestOf(Buffer.from(cropJpegBase64, 'base64'))));

/** SHA-256, hexadecimal. */
export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
