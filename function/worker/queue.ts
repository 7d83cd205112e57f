/** Options of a queue. */
export type QueueOptions<T> = {
	/** Maximum number of running members. */
	readonly slots: number;
	/** Maximum number of waiting members. */
	readonly limit: number;
	/** Runs a member to its end; must never reject. */
	run(member: T): Promise<void>;
	/** Called with the position of a waiting member, 1 = next, whenever it may have changed; null = it starts to run. */
	onMove(member: T, position: number | null): void;
};

/** A bounded first-in, first-out queue with a fixed number of slots. */
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

	/** Runs a member as soon as a slot is free. Callers must check `isFull` first. */
	add(member: T): void {
		this.#waiting.push(member);
		this.#advance();
	}

	/** Removes a waiting member; false if it is running or unknown. */
	remove(member: T): boolean {
		const at = this.#waiting.indexOf(member);
		if (at < 0) return false;
		this.#waiting.splice(at, 1);
		this.#advance();
		return true;
	}

	/** Resolves when a running member has ended; at once if it is not running. */
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
