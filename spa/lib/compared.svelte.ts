import { endOf, peopleInOrder } from '../../function/answer/people.ts';
import { type Fault, ProblemError, toProblemError } from '../../function/client/problem-error.ts';
import { type Report, reportSchema, type TrackReport } from '../../function/contract/report.ts';
import { facesIn, meanOf, type Part } from './compare.ts';

/** One side of a comparison: a report, a part of its time, and one of its people. */
export class Compared {
	readonly #read: (id: string) => Promise<Report>;
	#id = $state<string | null>(null);
	#report = $state.raw<Report | null>(null);
	#fault = $state.raw<Fault | null>(null);
	#trackId = $state<number | null>(null);
	#fromS = $state(0);
	#toS = $state(0);

	/** `read` returns the report of an id or rejects with ProblemError. */
	constructor(read: (id: string) => Promise<Report>) {
		this.#read = read;
	}

	/** Id of the chosen analysis; null if there is none, and for a report opened from a file. */
	get id(): string | null {
		return this.#id;
	}
	get report(): Report | null {
		return this.#report;
	}
	/** Why there is no report; null otherwise. */
	get fault(): Fault | null {
		return this.#fault;
	}
	/** Length of the time axis, in seconds. */
	get endS(): number {
		return this.#report ? endOf(this.#report) : 0;
	}
	get part(): Part {
		return { fromS: this.#fromS, toS: this.#toS };
	}
	/** Whether the part lies within the video. */
	get isPartValid(): boolean {
		return this.#fromS >= 0 && this.#fromS < this.#toS && this.#toS <= this.endS;
	}
	get isWhole(): boolean {
		return this.#fromS === 0 && this.#toS === this.endS;
	}
	/** In the order of the answer. */
	get people(): readonly TrackReport[] {
		return this.#report ? peopleInOrder(this.#report) : [];
	}
	/** The chosen person, initially the one who decided; null if there is nobody. */
	get person(): TrackReport | null {
		return this.people.find(({ trackId }) => trackId === this.#trackId) ?? this.people[0] ?? null;
	}
	/** The person's faces in the part, timed from its start. */
	get faces() {
		return facesIn(this.person?.faces ?? [], this.part);
	}
	get mean() {
		return meanOf(this.faces);
	}

	/** Loads an analysis; the latest choice wins, whichever loads first. */
	async choose(id: string | null): Promise<void> {
		this.#take(null);
		this.#id = id;
		if (id === null) return;
		try {
			const report = await this.#read(id);
			if (this.#id === id) this.#take(report);
		} catch (thrown) {
			if (this.#id === id) this.#fault = toProblemError(thrown);
		}
	}

	/** Opens a report from a saved file. */
	async open(file: Blob): Promise<void> {
		this.#take(null);
		this.#id = null;
		try {
			const found = reportSchema.safeParse(JSON.parse(await file.text()));
			if (this.#id !== null) return;
			if (found.success) this.#take(found.data);
			else this.#fault = new ProblemError('report-invalid');
		} catch {
			this.#fault = new ProblemError('report-invalid');
		}
	}

	setPart(fromS: number, toS: number): void {
		this.#fromS = fromS;
		this.#toS = toS;
	}

	setPerson(trackId: number): void {
		this.#trackId = trackId;
	}

	#take(report: Report | null): void {
		this.#report = report;
		this.#fault = null;
		this.#trackId = null;
		this.#fromS = 0;
		this.#toS = this.endS;
	}
}
