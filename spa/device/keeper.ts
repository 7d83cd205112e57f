import type { Keeper } from '../lib/offline.svelte.ts';
import { areModelsKept } from './kept-models.ts';

/** Keeps the page by the service worker and the models by the Cache API; null where the browser has none of them, as in private windows of some. */
export function createKeeper(modelsUrl: string): Keeper | null {
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
		isKept: async () => (await areModelsKept(modelsUrl)) && (await ask(serviceWorker, 'is-engine-kept')),
		async keepAll(onBytes) {
			const { keepModels } = await import('./keep-models.ts');
			await keepModels(modelsUrl, onBytes);
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
