import type { Report } from '../contract/report.ts';
import { quantile } from '../statistics.ts';

/** Number of latest analyses to average over. */
const maxRemembered = 20;

/** Speed of the latest analyses, per sampled frame. */
export class Speeds {
	readonly #latest: { readonly model: string | null; readonly secondsAFrame: number }[] = [];

	/** Adds the speed of an analysis. */
	add({ timings, coverage, classifier }: Pick<Report, 'timings' | 'coverage' | 'classifier'>): void {
		this.#latest.push({ model: classifier?.id ?? null, secondsAFrame: timings.totalS / coverage.framesSampled });
		if (this.#latest.length > maxRemembered) this.#latest.shift();
	}

	/** Median seconds per frame; null before the first analysis. */
	median(): number | null {
		return this.#latest.length > 0 ? this.#medianOf(() => true) : null;
	}

	/** The same for each classifier, by its id. */
	medianByModel(): Readonly<Record<string, number>> {
		const models = new Set(this.#latest.flatMap(({ model }) => model ?? []));
		return Object.fromEntries([...models].map((id) => [id, this.#medianOf((model) => model === id)]));
	}

	#medianOf(counts: (model: string | null) => boolean): number {
		const some = this.#latest.filter(({ model }) => counts(model)).map(({ secondsAFrame }) => secondsAFrame);
		return quantile(
			some.toSorted((a, b) => a - b),
			0.5,
		);
	}
}
