import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A signer's certificate, the certificate of its issuer, and the signer's key; generated each time, so that no key is in the repository. */
export type TestSigner = { readonly chain: readonly Uint8Array[]; readonly key: KeyObject };

const day = 24 * 3600 * 1000;

/** The purpose of a certificate: signing e-mail, which the test list of Content Credentials allows, or time stamps (RFC 3161). */
const usages = { email: '2b06010505070304', 'time-stamps': '2b06010505070308' } as const;

/** X.509 certificates (RFC 5280) as required by Content Credentials: ECDSA with P-256, for signing only, not self-signed. */
export function createTestSigner(
	name = 'Test Camera',
	organisation = 'Unmask Tests',
	usage: keyof typeof usages = 'email',
): TestSigner {
	const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const authorityName = nameOf('Test Authority', organisation);
	const keyUsage = (bits: number) =>
		extension('551d0f', true, der(0x03, [7 - Math.floor(Math.log2(bits & -bits)), bits]));
	const root = certificate({
		...{ serial: 1, subject: authorityName, publicKey: authority.publicKey },
		...{ issuer: authorityName, key: authority.privateKey },
		extensions: [extension('551d13', true, sequence(der(0x01, [0xff]))), keyUsage(0x06)],
	});
	const own = certificate({
		...{ serial: 2, subject: nameOf(name, organisation), publicKey: signer.publicKey },
		...{ issuer: authorityName, key: authority.privateKey },
		extensions: [
			extension('551d13', true, sequence()),
			keyUsage(0x80),
			extension('551d25', usage === 'time-stamps', sequence(objectId(usages[usage]))),
			extension('551d23', false, sequence(der(0x80, [1, 2, 3, 4]))),
		],
	});
	return { chain: [own, root], key: signer.privateKey };
}

type Certificate = {
	readonly serial: number;
	readonly subject: number[];
	readonly issuer: number[];
	readonly publicKey: KeyObject;
	readonly key: KeyObject;
	readonly extensions: readonly number[][];
};

function certificate({ serial, subject, issuer, publicKey, key, extensions }: Certificate): Uint8Array {
	const algorithm = sequence(objectId('2a8648ce3d040302')); // ECDSA with SHA-256
	const times = [-day, 30 * day].map((ms) => der(0x17, latin(utcTime(Date.now() + ms))));
	const body = sequence(
		der(0xa0, der(0x02, [2])),
		der(0x02, [serial]),
		algorithm,
		issuer,
		sequence(...times),
		subject,
		[...publicKey.export({ type: 'spki', format: 'der' })],
		der(0xa3, sequence(...extensions)),
	);
	const signature = sign('sha256', Uint8Array.from(body), key);
	return Uint8Array.from(sequence(body, algorithm, der(0x03, [0, ...signature])));
}

const nameOf = (common: string, organisation: string) =>
	sequence(
		...[
			['550403', common],
			['55040a', organisation],
		].map(([id, text]) => der(0x31, sequence(objectId(id as string), der(0x0c, latin(text as string))))),
	);

const extension = (id: string, critical: boolean, value: number[]) =>
	sequence(objectId(id), critical ? der(0x01, [0xff]) : [], der(0x04, value));

const utcTime = (ms: number) => `${new Date(ms).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
const latin = (text: string) => [...Buffer.from(text, 'latin1')];
const objectId = (hex: string) => der(0x06, [...Buffer.from(hex, 'hex')]);
const sequence = (...parts: number[][]) => der(0x30, parts.flat());

/** One value with its tag and length (X.690, DER). */
function der(tag: number, value: readonly number[]): number[] {
	const { length } = value;
	if (length < 128) return [tag, length, ...value];
	const bytes = length < 256 ? [length] : [length >> 8, length & 255];
	return [tag, 128 + bytes.length, ...bytes, ...value];
}
