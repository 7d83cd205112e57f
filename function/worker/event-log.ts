import { EventEmitter, once } from 'node:events';
import type { AnalysisEvent, ServiceEvent } from '../contract/events.ts';
import type { Job } from '../contract/job.ts';
import { type Kept, PackedEvents } from './packed-events.ts';

/** The last event of an analysis. */
export type LastEvent = Extract<AnalysisEvent, { type: 'report' | 'failed' }>;

/** Number of latest events kept with their pictures, for readers that are slightly behind. */
const maxWithPictures = 64;

/**
 * The events of one analysis, for readers that come, leave and come back. A late reader gets every event without pictures: they make up most of the
 * bytes, and the report contains those that matter. Each reader has its own position, so that a slow one does not hold up the others.
 */
export class EventLog {
	/** All events without pictures. */
	readonly #past = new PackedEvents();
	/** The latest events with pictures, by number. */
	readonly #latest = new Map<number, ServiceEvent>();
	readonly #changes = new EventEmitter().setMaxListeners(0);
	readonly #onReaders: (readers: number) => void;
	#position: number | null = null;
	#progress: Job['progress'] = null;
	#last: LastEvent | null = null;
	#readers = 0;

	/** `onReaders` is called with the number of readers whenever one comes or leaves. */
	constructor(onReaders: (readers: number) => void = () => {}) {
		this.#onReaders = onReaders;
	}

	/** Whether the last event has been added; later events are ignored. */
	get hasEnded(): boolean {
		return this.#last !== null;
	}

	/** Position in the queue, 1 = next; null = not waiting. */
	get position(): number | null {
		return this.#position;
	}

	/** Latest progress; null before the first frame. */
	get progress(): Job['progress'] {
		return this.#progress;
	}

	/** Adds an event. */
	append(event: ServiceEvent): void {
		if (this.hasEnded) return;
		if (event.type === 'progress') this.#progress = progressOf(event);
		const number = this.#past.length;
		this.#past.push(withoutPictures(event));
		this.#latest.set(number, event);
		this.#latest.delete(number - maxWithPictures);
		this.#changes.emit('change');
	}

	/** Sets the position in the queue, 1 = next; null = not waiting. Readers only get the latest one. */
	moveTo(position: number | null): void {
		this.#position = position;
		this.#changes.emit('change');
	}

	/** Adds the last event. */
	end(last: LastEvent): void {
		if (this.hasEnded) return;
		this.#last = last;
		this.moveTo(null);
	}

	/** All past and future events. Leaving (`return`) takes effect at once. A generator counts as a reader once its first event is requested. */
	follow(): AsyncGenerator<ServiceEvent, void> {
		let hasLeft = false;
		const events = this.#read(() => hasLeft);
		const leave = events.return.bind(events);
		// a generator's own `return` would wait for the next event
		events.return = (value) => {
			hasLeft = true;
			this.#changes.emit('change');
			return leave(value);
		};
		return events;
	}

	async *#read(hasLeft: () => boolean): AsyncGenerator<ServiceEvent, void> {
		this.#onReaders(++this.#readers);
		try {
			let reported: number | null = null;
			for (let at = 0; !hasLeft(); ) {
				if (at < this.#past.length) {
					const whole = this.#latest.get(at);
					for (const event of whole ? [whole] : this.#past.read(at)) {
						at++;
						if (event) yield event;
						if (hasLeft()) return;
					}
				} else if (this.#last) return yield this.#last;
				else if (this.#position !== null && this.#position !== reported) {
					reported = this.#position;
					yield { type: 'queued', position: reported };
				} else await once(this.#changes, 'change');
			}
		} finally {
			this.#onReaders(--this.#readers);
		}
	}
}

const progressOf = ({ framesDone, framesTotal, faces }: NonNullable<Job['progress']>) => ({
	framesDone,
	framesTotal,
	faces,
});

function withoutPictures(event: ServiceEvent): Kept {
	if (event.type === 'moment') return null;
	return event.type === 'face' ? { ...event, cropJpegBase64: null } : event;
}
