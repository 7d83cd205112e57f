/** What a queue does with its members. */
export type QueueOptions<T> = {
	/** Members that run at a time. */
	readonly slots: number;
	/** Members that may wait. */
	readonly limit: number;
	/** Runs a member until it has ended; never rejects. */
	run(member: T): Promise<void>;
	/** Told the place of a member that waits, 1 = next, whenever it may have changed; null when it begins to run. */
	onMove(member: T, position: number | null): void;
};

/** First come, first served: some run, a bounded number waits. */
export class Queue<T> {
	readonly #options: QueueOptions<T>;
	readonly #waiting: T[] = [];
	readonly #running = new Map<T, Promise<void>>();

	constructor(options: QueueOptions<T>) {
		this.#options = options;
	}

	get isFull(): boolean {
		return this.#running.size >= this.#options.slots && this.#waiting.length >= this.#options.limit;
	}

	get waiting(): readonly T[] {
		return [...this.#waiting];
	}

	get running(): readonly T[] {
		return [...this.#running.keys()];
	}

	/** Runs a member as soon as a slot is free; whoever adds looks at `isFull` first. */
	add(member: T): void {
		this.#waiting.push(member);
		this.#advance();
	}

	/** Takes out a member that waits; false where it runs or is not here. */
	remove(member: T): boolean {
		const at = this.#waiting.indexOf(member);
		if (at < 0) return false;
		this.#waiting.splice(at, 1);
		this.#advance();
		return true;
	}

	/** Resolves when a member that runs has ended, at once where it does not run. */
	async ended(member: T): Promise<void> {
		await this.#running.get(member);
	}

	#advance(): void {
		const { slots, onMove } = this.#options;
		while (this.#running.size < slots) {
			const next = this.#waiting.shift();
			if (next === undefined) break;
			onMove(next, null);
			this.#running.set(next, this.#run(next));
		}
		for (const [i, member] of this.#waiting.entries()) onMove(member, i + 1);
	}

	async #run(member: T): Promise<void> {
		await this.#options.run(member);
		this.#running.delete(member);
		this.#advance();
	}
}
