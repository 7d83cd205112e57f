import type { KeyValueStore, Surroundings } from '../../spa/lib/surroundings.ts';
import { testMachine } from '../tools/test-machine.ts';

export { eventually, gate } from '../tools/test-machine.ts';

/** A browser's storage in memory; `roomChars` = its quota in characters. */
export function memoryStore(
	roomChars = Number.POSITIVE_INFINITY,
): KeyValueStore & { readonly values: Map<string, string> } {
	const values = new Map<string, string>();
	return {
		values,
		getItem: (key) => values.get(key) ?? null,
		setItem(key, value) {
			const others = [...values].reduce((sum, [name, text]) => sum + (name === key ? 0 : text.length), 0);
			if (others + value.length > roomChars) throw new DOMException('full', 'QuotaExceededError');
			values.set(key, value);
		},
		removeItem: (key) => void values.delete(key),
	};
}

/** The surroundings of a page on a `testMachine`. */
export function testSurroundings(parts: Partial<Surroundings> = {}) {
	const { machine, ...others } = testMachine();
	const around: Surroundings = {
		...machine,
		storage: memoryStore(),
		tabStorage: memoryStore(),
		send: () => Promise.reject(new Error('nothing is sent in this test')),
		...parts,
	};
	return { around, ...others };
}
