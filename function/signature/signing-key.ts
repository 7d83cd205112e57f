import { readFile } from 'node:fs/promises';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK } from 'jose';
import { z } from 'zod';
import { AnalysisError } from '../errors.ts';

const bytes = z.string().regex(/^[A-Za-z0-9_-]{43}$/, '32 bytes in base64url');
const publicSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: bytes });
const privateSchema = publicSchema.extend({ d: bytes });
const setSchema = z.object({ keys: z.array(z.looseObject({})) });

/** A public Ed25519 key as a JWK (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export type PublicKey = z.infer<typeof publicSchema> & { readonly kid: string };
/** A public key with its private part. */
export type PrivateKey = PublicKey & { readonly d: string };

/** Generates a key. */
export async function newKey(): Promise<PrivateKey> {
	const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
	return withId(privateSchema.parse(await exportJWK(privateKey)));
}

/** The public part of a key. */
export const publicPart = ({ kty, crv, x, kid }: PublicKey): PublicKey => ({ kty, crv, x, kid });

/** Reads the private key in a setting, or in the file that it names. Throws `environment`; the error never contains the key. */
export async function readPrivateKey(setting: string): Promise<PrivateKey> {
	const fault = (what: string) => new AnalysisError('environment', 'environment', `UNMASK_SIGNING_KEY: ${what}`);
	const isText = setting.trimStart().startsWith('{');
	const text = isText ? setting : await readFile(setting, 'utf8').catch(() => null);
	if (text === null) throw fault(`the file ${setting} cannot be read`);
	const parsed = privateSchema.safeParse(jsonFrom(text));
	if (!parsed.success) throw fault('it is not a private key; unmask keys new FILE creates one');
	const key = await withId(parsed.data);
	const derived = await exportJWK(
		await importJWK(key, 'EdDSA', { extractable: true }).catch(() => Promise.reject(mismatch(fault))),
	);
	if (derived.x !== key.x) throw mismatch(fault);
	return key;
}

const mismatch = (fault: (what: string) => AnalysisError) => fault('its private and public parts do not match');

/** The public Ed25519 keys in a JWK, a JWK set (RFC 7517) or a signing key; empty if there are none. */
export async function keysFrom(text: string): Promise<PublicKey[]> {
	const value = jsonFrom(text);
	const set = setSchema.safeParse(value);
	const found = (set.success ? set.data.keys : [value]).flatMap((key) => publicSchema.safeParse(key).data ?? []);
	return Promise.all(found.map((key) => withId(publicSchema.parse(key))));
}

/** The key with its thumbprint as id; replaces any other id. */
export async function withId<K extends z.infer<typeof publicSchema>>(key: K): Promise<K & { readonly kid: string }> {
	return { ...key, kid: await calculateJwkThumbprint(key) };
}

function jsonFrom(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
