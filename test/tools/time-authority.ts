import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import * as asn1js from 'asn1js';
import {
	Attribute,
	Certificate,
	ContentInfo,
	EncapsulatedContentInfo,
	IssuerAndSerialNumber,
	PKIStatusInfo,
	SignedAndUnsignedAttributes,
	SignedData,
	SignerInfo,
	TimeStampReq,
	TimeStampResp,
	TSTInfo,
} from 'pkijs';
import { createTestSigner, type TestSigner } from './test-certificates.ts';

/** A time stamp authority (RFC 3161) for tests, on the loopback interface. */
export type TimeAuthority = {
	readonly url: string;
	/** The root of its certificate chain, PEM. */
	readonly root: string;
	/** Requests so far. */
	requests(): number;
	close(): Promise<void>;
};

/** Faults of a test authority. */
export type AuthorityFaults = {
	readonly signer?: TestSigner;
	/** The time that it stamps, in milliseconds since 1970. */
	readonly now?: () => number;
	/** Changes the request before it is stamped. */
	readonly change?: (request: TimeStampReq) => void;
	/** The status of every response (RFC 3161, section 2.4.2): 2 = refused. */
	readonly status?: number;
};

const contentTypeOfToken = '1.2.840.113549.1.9.16.1.4';

/** Starts an authority; it stamps every request. */
export async function startTimeAuthority(faults: AuthorityFaults = {}): Promise<TimeAuthority> {
	const signer = faults.signer ?? createTestSigner('Test Time', 'Unmask Tests', 'time-stamps');
	let count = 0;
	const server = createServer(async (req, res) => {
		count++;
		const request = TimeStampReq.fromBER(Uint8Array.from(await buffer(req)).buffer);
		faults.change?.(request);
		const { status = 0 } = faults;
		const token = status === 0 ? await tokenFor(request, signer, faults.now?.() ?? Date.now()) : null;
		const answer = new TimeStampResp({
			status: new PKIStatusInfo({ status }),
			...(token && { timeStampToken: token }),
		});
		res.writeHead(200, { 'content-type': 'application/timestamp-reply' });
		res.end(Buffer.from(answer.toSchema().toBER()));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const pem = (bytes: Uint8Array) =>
		`-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`;
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		root: pem(signer.chain[1] as Uint8Array),
		requests: () => count,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function tokenFor(request: TimeStampReq, { chain, key }: TestSigner, nowMs: number): Promise<ContentInfo> {
	const { messageImprint, nonce } = request;
	const info = new TSTInfo({
		...{ version: 1, policy: '1.2.3.4', messageImprint, serialNumber: new asn1js.Integer({ value: 7 }) },
		genTime: new Date(nowMs),
		...(nonce && { nonce }),
	});
	const content = Buffer.from(info.toSchema().toBER());
	const own = Certificate.fromBER(Uint8Array.from(chain[0] ?? []).buffer);
	const attribute = (type: string, value: asn1js.BaseBlock) => new Attribute({ type, values: [value] });
	const signed = new SignedData({
		version: 3,
		encapContentInfo: new EncapsulatedContentInfo({
			eContentType: contentTypeOfToken,
			eContent: new asn1js.OctetString({ valueHex: Uint8Array.from(content).buffer }),
		}),
		certificates: [own],
		signerInfos: [
			new SignerInfo({
				version: 1,
				sid: new IssuerAndSerialNumber({ issuer: own.issuer, serialNumber: own.serialNumber }),
				signedAttrs: new SignedAndUnsignedAttributes({
					type: 0,
					attributes: [
						attribute('1.2.840.113549.1.9.3', new asn1js.ObjectIdentifier({ value: contentTypeOfToken })),
						attribute(
							'1.2.840.113549.1.9.4',
							new asn1js.OctetString({
								valueHex: Uint8Array.from(createHash('sha256').update(content).digest()).buffer,
							}),
						),
					],
				}),
			}),
		],
	});
	const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
	const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
	await signed.sign(await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']), 0, 'SHA-256');
	return new ContentInfo({ contentType: '1.2.840.113549.1.7.2', content: signed.toSchema(true) });
}
