import type { Analysis } from '../lib/analysis.svelte.ts';
import { hashFromRoute } from '../lib/route.ts';
import type { Session } from '../lib/session.svelte.ts';

/** Which analysis the page shows, and where it has to go to show it. */
export class Viewed {
	readonly #session: () => Session;
	/** The name under which each analysis was last seen, by its key: a second try gets another one. */
	readonly #ids = new Map<number, string>();
	#isWanted = false;

	constructor(session: () => Session) {
		this.#session = session;
	}

	/** The one that the address names, also while it is sent anew and has no name yet; null elsewhere. */
	get analysis(): Analysis | null {
		const { route, current, analyses } = this.#session();
		if (route.page !== 'analysis' || current) return current;
		return analyses.find(({ key, isRunning }) => isRunning && this.#ids.get(key) === route.id) ?? null;
	}

	/** Shows the next analysis that begins. */
	wantNext(): void {
		this.#isWanted = true;
	}

	/** The address to go to now; null = it stays. To be asked whenever something changes. */
	nextHash(): string | null {
		const { route, analyses } = this.#session();
		for (const { key, id, isRunning } of analyses) {
			const known = this.#ids.get(key);
			if (!isRunning || !id || known === id) continue;
			this.#ids.set(key, id);
			const isRenamed = route.page === 'analysis' && route.id === known;
			if (!isRenamed && !(this.#isWanted && route.page === 'start')) continue;
			this.#isWanted = false;
			return hashFromRoute({ page: 'analysis', id });
		}
		return null;
	}
}
