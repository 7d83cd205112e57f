import { randomBytes } from 'node:crypto';
import type { JobRecord } from '../contract/report.ts';
import type { Store } from '../store/store.ts';

/** How long a record holds unless its instance renews it, milliseconds. */
const leaseMs = 600_000;

/**
 * The records of the jobs of one instance: whoever asks for a job after its instance is gone is told so. A folder has one instance at a time,
 * so a record of another one is enough; where instances share a bucket, the lease says whether the other one still lives.
 */
export class JobRecords {
	readonly #store: Store;
	readonly #now: () => Date;
	readonly #owner = randomBytes(8).toString('hex');
	readonly #mine = new Map<string, JobRecord>();
	readonly #renewal: NodeJS.Timeout | null;

	constructor(store: Store, now: () => Date = () => new Date()) {
		this.#store = store;
		this.#now = now;
		this.#renewal = store.kind === 'disk' ? null : setInterval(() => void this.#renew(), leaseMs / 3).unref();
	}

	/** Writes the record of a job that begins. */
	async begin(id: string, fileName: string): Promise<void> {
		const createdAt = this.#now().toISOString();
		const record: JobRecord = {
			schema: 'unmask-job/1',
			createdAt,
			fileName,
			owner: this.#owner,
			leaseUntil: createdAt,
		};
		this.#mine.set(id, record);
		await this.#write(id, record);
	}

	/** The job has ended: its record is renewed no more. */
	end(id: string): void {
		this.#mine.delete(id);
	}

	/** Whether nobody works on a job any more, given that this instance does not. */
	isLost({ owner, leaseUntil }: JobRecord): boolean {
		return owner === this.#owner || this.#store.kind === 'disk' || Date.parse(leaseUntil) < this.#now().getTime();
	}

	close(): void {
		if (this.#renewal) clearInterval(this.#renewal);
	}

	/** One after the other: a bucket takes one write of an object a second, and there may be many jobs. */
	async #renew(): Promise<void> {
		for (const [id, record] of this.#mine) if (this.#mine.has(id)) await this.#write(id, record).catch(() => {});
	}

	#write(id: string, record: JobRecord): Promise<void> {
		const leaseUntil = new Date(this.#now().getTime() + leaseMs).toISOString();
		return this.#store.writeResult(id, { ...record, leaseUntil });
	}
}
