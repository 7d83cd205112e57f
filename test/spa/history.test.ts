import { describe, expect, it } from 'vitest';
import { History, type HistoryEntry } from '../../spa/lib/history.svelte.ts';
import { Preferences } from '../../spa/lib/preferences.svelte.ts';
import { memoryStore } from './surroundings.ts';

const entry = (k: number, parts: Partial<HistoryEntry> = {}): HistoryEntry => ({
	id: String(k).padStart(32, '0'),
	fileName: `film-${k}.mp4`,
	date: new Date(Date.UTC(2026, 10, 1, 0, k)).toISOString(),
	depth: 40,
	state: 'done',
	outcome: 'likely-real',
	sentence: 'No signs.',
	code: null,
	thumbnailUrl: `data:image/jpeg;base64,${'x'.repeat(1000)}`,
	...parts,
});
const names = (history: History) => history.entries.map(({ fileName }) => fileName);

describe('History', () => {
	it('keeps the newest first, one entry per id, across visits', () => {
		const storage = memoryStore();
		const history = new History(storage);
		for (const k of [2, 3, 1]) history.put(entry(k));
		history.put(entry(2, { outcome: 'uncertain', date: '2027-01-01T00:00:00.000Z' }));
		expect(names(history)).toEqual(['film-3.mp4', 'film-2.mp4', 'film-1.mp4']);
		expect(history.find(entry(2).id)).toMatchObject({ outcome: 'uncertain', date: entry(2).date });
		expect(new History(storage).entries).toEqual(history.entries);
	});

	it('deletes one entry and all', () => {
		const storage = memoryStore();
		const history = new History(storage);
		for (const k of [1, 2]) history.put(entry(k));
		history.remove(entry(1).id);
		expect(names(history)).toEqual(['film-2.mp4']);
		history.clear();
		expect(history.entries).toEqual([]);
		expect(storage.values.size).toBe(0);
	});

	it('drops older thumbnails, then older entries, when the storage is full', () => {
		const history = new History(memoryStore(3500));
		for (let k = 1; k <= 5; k++) history.put(entry(k));
		expect(history.isFull).toBe(true);
		expect(names(history)).toEqual([5, 4, 3, 2, 1].map((k) => `film-${k}.mp4`));
		expect(history.entries.map(({ thumbnailUrl }) => thumbnailUrl !== null)).toEqual([true, true, false, false, false]);
		for (let k = 6; k <= 40; k++) history.put(entry(k));
		expect(history.entries.length).toBeGreaterThan(3);
		expect(history.entries.length).toBeLessThan(40);
		expect(names(history)[0]).toBe('film-40.mp4');
	});

	it('lasts as long as the page if storage is forbidden', () => {
		const history = new History(memoryStore(0));
		history.put(entry(1));
		history.put(entry(2));
		expect(history.isFull).toBe(true);
		expect(names(history)).toEqual(['film-2.mp4', 'film-1.mp4']);
		history.remove(entry(2).id);
		expect(names(history)).toEqual(['film-1.mp4']);
	});

	it('keeps what another tab wrote', () => {
		const storage = memoryStore();
		const [here, there] = [new History(storage), new History(storage)];
		there.put(entry(1));
		here.put(entry(2));
		expect(names(here)).toEqual(['film-2.mp4', 'film-1.mp4']);
		there.refresh();
		expect(names(there)).toEqual(names(here));
	});

	it('starts empty if the stored data is damaged, and skips invalid entries', () => {
		for (const text of ['{', '7', '{"a":1}', 'null', '[1,{"id":"x"}]']) {
			const storage = memoryStore();
			storage.setItem('unmask.history', text);
			expect(new History(storage).entries).toEqual([]);
		}
	});
});

describe('Preferences', () => {
	it('keeps choices across visits', () => {
		const storage = memoryStore();
		const preferences = new Preferences(storage, ['nl', 'ar']);
		expect(preferences).toMatchObject({ theme: 'auto', language: 'ar', depth: 40 });
		preferences.theme = 'dark';
		preferences.language = 'en';
		preferences.depth = 'all';
		expect(new Preferences(storage, ['ar'])).toMatchObject({
			theme: 'dark',
			language: 'en',
			depth: 'all',
		});
	});

	it('ignores unknown values', () => {
		const storage = memoryStore();
		storage.setItem('unmask.preferences', '{"theme":"pink","language":"xx","depth":41}');
		expect(new Preferences(storage)).toMatchObject({ theme: 'auto', language: 'en', depth: 40 });
	});
});
