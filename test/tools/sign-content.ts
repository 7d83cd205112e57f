import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import initialise, { WasmBuilder } from '@contentauth/c2pa-wasm';
import type { Bytes } from '../../function/provenance/bytes.ts';
import { blobOf, defineFileReaderSync } from '../../function/provenance/sync-blob.ts';
import { createTestSigner, type TestSigner } from './test-certificates.ts';

/** The claims about a file. */
export type Claim = {
	readonly title?: string;
	readonly claim_generator_info?: readonly { readonly name: string; readonly version?: string }[];
	readonly assertions?: readonly { readonly label: string; readonly data: unknown }[];
};

/** Those of an array, in Node's pool or not. */
export const bytesOf = (array: Uint8Array): Bytes => ({
	size: array.length,
	read: (at, length) => new Uint8Array(array.subarray(at, at + length)),
});

/** Room for the signature, bytes. */
const reserveSize = 4096;

let isBegun: Promise<unknown> | null = null;

/** A file with Content Credentials, signed with a certificate that nobody trusts; `format` is its file extension. */
export async function signContent(
	bytes: Uint8Array,
	format: string,
	claim: Claim,
	{ parent, remoteUrl }: { parent?: Uint8Array; remoteUrl?: string } = {},
): Promise<Uint8Array> {
	const signer = createTestSigner();
	defineFileReaderSync();
	isBegun ??= initialise({
		module_or_path: readFileSync(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')),
	});
	await isBegun;
	const settings = { verify: { verify_after_sign: false } };
	const builder = WasmBuilder.fromJson(JSON.stringify(claim), JSON.stringify(settings));
	if (parent) {
		builder.setIntent('edit');
		const ingredient = JSON.stringify({ title: 'original', relationship: 'parentOf' });
		await builder.addIngredientFromBlob(ingredient, format, blobOf(bytesOf(parent)));
	}
	if (remoteUrl) {
		builder.setRemoteUrl(remoteUrl);
		builder.setNoEmbed(true);
	}
	const coseSign = async (signed: Uint8Array) => coseSign1(signed, signer);
	return await builder.sign({ alg: 'es256', reserveSize, sign: coseSign }, [], format, blobOf(bytesOf(bytes)));
}

/** COSE_Sign1 (RFC 9052, 4.2) with the certificates in its protected header, padded to the reserved length. */
function coseSign1(claim: Uint8Array, { chain, key }: TestSigner): Uint8Array<ArrayBuffer> {
	const algorithm = [1, 0x26]; // ES256
	const certificates = [...head(0, 33), ...head(4, chain.length), ...chain.flatMap((bytes) => byteString(bytes))];
	const header = byteString([...head(5, 2), ...algorithm, ...certificates]);
	const toSign = [...head(4, 4), ...text('Signature1'), ...header, ...byteString([]), ...byteString(claim)];
	const signature = sign('sha256', Uint8Array.from(toSign), { key, dsaEncoding: 'ieee-p1363' });
	const whole = (padding: number) =>
		Uint8Array.from([
			...[0xd2, ...head(4, 4), ...header],
			...[...head(5, 1), ...text('pad'), ...byteString(new Uint8Array(padding))],
			...[0xf6, ...byteString(signature)],
		]);
	const missing = reserveSize - whole(256).length;
	return whole(256 + missing);
}

/** The first bytes of a value (CBOR, RFC 8949, 3): its kind, and its length or number. */
function head(major: number, value: number): number[] {
	if (value < 24) return [(major << 5) | value];
	return value < 256 ? [(major << 5) | 24, value] : [(major << 5) | 25, value >> 8, value & 255];
}

const byteString = (bytes: ArrayLike<number>) => [...head(2, bytes.length), ...Array.from(bytes)];
const text = (words: string) => [...head(3, words.length), ...Buffer.from(words, 'latin1')];
