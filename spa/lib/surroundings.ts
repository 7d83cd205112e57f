import type { Machine } from '../../function/client/machine.ts';
import type { SendBytes } from '../../function/client/send-bytes.ts';

/** Storage for small values: localStorage, sessionStorage, or a map in a test. `setItem` throws if there is no space. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What the state classes need from the browser; tests replace it. */
export type Surroundings = Machine & {
	readonly storage: KeyValueStore;
	/** Lasts as long as the tab: for the API key. */
	readonly tabStorage: KeyValueStore;
	readonly send: SendBytes;
};
