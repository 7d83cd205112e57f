import type { Thresholds } from '../../function/answer/people.ts';
import { type Fault, toProblemError } from '../../function/client/problem-error.ts';
import type { VideoInfo } from '../../function/contract/report.ts';
import type { Models } from '../../function/contract/service.ts';

/** The service's models and their measurements, requested once. */
export class ModelCard {
	readonly #ask: () => Promise<Models>;
	#models = $state.raw<Models | null>(null);
	#fault = $state.raw<Fault | null>(null);
	#isAsking = false;

	constructor(ask: () => Promise<Models>) {
		this.#ask = ask;
	}

	/** null = not known yet. */
	get models(): Models | null {
		return this.#models;
	}
	/** Why it is not known; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** The thresholds of a classifier, null = the default one, for stills or for videos; null = not known. */
	thresholds(model: string | null, kind: VideoInfo['kind']): Thresholds | null {
		const found = this.#models?.models.find(({ id, isDefault }) => (model === null ? isDefault : id === model));
		return found?.thresholds?.[kind] ?? null;
	}

	/** Sends the request, unless it has been answered or is running. */
	async load(): Promise<void> {
		if (this.#models || this.#isAsking) return;
		this.#isAsking = true;
		this.#fault = null;
		try {
			this.#models = await this.#ask();
		} catch (thrown) {
			this.#fault = toProblemError(thrown);
		} finally {
			this.#isAsking = false;
		}
	}
}
