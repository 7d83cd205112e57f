/** Name of the browser's cache of models. */
export const modelsCache = 'unmask-models';

/** Under this address the cache has the list of all that it kept; no server is asked for it. */
export const keptList = (base: string): string => new URL('kept.json', base).href;

/** Whether every model that an analysis needs is in the browser's cache. */
export async function areModelsKept(base: string): Promise<boolean> {
	const cache = await caches.open(modelsCache);
	const list = await cache.match(keptList(base));
	const addresses: string[] = list ? await list.json() : [];
	const kept = await Promise.all(addresses.map((address) => cache.match(address)));
	return kept.length > 0 && kept.every((response) => response !== undefined);
}
