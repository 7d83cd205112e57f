import type { Outcome } from '../../function/contract/report.ts';
import { type Depth, isDepth } from './depth.ts';
import { isRecord, readStored, writeStored } from './stored-json.ts';
import type { KeyValueStore } from './surroundings.ts';

/** One analysis in this browser; the entry never leaves the machine. */
export type HistoryEntry = {
	readonly id: string;
	readonly fileName: string;
	/** ISO 8601, UTC. */
	readonly date: string;
	readonly depth: Depth;
	/** Id of the model; null or missing = the service's default. */
	readonly model?: string | null;
	/** `running` until the answer arrives; after the tab was closed, it can be opened and followed again. */
	readonly state: 'running' | 'done' | 'failed';
	readonly outcome: Outcome | null;
	/** The answer in the service's (English) words; null without a report. */
	readonly sentence: string | null;
	/** Why it failed; null otherwise. */
	readonly code: string | null;
	/** A face as a small data URL. */
	readonly thumbnailUrl: string | null;
};

const storageKey = 'unmask.history';

/** Maximum number of entries; the oldest are dropped first. */
const maxEntries = 200;

/** Maximum length of a thumbnail's data URL, in characters. */
const maxThumbnail = 20_000;

/** This browser's analyses, newest first. */
export class History {
	readonly #storage: KeyValueStore;
	/** Whether the last write failed, so that the entries last only as long as the page. */
	#isPageOnly = false;
	#entries = $state.raw<readonly HistoryEntry[]>([]);
	#isFull = $state(false);

	constructor(storage: KeyValueStore) {
		this.#storage = storage;
		this.#entries = this.#read();
	}

	get entries(): readonly HistoryEntry[] {
		return this.#entries;
	}
	/** Whether the browser's storage was too small for everything, so that older thumbnails or entries were dropped. */
	get isFull(): boolean {
		return this.#isFull;
	}

	find(id: string): HistoryEntry | null {
		return this.#entries.find((entry) => entry.id === id) ?? null;
	}

	/** Adds an entry, or replaces the one with the same id. */
	put(entry: HistoryEntry): void {
		const thumbnailUrl = (entry.thumbnailUrl?.length ?? 0) > maxThumbnail ? null : entry.thumbnailUrl;
		const others = this.#read().filter(({ id }) => id !== entry.id); // another tab may have written
		const { date } = this.find(entry.id) ?? entry;
		this.#keep([{ ...entry, date, thumbnailUrl }, ...others].sort((a, b) => b.date.localeCompare(a.date)));
	}

	remove(id: string): void {
		this.#keep(this.#read().filter((entry) => entry.id !== id));
	}

	clear(): void {
		this.#entries = [];
		this.#isFull = false;
		this.#storage.removeItem(storageKey);
	}

	/** Reads the stored entries again after another tab wrote. */
	refresh(): void {
		this.#entries = this.#read();
	}

	#read(): readonly HistoryEntry[] {
		if (this.#isPageOnly) return this.#entries;
		return (
			readStored(this.#storage, storageKey, (value) => (Array.isArray(value) ? value.filter(isEntry) : null)) ?? []
		);
	}

	/** Writes as much as fits: drops the oldest thumbnails first, then the oldest entries. */
	#keep(wanted: readonly HistoryEntry[]): void {
		let entries = wanted.slice(0, maxEntries);
		let isFull = false;
		this.#isPageOnly = false;
		while (!writeStored(this.#storage, storageKey, entries)) {
			isFull = true;
			const smaller = smallerHistory(entries);
			this.#isPageOnly = smaller === null;
			entries = smaller ?? wanted.slice(0, maxEntries);
			if (this.#isPageOnly) break;
		}
		this.#isFull = isFull;
		this.#entries = entries;
	}
}

/** The history without its oldest thumbnail, or without its oldest entry if no thumbnails are left; null if only one entry remains. */
function smallerHistory(entries: readonly HistoryEntry[]): HistoryEntry[] | null {
	const at = entries.findLastIndex((entry) => entry.thumbnailUrl !== null);
	if (at > 0 || (at === 0 && entries.length === 1))
		return entries.map((entry, i) => (i === at ? { ...entry, thumbnailUrl: null } : entry));
	return entries.length > 1 ? entries.slice(0, -1) : null;
}

function isEntry(value: unknown): value is HistoryEntry {
	if (!isRecord(value)) return false;
	const texts = [value.id, value.fileName, value.date];
	return texts.every((text) => typeof text === 'string') && isDepth(value.depth) && isState(value.state);
}

const isState = (value: unknown) => value === 'running' || value === 'done' || value === 'failed';
