import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';

/** Scopes of a key: `analyse` = upload, analyse and delete; `read` = read reports, uploads and models; `admin` = read the metrics. */
export const scopeSchema = z.enum(['analyse', 'read', 'admin']);
export type Scope = z.infer<typeof scopeSchema>;

const keySchema = z.strictObject({
	/** Name in metrics and logs; keep it when rotating the key. */
	name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'),
	/** SHA-256 of the key, hexadecimal. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
	scopes: z.array(scopeSchema).min(1).default(['analyse', 'read']),
	/** ISO 8601; omitted = never expires. */
	expiresAt: z.iso.datetime({ offset: true }).optional(),
	/** Omitted = the default limit. */
	requestsAMinute: z.number().int().min(1).optional(),
});
const fileSchema = z.strictObject({ keys: z.array(keySchema) });

/** An accepted API key, known only by its digest. */
export type ApiKey = Readonly<z.infer<typeof keySchema>>;

/** Whether requests need a key. */
export const needsKeys = (config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE'>) =>
	config.UNMASK_API_KEY_HASHES !== null || config.UNMASK_KEYS_FILE !== null;

/** Interval at which the keys file is checked for changes, milliseconds. */
const reloadCheckMs = 2000;

/** Log for reloads of the keys file. */
export type KeyLog = { info(fields: object, text: string): void; error(fields: object, text: string): void };

/**
 * The keys of UNMASK_API_KEY_HASHES, which have all scopes, and those of UNMASK_KEYS_FILE. The file is reloaded whenever it changes, so keys are
 * added, changed or revoked without a restart. If the file becomes invalid while the service runs, the keys stay as they were.
 */
export class ApiKeys {
	readonly #fixed: readonly ApiKey[];
	readonly #file: string | null;
	readonly #log: KeyLog;
	#fileKeys: readonly ApiKey[] = [];
	#fingerprint = '';
	#timer: NodeJS.Timeout | null = null;

	private constructor(config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE'>, log: KeyLog) {
		this.#log = log;
		this.#file = config.UNMASK_KEYS_FILE;
		this.#fixed = (config.UNMASK_API_KEY_HASHES?.split(',') ?? []).map((sha256) => ({
			name: `key-${sha256.slice(0, 8)}`,
			sha256,
			scopes: [...scopeSchema.options],
		}));
	}

	/** Reads the keys and watches their file; throws `environment` if the file cannot be read. */
	static async open(
		config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE'>,
		log: KeyLog,
		checkEveryMs = reloadCheckMs,
	): Promise<ApiKeys> {
		const keys = new ApiKeys(config, log);
		if (keys.#file === null) return keys;
		try {
			await keys.#read(keys.#file);
		} catch (cause) {
			throw new AnalysisError('environment', 'environment', `UNMASK_KEYS_FILE: ${messageOf(cause)}`, { cause });
		}
		keys.#timer = setInterval(() => void keys.reload(), checkEveryMs).unref();
		return keys;
	}

	/** Finds the key with that secret, expired or not; null = unknown. */
	find(secret: string): ApiKey | null {
		const digest = createHash('sha256').update(secret).digest();
		// compares every digest, so that timing does not reveal which one matched
		const all = [...this.#fixed, ...this.#fileKeys];
		return all.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest))[0] ?? null;
	}

	/** Reloads the file if it has changed. Never rejects. */
	async reload(): Promise<void> {
		if (this.#file === null) return;
		try {
			const fingerprint = await fingerprintOf(this.#file);
			if (fingerprint === this.#fingerprint) return;
			this.#fingerprint = fingerprint; // so that a damaged file is logged only once
			if (fingerprint === missing) throw new Error('it is missing');
			await this.#read(this.#file);
			this.#log.info({ keys: this.#fileKeys.map(({ name }) => name) }, 'the API keys were reloaded');
		} catch (thrown) {
			this.#log.error({ fault: messageOf(thrown) }, 'the API keys file cannot be read; the keys stay as they were');
		}
	}

	close(): void {
		if (this.#timer) clearInterval(this.#timer);
	}

	async #read(path: string): Promise<void> {
		const fingerprint = await fingerprintOf(path);
		this.#fileKeys = parseKeys(await readFile(path, 'utf8'));
		this.#fingerprint = fingerprint;
	}
}

const missing = 'missing';

/** A text that changes whenever the file does. */
async function fingerprintOf(path: string): Promise<string> {
	const found = await stat(path).catch(() => null);
	return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : missing;
}

/** Parses a keys file; throws an Error that says what is wrong and never quotes the file. */
export function parseKeys(text: string): readonly ApiKey[] {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Error('it is not JSON');
	}
	const parsed = fileSchema.safeParse(value);
	if (!parsed.success)
		throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
	const { keys } = parsed.data;
	const digests = keys.map(({ sha256 }) => sha256);
	if (new Set(digests).size < digests.length) throw new Error('a key is listed twice');
	return keys;
}

const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
