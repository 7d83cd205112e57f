import { randomBytes, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import { Certificate, ContentInfo, MessageImprint, SignedData, TimeStampReq, TimeStampResp, TSTInfo } from 'pkijs';
import type { ReportTimeStamp } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';

/** Time limit for an authority, milliseconds, and maximum size of its response, bytes. */
const [timeoutMs, maxBytes] = [15_000, 100_000];

/** The only extended key usage that an authority's certificate may have (RFC 3161, section 2.3). */
const timeStampingUsage = '1.3.6.1.5.5.7.3.8';

/**
 * Has an authority time-stamp a signature (RFC 3161); returns the token and the time in it. Throws `url-unreachable` if the authority fails, and
 * `timestamp-invalid` if its response is not a stamp of this signature.
 */
export async function requestTimeStamp(url: string, jws: string): Promise<ReportTimeStamp> {
	const nonce = new asn1js.Integer({ valueHex: Uint8Array.from([1, ...randomBytes(15)]).buffer });
	const request = new TimeStampReq({
		version: 1,
		messageImprint: await MessageImprint.create('SHA-256', bytesOf(jws)),
		nonce,
		certReq: true,
	});
	const response = await post(url, request.toSchema().toBER());
	const { status, timeStampToken } = parse(() => TimeStampResp.fromBER(response), 'the response');
	if (status.status > 1 || !timeStampToken) throw invalid(`the authority refused it with status ${status.status}`);
	// the original bytes: encoding them again might not reproduce those that were signed
	const [, raw] = (asn1js.fromBER(response).result as asn1js.Sequence).valueBlock.value;
	const token = Buffer.from((raw as asn1js.Sequence).valueBeforeDecodeView).toString('base64');
	const { at, info } = await readToken(token, jws, null);
	if (!info.nonce?.isEqual(nonce)) throw invalid('it belongs to another request');
	return { token, at };
}

/** Checks the stamp of a signature and returns the authority's name. With `trusted`, its certificate must chain to one of those. Throws `timestamp-invalid`. */
export async function checkTimeStamp(
	{ token, at }: ReportTimeStamp,
	jws: string,
	trusted: readonly X509Certificate[] | null,
): Promise<string> {
	const read = await readToken(token, jws, trusted);
	if (read.at !== at) throw invalid(`its time is ${read.at}`);
	return read.authority;
}

/** The certificates in a PEM file; throws if there are none, or one is damaged. */
export function certificatesFrom(text: string): X509Certificate[] {
	const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
	if (found.length === 0) throw new RangeError('it contains no certificate');
	return found.map((pem) => new X509Certificate(pem));
}

async function readToken(token: string, jws: string, trusted: readonly X509Certificate[] | null) {
	const content = parse(() => ContentInfo.fromBER(bytesOf(token, 'base64')), 'the token');
	const signed = parse(() => new SignedData({ schema: content.content }), 'the token');
	const { eContent, eContentType } = signed.encapContentInfo;
	const info = parse(() => TSTInfo.fromBER((eContent as asn1js.OctetString).getValue()), `content ${eContentType}`);
	const outcome = await signed
		.verify({
			...{ signer: 0, data: bytesOf(jws), extendedMode: true, checkChain: trusted !== null },
			trustedCerts: (trusted ?? []).map(({ raw }) => Certificate.fromBER(Uint8Array.from(raw).buffer)),
			passedWhenNotRevValues: true, // checking revocation would need the network
		})
		.catch((thrown: Error) => {
			throw invalid(thrown.message);
		});
	const certificate = outcome.signerCertificate;
	if (!outcome.signatureVerified || !certificate) throw invalid("the authority's signature is not valid");
	const usages = certificate.extensions?.find(({ extnID }) => extnID === '2.5.29.37')?.parsedValue?.keyPurposes ?? [];
	if (!usages.includes(timeStampingUsage)) throw invalid('its certificate is not for time stamps');
	const { subject } = new X509Certificate(Buffer.from(certificate.toSchema(false).toBER()));
	return { info, at: info.genTime.toISOString(), authority: subject.replaceAll('\n', ', ') };
}

async function post(url: string, body: ArrayBuffer): Promise<ArrayBuffer> {
	const unreachable = (why: string, cause?: unknown) => new AnalysisError('url-unreachable', 'write', why, { cause });
	try {
		const response = await fetch(url, {
			...{ method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) },
			headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
		});
		if (!response.ok) throw unreachable(`it responded with status ${response.status}`);
		const chunks: Uint8Array[] = [];
		let sizeBytes = 0;
		for await (const chunk of response.body ?? []) {
			sizeBytes += chunk.length;
			if (sizeBytes > maxBytes) throw unreachable('its response is too large');
			chunks.push(chunk);
		}
		return Uint8Array.from(Buffer.concat(chunks)).buffer;
	} catch (thrown) {
		throw thrown instanceof AnalysisError ? thrown : unreachable((thrown as Error).message, thrown);
	}
}

function parse<T>(read: () => T, what: string): T {
	try {
		return read();
	} catch (cause) {
		throw new AnalysisError('timestamp-invalid', 'arguments', `${what} cannot be parsed`, { cause });
	}
}

const bytesOf = (text: string, encoding: BufferEncoding = 'utf8') =>
	Uint8Array.from(Buffer.from(text, encoding)).buffer;

const invalid = (what: string) => new AnalysisError('timestamp-invalid', 'arguments', what);
