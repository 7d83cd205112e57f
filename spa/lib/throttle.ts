import type { Surroundings } from './surroundings.ts';

/** Runs an action soon after it is requested, at most once every `everyMs`. */
export class Throttle {
	readonly #around: Pick<Surroundings, 'now' | 'pause'>;
	readonly #everyMs: number;
	readonly #act: () => void;
	#lastMs = Number.NEGATIVE_INFINITY;
	#isWaiting = false;

	constructor(around: Pick<Surroundings, 'now' | 'pause'>, everyMs: number, act: () => void) {
		this.#around = around;
		this.#everyMs = everyMs;
		this.#act = act;
	}

	request(): void {
		if (this.#isWaiting) return;
		const waitMs = this.#lastMs + this.#everyMs - this.#around.now();
		if (waitMs <= 0) {
			this.#run();
			return;
		}
		this.#isWaiting = true;
		void this.#around.pause(waitMs).then(() => this.#run());
	}

	#run(): void {
		this.#isWaiting = false;
		this.#lastMs = this.#around.now();
		this.#act();
	}
}
