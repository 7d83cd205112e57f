import type { KeyValueStore } from './surroundings.ts';

/** What was kept under `key`, as far as `parse` accepts it; null when there is nothing or it is damaged. */
export function readStored<T>(storage: KeyValueStore, key: string, parse: (value: unknown) => T | null): T | null {
	try {
		const text = storage.getItem(key);
		return text === null ? null : parse(JSON.parse(text));
	} catch {
		return null;
	}
}

/** Keeps a value; false when there is no room or it is forbidden. */
export function writeStored(storage: KeyValueStore, key: string, value: unknown): boolean {
	try {
		storage.setItem(key, JSON.stringify(value));
		return true;
	} catch {
		return false;
	}
}

/** Whether a value from outside is a plain object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
