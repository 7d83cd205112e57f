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
	const kept = response?.ok ? response : await cache?.match(url);
	if (!kept) throw new AnalysisError('model-missing', 'environment', 'manifest.json');
	if (response?.ok) await cache?.put(url, response.clone()).catch(() => {});
	try {
		return manifestSchema.parse(await kept.json());
	} catch (cause) {
		throw new AnalysisError('model-damaged', 'environment', 'manifest.json is not valid', { cause });
	}
}

/**
 * Yields the bytes of some models one after another, so that the caller holds one at a time; from the browser's cache or from next to the page.
 * Each is checked against its digest and cached. Throws model-missing, model-damaged.
 */
export async function* fetchSomeModels(
	base: string,
	entries: readonly ModelEntry[],
	onBytes: OnBytes = () => {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
	const cache = await openCache();
	const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
	let done = 0;
	for (const entry of entries) {
		const before = done;
		const bytes = await fetchModel(base, entry, cache, (part) => onBytes(before + part, total));
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
	await dropOthers(cache, new Set(addresses));
	await cache?.put(cachedListUrl(base), new Response(JSON.stringify(addresses))).catch(() => {});
}

/** The digest is part of the address, so a new version never matches an old one. */
const addressOf = (base: string, { file, sha256 }: ModelEntry) => new URL(`${file}?sha256=${sha256}`, base).href;

async function fetchModel(
	base: string,
	entry: ModelEntry,
	cache: Cache | null,
	onPart: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
	const url = addressOf(base, entry);
	const kept = await cache?.match(url);
	if (kept) {
		const bytes = new Uint8Array(await kept.arrayBuffer());
		if (await isIntact(bytes, entry)) return bytes;
		await cache?.delete(url);
	}
	const response = await fetch(url).catch((cause: unknown) => {
		throw new AnalysisError('model-missing', 'environment', entry.file, { cause });
	});
	if (!response.ok || !response.body)
		throw new AnalysisError('model-missing', 'environment', `${entry.file}: status ${response.status}`);
	const bytes = await readBody(response.body, entry.bytes, onPart);
	if (!(await isIntact(bytes, entry))) throw new AnalysisError('model-damaged', 'environment', entry.file);
	// if there is no space, or in a private window, it is fetched again next time
	await cache?.put(url, new Response(bytes)).catch(() => {});
	return bytes;
}

async function readBody(
	body: ReadableStream<Uint8Array>,
	size: number,
	onPart: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
	const bytes = new Uint8Array(size);
	let at = 0;
	const reader = body.getReader();
	for (let part = await reader.read(); !part.done; part = await reader.read()) {
		if (at + part.value.length > size) return bytes.subarray(0, 0); // longer than listed, so the digest cannot match
		bytes.set(part.value, at);
		at += part.value.length;
		onPart(at);
	}
	return bytes.subarray(0, at);
}

async function isIntact(bytes: Uint8Array<ArrayBuffer>, { bytes: size, sha256 }: ModelEntry): Promise<boolean> {
	if (bytes.length !== size) return false;
	const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
	return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

/** null if the browser stores nothing for this page. */
const openCache = (): Promise<Cache | null> =>
	'caches' in self ? caches.open(modelsCache).catch(() => null) : Promise.resolve(null);

async function dropOthers(cache: Cache | null, wanted: ReadonlySet<string>): Promise<void> {
	for (const { url } of (await cache?.keys()) ?? [])
		if (url.includes('?sha256=') && !wanted.has(url)) await cache?.delete(url);
}
