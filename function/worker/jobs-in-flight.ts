import { EventEmitter, on } from 'node:events';
import type { AnalysisEvent } from '../contract/events.ts';
import type { AnalysisError } from '../errors.ts';
import { failedEvent } from './failed-event.ts';

type InFlight = { readonly fileName: string; readonly events: EventEmitter };

/** Every job of which something still runs in the process, by its number; numbers are never used twice. */
export class JobsInFlight {
	readonly #all = new Map<number, InFlight>();
	#lastNumber = 0;

	get size(): number {
		return this.#all.size;
	}

	/** Begins a job: its number, and its events up to the last one, of which none is lost between two reads. */
	begin(fileName: string): { readonly number: number; readonly events: AsyncGenerator<AnalysisEvent, void> } {
		const number = ++this.#lastNumber;
		const events = new EventEmitter();
		this.#all.set(number, { fileName, events });
		return { number, events: untilLast(on(events, 'event')) };
	}

	/** An event of a job has come. */
	tell(number: number, event: AnalysisEvent): void {
		this.#all.get(number)?.events.emit('event', event);
	}

	/** Nothing of a job runs any more. */
	end(number: number): void {
		this.#all.delete(number);
	}

	/** Ends all of them with a failure. */
	failAll(error: AnalysisError): void {
		const all = [...this.#all.values()];
		this.#all.clear();
		for (const { fileName, events } of all) events.emit('event', failedEvent(fileName, error));
	}
}

async function* untilLast(told: AsyncIterable<unknown[]>): AsyncGenerator<AnalysisEvent, void> {
	for await (const [event] of told as AsyncIterable<[AnalysisEvent]>) {
		yield event;
		if (event.type === 'report' || event.type === 'failed') return;
	}
}
