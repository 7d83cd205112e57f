import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { ServiceEvent } from '../contract/events.ts';

/** An event; null = omitted. */
export type Kept = ServiceEvent | null;

/** Number of events compressed together. */
const blockLength = 256;

/** A list of events, compressed to save memory: a long film with a crowd has a hundred thousand. */
export class PackedEvents {
	readonly #blocks: Buffer[] = [];
	#open: Kept[] = [];

	get length(): number {
		return this.#blocks.length * blockLength + this.#open.length;
	}

	push(event: Kept): void {
		this.#open.push(event);
		if (this.#open.length < blockLength) return;
		this.#blocks.push(deflateRawSync(JSON.stringify(this.#open), { level: 1 }));
		this.#open = [];
	}

	/** The next few events starting at an index; empty only at the end. */
	read(from: number): readonly Kept[] {
		const block = this.#blocks[Math.floor(from / blockLength)];
		const events: Kept[] = block ? JSON.parse(inflateRawSync(block).toString()) : this.#open;
		return events.slice(from % blockLength);
	}
}
