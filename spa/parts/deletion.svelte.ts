import { type Fault, toProblemError } from '../../function/client/problem-error.ts';

/** Deletes an analysis at the service and in this browser, and tracks the result. */
export class Deletion {
	readonly #remove: (id: string) => Promise<void>;
	#fault = $state.raw<Fault | null>(null);
	#isDone = $state(false);

	/** `remove` rejects if the service did not delete it. */
	constructor(remove: (id: string) => Promise<void>) {
		this.#remove = remove;
	}

	/** Why the last deletion failed; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** Whether the last deletion succeeded, until `forget`. */
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
