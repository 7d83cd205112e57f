import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Report } from '../../../function/contract/report.ts';
import { AnnotatedCopies, type DrawCopy } from '../../../function/worker/annotated-copies.ts';
import { createFakeStore } from '../analyses-fakes.ts';

const [a, b] = ['a'.repeat(32), 'b'.repeat(32)] as const;
const report = { createdAt: '2026-11-22T18:00:00.000Z' } as Report;
let copies: AnnotatedCopies;
afterEach(() => copies.close());

/** Copies of the uploads a and b; `draw` writes the copy at once unless the test says otherwise. */
function open({ draw = write, ...options }: { draw?: DrawCopy; keptMs?: number; sweepMs?: number } = {}) {
	const { store, put } = createFakeStore();
	for (const id of [a, b]) put(id);
	copies = new AnnotatedCopies({ store, draw, ...options });
	return copies;
}

const write: DrawCopy = (_path, _report, out) => writeFile(out, 'a copy');

async function ready(id: string, language: 'en' | 'de' = 'en'): Promise<string> {
	for (;;) {
		const copy = await copies.open(id, report, language);
		if ('path' in copy) return copy.path;
		await wait(5);
	}
}

test('removing a copy that waits for its turn does not wait for the one before it', async () => {
	let goOn = () => {};
	const drawn: string[] = [];
	open({
		draw: async (path, ...rest) => {
			drawn.push(path);
			if (path.endsWith(a)) await new Promise<void>((resolve) => (goOn = resolve));
			await write(path, ...rest);
		},
	});
	await copies.open(a, report, 'en');
	await copies.open(b, report, 'en');
	while (drawn.length === 0) await wait(5);
	const removed = copies.remove(b);
	const first = await Promise.race([removed, wait(200, 'it waits')]);
	goOn();
	expect(first).toBe(true);
	await ready(a);
	expect(drawn).toEqual([`/secret/uploads/${a}`]);
});

test('removing a copy leaves the one alone that was requested since', async () => {
	const goOn: (() => void)[] = [];
	open({
		draw: async (...given) => {
			if (goOn.push(() => {}) === 1) await new Promise<void>((resolve) => (goOn[0] = resolve));
			await write(...given);
		},
	});
	await copies.open(a, report, 'en');
	while (goOn.length < 1) await wait(5);
	const removed = copies.remove(a);
	expect(await copies.open(a, report, 'en')).toEqual({ share: 0 });
	goOn[0]?.();
	const [again] = await Promise.all([ready(a), removed]);
	await wait(20);
	expect(existsSync(again)).toBe(true);
});

test('a copy that nobody requests any more is deleted, and the one in another language is kept', async () => {
	open({ keptMs: 150, sweepMs: 20 });
	const old = await ready(a, 'en');
	const kept = await ready(a, 'de');
	while (existsSync(old)) {
		expect(await ready(a, 'de')).toBe(kept);
		await wait(10);
	}
	expect(existsSync(kept)).toBe(true);
});

test('a new report of the same upload gets a copy of its own, and the old one is deleted', async () => {
	const drawn: Report[] = [];
	open({
		draw: async (path, of, ...rest) => {
			drawn.push(of);
			await write(path, of, ...rest);
		},
	});
	const before = await ready(a);
	const deeper = { createdAt: '2026-11-22T18:05:00.000Z' } as Report;
	const states = await Promise.all([copies.open(a, deeper, 'en'), copies.open(a, deeper, 'en')]);
	expect(states).not.toContainEqual({ path: before });
	await expect.poll(() => copies.open(a, deeper, 'en')).toHaveProperty('path');
	expect(drawn).toEqual([report, deeper]);
	expect(existsSync(before)).toBe(false);
});
