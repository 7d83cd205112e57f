import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { AnalysisError } from '../errors.ts';

/** What a key may do: `analyse` = upload, analyse, delete; `read` = read reports, uploads, models; `admin` = read the metrics. */
export const scopeSchema = z.enum(['analyse', 'read', 'admin']);
export type Scope = z.infer<typeof scopeSchema>;

const keySchema = z.strictObject({
	/** In metrics and the log; a rotated key keeps it. */
	name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens'),
	/** SHA-256 of the key, hexadecimal. */
	sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits'),
	scopes: z.array(scopeSchema).min(1).default(['analyse', 'read']),
	/** ISO 8601; left out = it does not expire. */
	expiresAt: z.iso.datetime({ offset: true }).optional(),
	/** Left out = the limit of every key. */
	requestsAMinute: z.number().int().min(1).optional(),
});
const fileSchema = z.strictObject({ keys: z.array(keySchema) });

/** An API key that is accepted, known by its digest. */
export type ApiKey = Readonly<z.infer<typeof keySchema>>;

/** Whether requests need a key at all. */
export const needsKeys = (config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE'>) =>
	config.UNMASK_API_KEY_HASHES !== null || config.UNMASK_KEYS_FILE !== null;

/** How often the file of keys is looked at, milliseconds. */
const lookMs = 2000;

/** What is told of the file of keys. */
export type KeyLog = { info(fields: object, text: string): void; error(fields: object, text: string): void };

/**
 * The keys of UNMASK_API_KEY_HASHES, which may do everything, and those of UNMASK_KEYS_FILE, which is read again whenever it changes: a key is
 * added, changed or taken back without a restart. A file that is damaged while the service runs changes nothing.
 */
export class ApiKeys {
	readonly #fixed: readonly ApiKey[];
	readonly #file: string | null;
	readonly #log: KeyLog;
	#ofFile: readonly ApiKey[] = [];
	#seen = '';
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

	/** Reads the keys and watches their file; throws `environment` where it cannot be read. */
	static async open(
		config: Pick<Config, 'UNMASK_API_KEY_HASHES' | 'UNMASK_KEYS_FILE'>,
		log: KeyLog,
		everyMs = lookMs,
	): Promise<ApiKeys> {
		const keys = new ApiKeys(config, log);
		if (keys.#file === null) return keys;
		try {
			await keys.#read(keys.#file);
		} catch (cause) {
			throw new AnalysisError('environment', 'environment', `UNMASK_KEYS_FILE: ${messageOf(cause)}`, { cause });
		}
		keys.#timer = setInterval(() => void keys.look(), everyMs).unref();
		return keys;
	}

	/** The key that was shown, null = it is not known; expired ones are known. */
	find(shown: string): ApiKey | null {
		const digest = createHash('sha256').update(shown).digest();
		// every digest is compared, so that the time tells nothing of which one it was
		const all = [...this.#fixed, ...this.#ofFile];
		return all.filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest))[0] ?? null;
	}

	/** Reads the file where it has changed. Never rejects. */
	async look(): Promise<void> {
		if (this.#file === null) return;
		try {
			const seen = await stateOf(this.#file);
			if (seen === this.#seen) return;
			this.#seen = seen; // a damaged file is told once
			if (seen === missing) throw new Error('it is not there');
			await this.#read(this.#file);
			this.#log.info({ keys: this.#ofFile.map(({ name }) => name) }, 'the API keys were read again');
		} catch (thrown) {
			this.#log.error({ fault: messageOf(thrown) }, 'the file of API keys cannot be read: the keys stay as they were');
		}
	}

	close(): void {
		if (this.#timer) clearInterval(this.#timer);
	}

	async #read(path: string): Promise<void> {
		const seen = await stateOf(path);
		this.#ofFile = parseKeys(await readFile(path, 'utf8'));
		this.#seen = seen;
	}
}

const missing = 'missing';

/** Changes whenever a file does. */
async function stateOf(path: string): Promise<string> {
	const found = await stat(path).catch(() => null);
	return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : missing;
}

/** The keys of a file; throws a sentence that says what is wrong with it, and never what stands in it. */
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
