import type { Machine } from '../../function/client/machine.ts';
import type { SendBytes } from '../../function/client/send-bytes.ts';

/** Where small things are kept: localStorage, sessionStorage, or a map in a test. `setItem` throws when there is no room. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What the state classes need of the machine around them, so that tests can put their own in place. */
export type Surroundings = Machine & {
	readonly storage: KeyValueStore;
	/** Lasts as long as the tab: for the API key. */
	readonly tabStorage: KeyValueStore;
	readonly send: SendBytes;
};
