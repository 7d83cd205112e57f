import type { Surroundings } from './surroundings.ts';

/** Does something soon after it is asked for, and not more often than every `everyMs`. */
export class Pace {
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

	ask(): void {
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
