import { AnalysisError } from '../../function/errors.ts';
import { type Manifest, type ModelEntry, manifestSchema } from '../../function/model/manifest-schema.ts';
import { keptList, modelsCache } from './kept-models.ts';

/** Tells how many bytes of how many have come. */
export type OnBytes = (done: number, total: number) => void;

/** The manifest beside the page, or the one that was kept; throws model-missing, model-damaged. */
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
 * The bytes of some models one after another, so that whoever opens each holds one at a time; from the browser's cache or from beside the page. Each
 * is checked against its digest and kept. Throws model-missing, model-damaged.
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

/** As `fetchSomeModels`, of all that are needed: models that none of the entries names any more are dropped from the cache in the end. */
export async function* fetchModels(
	base: string,
	entries: readonly ModelEntry[],
	onBytes: OnBytes,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
	yield* fetchSomeModels(base, entries, onBytes);
	const cache = await openCache();
	const addresses = entries.map((entry) => addressOf(base, entry));
	await dropOthers(cache, new Set(addresses));
	await cache?.put(keptList(base), new Response(JSON.stringify(addresses))).catch(() => {});
}

/** The digest is part of the address, so that a new version never meets an old one. */
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
	// without room, or in a private window, it is fetched again next time
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
		if (at + part.value.length > size) return bytes.subarray(0, 0); // longer than listed: no digest will fit
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

/** null where the browser keeps nothing for this page. */
const openCache = (): Promise<Cache | null> =>
	'caches' in self ? caches.open(modelsCache).catch(() => null) : Promise.resolve(null);

async function dropOthers(cache: Cache | null, wanted: ReadonlySet<string>): Promise<void> {
	for (const { url } of (await cache?.keys()) ?? [])
		if (url.includes('?sha256=') && !wanted.has(url)) await cache?.delete(url);
}
