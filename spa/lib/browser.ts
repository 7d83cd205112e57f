import { thisMachine } from '../../function/client/machine.ts';
import { sendByXhr } from './send-bytes.ts';
import type { KeyValueStore, Surroundings } from './surroundings.ts';

/** The surroundings of a page in a browser. */
export function browserSurroundings(): Surroundings {
	return {
		storage: usable(() => localStorage),
		tabStorage: usable(() => sessionStorage),
		send: sendByXhr,
		...thisMachine,
	};
}

/** The API's address from `<meta name="unmask-api">`, without a trailing slash; empty = where the page came from. */
export function apiBase(page: Document = document): string {
	const meta = page.querySelector<HTMLMetaElement>('meta[name="unmask-api"]');
	return (meta?.content ?? '').trim().replace(/\/+$/, '');
}

/** The browser's storage; if the browser forbids it, one that lasts as long as the page. */
function usable(open: () => Storage): KeyValueStore {
	try {
		const storage = open();
		storage.getItem('unmask');
		return storage;
	} catch {
		return memoryStore();
	}
}

function memoryStore(): KeyValueStore {
	const values = new Map<string, string>();
	return {
		getItem: (key) => values.get(key) ?? null,
		setItem: (key, value) => void values.set(key, value),
		removeItem: (key) => void values.delete(key),
	};
}
