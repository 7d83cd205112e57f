import { type Fault, toProblemError } from '../../function/client/problem-error.ts';

/** Deleting an analysis at the service and in this browser, and how that went. */
export class Deletion {
	readonly #remove: (id: string) => Promise<void>;
	#fault = $state.raw<Fault | null>(null);
	#isDone = $state(false);

	/** `remove` rejects when the service did not delete. */
	constructor(remove: (id: string) => Promise<void>) {
		this.#remove = remove;
	}

	/** Why the last one failed; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** Whether the last one succeeded, until `forget`. */
	get isDone(): boolean {
		return this.#isDone;
	}

	async remove(id: string): Promise<void> {
		this.forget();
		try {
			await this.#remove(id);
			this.#isDone = true;
		} catch (thrown) {
			this.#fault = toProblemError(thrown);
		}
	}

	forget(): void {
		this.#fault = null;
		this.#isDone = false;
	}
}
