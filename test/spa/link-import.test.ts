import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../function/client/problem-error.ts';
import type { LinkRequest, UploadProgress } from '../../function/contract/upload.ts';
import { LinkImport } from '../../spa/lib/link-import.svelte.ts';
import { eventually, gate, testSurroundings } from './surroundings.ts';

const id = 'd'.repeat(32);
const at = (receivedBytes: number, state: UploadProgress['state'] = 'arriving'): UploadProgress => ({
	...{ id, fileName: 'film.mp4', state },
	...{ receivedBytes, sizeBytes: 100 },
});

/** A service that answers each poll with the next of `answers`; after the last one it does not respond. */
function fakeService(...answers: (UploadProgress | ProblemError)[]) {
	const calls: string[] = [];
	const next = async () => {
		const answer = answers.shift();
		if (answer instanceof ProblemError) throw answer;
		return answer ?? (await new Promise<never>(() => {}));
	};
	const link = new LinkImport(
		{
			importLink: async ({ url }: LinkRequest, signal) => {
				calls.push(`fetch ${url}`);
				signal?.throwIfAborted();
				return next();
			},
			readUpload: async (asked, signal) => {
				calls.push(`look ${asked === id}`);
				const stopped = new Promise<never>((_resolve, reject) =>
					signal?.addEventListener('abort', () => reject(signal.reason)),
				);
				return Promise.race([next(), stopped]);
			},
			deleteAnalysis: async (asked) => void calls.push(`delete ${asked === id}`),
		},
		testSurroundings().around,
	);
	return { link, calls };
}

describe('LinkImport', () => {
	it('has the service fetch the typed address, reports progress, and returns the upload', async () => {
		const { link, calls } = fakeService(at(0), at(40), at(100, 'complete'));
		link.address = '  https://media.example/a/film.mp4?x=1 ';
		const fetched = await link.fetch();
		expect(fetched).toEqual({ id, fileName: 'film.mp4', sizeBytes: 100, host: 'media.example' });
		expect(calls).toEqual(['fetch https://media.example/a/film.mp4?x=1', 'look true', 'look true']);
		expect(link).toMatchObject({ address: '', isFetching: false, progress: null, fault: null, lastName: 'film.mp4' });
	});

	it.each([
		['media.example/a.mp4', 'https://media.example/a.mp4'],
		['media.example:8080/a.mp4', 'https://media.example:8080/a.mp4'],
		['HTTP://media.example/a.mp4', 'HTTP://media.example/a.mp4'],
		['ftp://media.example/a.mp4', 'ftp://media.example/a.mp4'],
	])('%s is requested as %s', async (typed, asked) => {
		const { link, calls } = fakeService(new ProblemError('url-refused', { status: 422 }));
		link.address = typed;
		expect(await link.fetch()).toBeNull();
		expect(calls).toEqual([`fetch ${asked}`]);
	});

	it('requests nothing if nothing was typed', async () => {
		const { link, calls } = fakeService();
		link.address = '  ';
		expect(await link.fetch()).toBeNull();
		expect(calls).toEqual([]);
	});

	it('keeps the address after a refusal, and clears the refusal on the next try', async () => {
		const { link } = fakeService(at(0), new ProblemError('page-unsupported', { status: 422 }), at(100, 'complete'));
		link.address = 'https://media.example/page';
		expect(await link.fetch()).toBeNull();
		expect(link).toMatchObject({ address: 'https://media.example/page', fault: { code: 'page-unsupported' } });
		expect(await link.fetch()).toMatchObject({ id });
		expect(link.fault).toBeNull();
	});

	it('stops when cancelled, deletes what arrived, and reports no fault', async () => {
		const { link, calls } = fakeService(at(0), at(40));
		link.address = 'https://media.example/film.mp4';
		const { opened, open } = gate();
		const fetching = link.fetch().finally(open);
		await eventually(() => link.progress?.receivedBytes).toBe(40);
		expect(await link.fetch(), 'one at a time').toBeNull();
		await link.cancel();
		await opened;
		expect(await fetching).toBeNull();
		expect(calls.at(-1)).toBe('delete true');
		expect(link).toMatchObject({ isFetching: false, progress: null, fault: null, lastName: null });
		expect(link.address, 'to be fetched after all').toBe('https://media.example/film.mp4');
	});
});
