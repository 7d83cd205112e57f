import type { Analysis } from '../lib/analysis.svelte.ts';
import { hashFromRoute } from '../lib/route.ts';
import type { Session } from '../lib/session.svelte.ts';

/** Which analysis the page shows, and where the page has to go to show it. */
export class Viewed {
	readonly #session: () => Session;
	/** The last known id of each analysis, by its key: a retry may get another id. */
	readonly #ids = new Map<number, string>();
	#isWanted = false;

	constructor(session: () => Session) {
		this.#session = session;
	}

	/** The analysis named by the address, even while it is sent again and has no id yet; null elsewhere. */
	get analysis(): Analysis | null {
		const { route, current, analyses } = this.#session();
		if (route.page !== 'analysis' || current) return current;
		return analyses.find(({ key, isRunning }) => isRunning && this.#ids.get(key) === route.id) ?? null;
	}

	/** Shows the next analysis that starts. */
	wantNext(): void {
		this.#isWanted = true;
	}

	/** The address to go to now; null = stay. To be read whenever something changes. */
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
