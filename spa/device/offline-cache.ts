import type { OfflineCache } from '../lib/offline.svelte.ts';
import { areModelsCached } from './models-cache.ts';

/** Stores the page through the service worker and the models through the Cache API; null if the browser lacks either, as some private windows do. */
export function createOfflineCache(modelsUrl: string): OfflineCache | null {
	if (!('serviceWorker' in navigator) || !('caches' in globalThis)) return null;
	const { serviceWorker } = navigator;
	return {
		async begin(onNewer) {
			let isFirst = serviceWorker.controller === null;
			serviceWorker.addEventListener('controllerchange', () => {
				if (!isFirst) onNewer();
				isFirst = false;
			});
			await serviceWorker.register(new URL('service-worker.js', document.baseURI));
		},
		isKept: async () => (await areModelsCached(modelsUrl)) && (await ask(serviceWorker, 'is-engine-kept')),
		async keepAll(onBytes) {
			const { cacheModels } = await import('./cache-models.ts');
			await cacheModels(modelsUrl, onBytes);
			if (!(await ask(serviceWorker, 'keep-engine'))) throw new Error('not everything could be kept');
		},
	};
}

async function ask(serviceWorker: ServiceWorkerContainer, what: 'keep-engine' | 'is-engine-kept'): Promise<boolean> {
	const { active } = await serviceWorker.ready;
	const { port1, port2 } = new MessageChannel();
	return new Promise((resolve) => {
		port1.onmessage = ({ data }) => resolve(data === true);
		active?.postMessage(what, [port2]);
	});
}
