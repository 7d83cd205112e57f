import { EventEmitter, on } from 'node:events';
import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysisError } from '../errors.ts';
import { failedEvent } from './failed-event.ts';

type InFlight = { readonly fileName: string; readonly events: EventEmitter };

/** The jobs that are still running in the process, by number; numbers are never reused. */
export class JobsInFlight {
	readonly #all = new Map<number, InFlight>();
	#lastNumber = 0;

	get size(): number {
		return this.#all.size;
	}

	/** Adds a job; returns its number and its events, which are buffered between reads. */
	add(fileName: string): { readonly number: number; readonly events: AsyncGenerator<AnalysisEvent, void> } {
		const number = ++this.#lastNumber;
		const events = new EventEmitter();
		this.#all.set(number, { fileName, events });
		return { number, events: untilLast(on(events, 'event')) };
	}

	/** Passes on an event of a job. */
	emit(number: number, event: AnalysisEvent): void {
		this.#all.get(number)?.events.emit('event', event);
	}

	/** Removes a job that has stopped running. */
	end(number: number): void {
		this.#all.delete(number);
	}

	/** Ends all jobs with a failure. */
	failAll(error: AnalysisError): void {
		const all = [...this.#all.values()];
		this.#all.clear();
		for (const { fileName, events } of all) events.emit('event', failedEvent(fileName, error));
	}
}

async function* untilLast(emitted: AsyncIterable<unknown[]>): AsyncGenerator<AnalysisEvent, void> {
	for await (const [event] of emitted as AsyncIterable<[AnalysisEvent]>) {
		yield event;
		if (event.type === 'report' || event.type === 'failed') return;
	}
}
