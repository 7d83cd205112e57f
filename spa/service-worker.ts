/**
 * Stores the page in the browser, so that it opens and analyses without a network. The build lists its files here. Nothing else is
 * stored or answered: API requests do not pass through this file.
 */

/** The files that a page needs to open, and those it needs to analyse; inserted by the build, as addresses relative to this file. */
declare const __UNMASK_SHELL__: readonly string[];
declare const __UNMASK_ENGINE__: readonly string[];
/** Changes with any of the files. */
declare const __UNMASK_BUILD__: string;

type Lifetime = Event & { waitUntil(until: Promise<unknown>): void };
type Fetching = Lifetime & { readonly request: Request; respondWith(response: Promise<Response>): void };
type Worker = EventTarget & {
	readonly registration: { readonly scope: string };
	readonly clients: { claim(): Promise<void> };
	skipWaiting(): Promise<void>;
};
declare const self: Worker;

const prefix = 'unmask-page-';
const cacheName = `${prefix}${__UNMASK_BUILD__}`;
/** If the network does not answer within this time, the stored page opens instead. */
const patienceMs = 4000;

const addressOf = (file: string) => new URL(file, self.registration.scope).href;
const index = () => addressOf('./');
const immutable = (url: string) => url.startsWith(addressOf('assets/'));

self.addEventListener('install', (event) => {
	(event as Lifetime).waitUntil(
		(async () => {
			const cache = await caches.open(cacheName);
			await cache.addAll(
				['./', ...__UNMASK_SHELL__].map((file) => new Request(addressOf(file), { cache: 'no-cache' })),
			);
			await self.skipWaiting(); // the next page to open is the new one; open pages are notified and stay as they are
		})(),
	);
});

self.addEventListener('activate', (event) => {
	(event as Lifetime).waitUntil(
		(async () => {
			await keepEngineOfOthers();
			for (const name of await caches.keys())
				if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
			await self.clients.claim();
		})(),
	);
});

/** Carries over files with a digest in their name, so that a new build does not fetch them again. */
async function keepEngineOfOthers(): Promise<void> {
	const cache = await caches.open(cacheName);
	for (const file of __UNMASK_ENGINE__) {
		const kept = await caches.match(addressOf(file));
		if (kept) await cache.put(addressOf(file), kept);
	}
}

self.addEventListener('fetch', (event) => {
	const { request, respondWith } = event as Fetching;
	if (request.method !== 'GET') return;
	const answer = answerTo(request);
	if (answer) respondWith.call(event, answer);
});

function answerTo(request: Request): Promise<Response> | null {
	const url = request.url.split('#')[0] as string;
	if (request.mode === 'navigate' && (url === index() || url === addressOf('index.html'))) return networkFirst(request);
	if (immutable(url)) return keptFirst(request);
	return __UNMASK_SHELL__.some((file) => addressOf(file) === url) ? networkFirst(request) : null;
}

async function keptFirst(request: Request): Promise<Response> {
	const cache = await caches.open(cacheName);
	const kept = await cache.match(request);
	if (kept) return kept;
	const response = await fetch(request);
	if (response.ok) await cache.put(request, response.clone()).catch(() => {}); // if there is no space, it is fetched again
	return response;
}

async function networkFirst(request: Request): Promise<Response> {
	const cache = await caches.open(cacheName);
	const kept = await cache.match(request.mode === 'navigate' ? index() : request);
	if (!kept) return fetch(request);
	const late = new Promise<Response>((resolve) => setTimeout(resolve, patienceMs, kept));
	const answered = fetch(request).then((response) => (response.status < 500 ? response : kept));
	return Promise.race([answered, late]).catch(() => kept);
}

/** On request, stores everything an analysis needs, and reports through the port whether it could. */
self.addEventListener('message', (event) => {
	const { data, ports } = event as MessageEvent<unknown>;
	if (data !== 'keep-engine' && data !== 'is-engine-kept') return;
	const storing = data === 'keep-engine' ? Promise.all(__UNMASK_ENGINE__.map(keepOne)) : null;
	const answer = Promise.resolve(storing).then(isEngineKept, () => false);
	(event as Lifetime).waitUntil(answer.then((isKept) => ports[0]?.postMessage(isKept)));
});

const keepOne = (file: string) => keptFirst(new Request(addressOf(file)));

async function isEngineKept(): Promise<boolean> {
	const cache = await caches.open(cacheName);
	const kept = await Promise.all(__UNMASK_ENGINE__.map((file) => cache.match(addressOf(file))));
	return kept.every((response) => response !== undefined);
}

export {};
