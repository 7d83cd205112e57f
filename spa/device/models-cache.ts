/** Name of the browser's cache of models. */
export const modelsCache = 'unmask-models';

/** Cache key of the list of cached models; it is never requested from a server. */
export const cachedListUrl = (base: string): string => new URL('kept.json', base).href;

/** Whether every model that an analysis needs is in the browser's cache. */
export async function areModelsCached(base: string): Promise<boolean> {
	const cache = await caches.open(modelsCache);
	const list = await cache.match(cachedListUrl(base));
	const addresses: string[] = list ? await list.json() : [];
	const kept = await Promise.all(addresses.map((address) => cache.match(address)));
	return kept.length > 0 && kept.every((response) => response !== undefined);
}
