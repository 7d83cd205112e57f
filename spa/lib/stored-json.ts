import type { KeyValueStore } from './surroundings.ts';

/** The value stored under `key` as parsed by `parse`; null if it is missing or damaged. */
export function readStored<T>(storage: KeyValueStore, key: string, parse: (value: unknown) => T | null): T | null {
	try {
		const text = storage.getItem(key);
		return text === null ? null : parse(JSON.parse(text));
	} catch {
		return null;
	}
}

/** Stores a value; false if there is no space or storage is forbidden. */
export function writeStored(storage: KeyValueStore, key: string, value: unknown): boolean {
	try {
		storage.setItem(key, JSON.stringify(value));
		return true;
	} catch {
		return false;
	}
}

/** Whether an outside value is a plain object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
