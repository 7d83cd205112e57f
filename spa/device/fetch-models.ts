import { createSHA256 } from 'hash-wasm';
import { AnalysisError } from '../../function/errors.ts';
import { type Manifest, type ModelEntry, manifestSchema } from '../../function/model/manifest-schema.ts';
import { cachedListUrl, modelsCache } from './models-cache.ts';

/** Called with the number of bytes fetched and the total. */
export type OnBytes = (done: number, total: number) => void;

/** The manifest next to the page, or the cached one; throws model-missing, model-damaged. */
export async function fetchManifest(base: string): Promise<Manifest> {
	const url = new URL('manifest.json', base).href;
	const cache = await openCache();
	const response = await fetch(url, { cache: 'no-cache' }).catch(() => undefined);
	const kept = response?.ok ? response : await cache?.match(url).catch(() => undefined);
	if (!kept) throw new AnalysisError('model-missing', 'environment', 'manifest.json');
	if (response?.ok) await cache?.put(url, response.clone()).catch(() => {});
	try {
		return manifestSchema.parse(await kept.json());
	} catch (cause) {
		throw new AnalysisError('model-damaged', 'environment', 'manifest.json is not valid', { cause });
	}
}

/**
 * Yields the bytes of some models one after another, all in the same memory; from the browser's cache or from next to the page.
 * Each is checked against its digest and cached. Throws model-missing, model-damaged.
 */
export async function* fetchSomeModels(
	base: string,
	entries: readonly ModelEntry[],
	onBytes: OnBytes = () => {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
	const cache = await openCache();
	const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
	const into = new Uint8Array(Math.max(0, ...entries.map(({ bytes }) => bytes)));
	let done = 0;
	for (const entry of entries) {
		const before = done;
		const bytes = await fetchModel(base, entry, cache, into, (part) => onBytes(before + part, total));
		done = before + entry.bytes;
		onBytes(done, total);
		yield bytes;
	}
}

/** Like `fetchSomeModels`, for all models that are needed: at the end, all other models are dropped from the cache. */
export async function* fetchModels(
	base: string,
	entries: readonly ModelEntry[],
	onBytes: OnBytes,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
	yield* fetchSomeModels(base, entries, onBytes);
	const cache = await openCache();
	const addresses = entries.map((entry) => addressOf(base, entry));
	await dropOthers(cache, new Set(addresses)).catch(() => {});
	await cache?.put(cachedListUrl(base), new Response(JSON.stringify(addresses))).catch(() => {});
}

/** The digest is part of the address, so a new version never matches an old one. */
const addressOf = (base: string, { file, sha256 }: ModelEntry) => new URL(`${file}?sha256=${sha256}`, base).href;

/** `into` has room for every model. */
async function fetchModel(
	base: string,
	entry: ModelEntry,
	cache: Cache | null,
	into: Uint8Array<ArrayBuffer>,
	onPart: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
	const url = addressOf(base, entry);
	const kept = await cache?.match(url).catch(() => undefined);
	if (kept?.body) {
		const bytes = await readIntact(kept.body, entry, into).catch(() => null);
		if (bytes) return bytes;
		await cache?.delete(url).catch(() => false);
	}
	const response = await fetch(url).catch((cause: unknown) => {
		throw new AnalysisError('model-missing', 'environment', entry.file, { cause });
	});
	if (!response.ok || !response.body)
		throw new AnalysisError('model-missing', 'environment', `${entry.file}: status ${response.status}`);
	// the browser stores it while it arrives; if there is no space, or in a private window, it is fetched again next time
	const stored = cache?.put(url, response.clone()).catch(() => {});
	const bytes = await readIntact(response.body, entry, into, onPart).catch((cause: unknown) => {
		throw new AnalysisError('model-missing', 'environment', entry.file, { cause });
	});
	await stored;
	if (bytes) return bytes;
	await cache?.delete(url).catch(() => false);
	throw new AnalysisError('model-damaged', 'environment', entry.file);
}

/** Reads a model into `into`; null if its size or digest is not the listed one. */
async function readIntact(
	body: ReadableStream<Uint8Array>,
	{ bytes: size, sha256 }: ModelEntry,
	into: Uint8Array<ArrayBuffer>,
	onPart: (bytes: number) => void = () => {},
): Promise<Uint8Array<ArrayBuffer> | null> {
	const hash = await createSHA256();
	const reader = body.getReader();
	let at = 0;
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		if (at + part.value.length > size) {
			await reader.cancel();
			return null;
		}
		into.set(part.value, at);
		hash.update(part.value);
		at += part.value.length;
		onPart(at);
	}
	return at === size && hash.digest('hex') === sha256 ? into.subarray(0, size) : null;
}

/** null if the browser stores nothing for this page. */
const openCache = (): Promise<Cache | null> =>
	'caches' in self ? caches.open(modelsCache).catch(() => null) : Promise.resolve(null);

async function dropOthers(cache: Cache | null, wanted: ReadonlySet<string>): Promise<void> {
	for (const { url } of (await cache?.keys()) ?? [])
		if (url.includes('?sha256=') && !wanted.has(url)) await cache?.delete(url);
}
