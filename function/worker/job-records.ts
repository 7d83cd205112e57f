import { randomBytes } from 'node:crypto';
import type { JobRecord } from '../contract/report.ts';
import type { Store } from '../store/store.ts';

/** How long a record is valid unless its instance renews it, milliseconds. */
const leaseMs = 600_000;

/**
 * The records of the jobs of one instance, so that a job whose instance is gone is recognised as lost. A folder has only one instance at a time, so
 * there a record of any other instance is lost. If instances share a bucket, the lease shows whether the other instance is still alive.
 */
export class JobRecords {
	readonly #store: Store;
	readonly #now: () => Date;
	readonly #owner = randomBytes(8).toString('hex');
	readonly #own = new Map<string, JobRecord>();
	readonly #renewal: NodeJS.Timeout | null;
	/** The renewal that is being written; null if none is. */
	#renewing: { readonly id: string; readonly written: Promise<void> } | null = null;

	constructor(store: Store, now: () => Date = () => new Date()) {
		this.#store = store;
		this.#now = now;
		this.#renewal = store.kind === 'disk' ? null : setInterval(() => void this.#renew(), leaseMs / 3).unref();
	}

	/** Writes the record of a new job. */
	async create(id: string, fileName: string): Promise<void> {
		const createdAt = this.#now().toISOString();
		const record: JobRecord = {
			schema: 'unmask-job/1',
			createdAt,
			fileName,
			owner: this.#owner,
			leaseUntil: createdAt,
		};
		this.#own.set(id, record);
		await this.#write(id, record);
	}

	/** The job has ended; stops renewing its record. Resolves once nothing is written under its id, so that no renewal overwrites the result. */
	async end(id: string): Promise<void> {
		this.#own.delete(id);
		if (this.#renewing?.id === id) await this.#renewing.written;
	}

	/**
	 * Gives up a job of this instance, so that the others see at once that nobody works on it; leaves a result alone. Call it before `end`, with the
	 * promise of `create`.
	 */
	async release(id: string, created: Promise<void>): Promise<void> {
		const record = this.#own.get(id);
		if (!record || this.#store.kind === 'disk') return;
		await created;
		await this.end(id);
		const stored = await this.#store.readResult(id);
		if (stored?.schema !== 'unmask-job/1' || stored.owner !== this.#owner) return;
		await this.#store.writeResult(id, { ...record, leaseUntil: this.#now().toISOString() });
	}

	/** Whether no instance works on a job any more, given that this one does not. */
	isLost({ owner, leaseUntil }: JobRecord): boolean {
		return owner === this.#owner || this.#store.kind === 'disk' || Date.parse(leaseUntil) <= this.#now().getTime();
	}

	close(): void {
		if (this.#renewal) clearInterval(this.#renewal);
	}

	/** Renews the records one after the other: there may be many jobs, and a bucket accepts one write per object per second. */
	async #renew(): Promise<void> {
		if (this.#renewing) return; // the previous round is not over
		for (const [id, record] of this.#own) {
			this.#renewing = { id, written: this.#renewOne(id, record).catch(() => {}) };
			await this.#renewing.written;
		}
		this.#renewing = null;
	}

	/** Leaves a result alone that another instance has stored meanwhile. */
	async #renewOne(id: string, record: JobRecord): Promise<void> {
		const stored = await this.#store.readResult(id);
		if (stored?.schema === 'unmask-job/1') await this.#write(id, record);
	}

	#write(id: string, record: JobRecord): Promise<void> {
		const leaseUntil = new Date(this.#now().getTime() + leaseMs).toISOString();
		return this.#store.writeResult(id, { ...record, leaseUntil });
	}
}
