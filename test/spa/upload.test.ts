import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProblemError } from '../../function/client/problem-error.ts';
import type { BytesAnswer, SendBytes } from '../../function/client/send-bytes.ts';
import type { Api } from '../../function/client/service-api.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import type { Surroundings } from '../../spa/lib/surroundings.ts';
import { Upload } from '../../spa/lib/upload.svelte.ts';
import { nodeSend, openDiskStoreServer, type Sent } from './disk-store-server.ts';
import { eventually, gate, memoryStore, testSurroundings } from './surroundings.ts';

const MiB = 1024 ** 2;
const contentType = 'video/mp4';

/** A file that starts like an mp4, followed by bytes that differ from place to place. */
function film(sizeBytes = 20 * MiB, name = 'interview.mp4', seed = 1): File {
	const bytes = new Uint32Array(sizeBytes / 4);
	for (let [i, value] = [0, seed]; i < bytes.length; i++) {
		value = (Math.imul(value, 1664525) + 1013904223) >>> 0;
		bytes[i] = value;
	}
	const all = new Uint8Array(bytes.buffer);
	all.set(new TextEncoder().encode('\0\0\0\x18ftypmp42'), 0);
	return new File([all], name, { type: contentType, lastModified: 1_700_000_000_000 });
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('Upload to the real disk store', () => {
	let server: Awaited<ReturnType<typeof openDiskStoreServer>>;
	beforeAll(async () => {
		server = await openDiskStoreServer();
	});
	afterAll(() => server.close());

	const begin = (
		file: File,
		around: Partial<Surroundings>,
		api: Pick<Api, 'createUpload' | 'deleteAnalysis'> = server.api,
	) => {
		const machine = testSurroundings(around);
		return { ...machine, upload: new Upload(file, { api, around: machine.around, contentType }) };
	};

	async function expectArrived(id: string, file: File) {
		const opened = await server.store.openUpload(id, new AbortController().signal);
		expect(digestOf(await readFile(opened.path))).toBe(digestOf(new Uint8Array(await file.arrayBuffer())));
		await opened.release();
	}

	it('sends growing parts of 8 MiB', async () => {
		const file = film(26 * MiB);
		const sent: Sent[] = [];
		const send = nodeSend((request) => {
			sent.push(request);
			return null;
		});
		const { upload } = begin(file, { send });
		const id = await upload.run();
		expect(sent.map(({ range }) => range)).toEqual([
			`bytes 0-${8 * MiB - 1}/${26 * MiB}`,
			`bytes ${8 * MiB}-${24 * MiB - 1}/${26 * MiB}`,
			`bytes ${24 * MiB}-${26 * MiB - 1}/${26 * MiB}`,
		]);
		expect(upload).toMatchObject({
			state: 'done',
			id,
			sentBytes: file.size,
			progress: 1,
			fault: null,
			isContinued: false,
		});
		await expectArrived(id, file);
	});

	it('asks how much arrived after a broken connection, and resumes from there', async () => {
		const file = film();
		const sent: Sent[] = [];
		const send = nodeSend((request) => {
			sent.push(request);
			return sent.length === 2 ? 5 * MiB : null;
		});
		const { upload, pauses } = begin(file, { send });
		const id = await upload.run();
		expect(sent[2]).toEqual({ range: `bytes */${file.size}`, sizeBytes: 0 });
		const first = Number(/^bytes (\d+)-/.exec(sent[3]?.range ?? '')?.[1]);
		expect(first).toBeGreaterThan(8 * MiB); // bytes before the cut are not sent again
		expect(pauses).toEqual([500]);
		await expectArrived(id, file);
	});

	it('waits for the network to come back', async () => {
		const file = film();
		const cut = gate();
		let count = 0;
		const send = nodeSend(() => {
			if (++count !== 2) return null;
			machine.setOnline(false);
			cut.open();
			return 0;
		});
		const machine = begin(file, { send });
		const run = machine.upload.run();
		await cut.opened;
		await eventually(() => machine.listeners.size).toBe(1);
		expect(machine.upload.state).toBe('interrupted');
		expect(machine.upload.fault?.code).toBe('service-unreachable');
		expect(count).toBe(2);
		machine.setOnline(true);
		await expectArrived(await run, file);
	});

	it('resumes after the tab was closed if the same file is chosen again, but not with another file', async () => {
		const storage = memoryStore();
		const file = film();
		const stopped = gate();
		let count = 0;
		const never: SendBytes = (request) => {
			if (++count < 2) return nodeSend()(request);
			stopped.open();
			return new Promise(() => {}); // the tab was closed
		};
		const before = begin(file, { storage, send: never });
		void before.upload.run();
		await stopped.opened;

		const sent: Sent[] = [];
		const send = nodeSend((request) => {
			sent.push(request);
			return null;
		});
		const other = begin(film(20 * MiB, 'interview.mp4', 2), { storage, send }).upload;
		expect(await other.hasSession()).toBe(false);
		const again = begin(film(), { storage, send }).upload;
		expect(await again.hasSession()).toBe(true);
		const id = await again.run();
		expect(id).toBe(before.upload.id);
		expect(again.isContinued).toBe(true);
		expect(sent.map(({ range }) => range)).toEqual([
			`bytes */${file.size}`,
			`bytes ${8 * MiB}-${16 * MiB - 1}/${file.size}`,
			`bytes ${16 * MiB}-${file.size - 1}/${file.size}`,
		]);
		await expectArrived(id, file);
		expect(await again.hasSession()).toBe(false);
	});

	it('starts over if the store has forgotten the upload', async () => {
		const storage = memoryStore();
		const file = film();
		const first = begin(file, { storage, send: () => Promise.reject(new ProblemError('internal')) });
		await expect(first.upload.run()).rejects.toMatchObject({ code: 'internal' });
		await server.store.deleteUpload(first.upload.id ?? '');
		const { upload } = begin(file, { storage, send: nodeSend() });
		const id = await upload.run();
		expect(id).not.toBe(first.upload.id);
		expect(upload.isContinued).toBe(false);
		await expectArrived(id, file);
	});

	it('pauses in the middle of a part and resumes', async () => {
		const file = film();
		const paused = gate();
		const ranges: (string | null)[] = [];
		const send: SendBytes = (request) => {
			ranges.push(request.headers['Content-Range'] ?? null);
			if (ranges.length !== 2) return nodeSend()(request);
			return new Promise((_resolve, reject) => {
				request.signal.addEventListener('abort', () => reject(request.signal.reason));
				paused.open();
			});
		};
		const { upload } = begin(file, { send });
		const run = upload.run();
		await paused.opened;
		upload.pause();
		expect(upload.state).toBe('paused');
		expect(upload.bytesPerS).toBeNull();
		await new Promise((resolve) => setImmediate(resolve));
		expect(ranges).toHaveLength(2);
		upload.resume();
		const id = await run;
		expect(ranges[2]).toBe(`bytes */${file.size}`);
		expect(upload.state).toBe('done');
		await expectArrived(id, file);
	});

	it('cancels here and at the service', async () => {
		const storage = memoryStore();
		const file = film();
		const sending = gate();
		const send: SendBytes = (request) =>
			new Promise((_resolve, reject) => {
				request.signal.addEventListener('abort', () => reject(request.signal.reason));
				sending.open();
			});
		const { upload } = begin(file, { storage, send });
		const run = upload.run();
		await sending.opened;
		const id = upload.id ?? '';
		expect(await server.store.findUpload(id)).not.toBeNull();
		await Promise.all([upload.cancel(), expect(run).rejects.toMatchObject({ code: 'cancelled' })]);
		expect(upload).toMatchObject({ state: 'cancelled', fault: null });
		expect(await server.store.findUpload(id)).toBeNull();
		expect(await upload.hasSession()).toBe(false);
	});

	it("ends with the store's code if it refuses the content", async () => {
		const list = new File([`#EXTM3U\n${'#EXTINF:9,\nhttp://example.org/a.ts\n'.repeat(20)}`], 'list.mp4');
		const { upload, pauses } = begin(list, { send: nodeSend() });
		await expect(upload.run()).rejects.toMatchObject({ code: 'playlist-refused', retryable: false });
		expect(upload.state).toBe('failed');
		expect(upload.fault?.code).toBe('playlist-refused');
		expect(pauses).toEqual([]);
	});
});

describe('Upload to a store with scripted answers', () => {
	const ticket = (resumable: boolean): UploadTicket => ({
		id: 'a'.repeat(32),
		upload: {
			method: 'PUT',
			url: 'http://store.test/a',
			headers: {
				'Content-Type': contentType,
				'Content-Length': '8',
				Host: 'store.test',
				'x-goog-if-generation-match': '0',
			},
			resumable,
			expiresAt: '2030-01-01T00:00:00.000Z',
		},
	});
	const answer = (status: number, parts: Partial<BytesAnswer> = {}): BytesAnswer => ({
		status,
		range: null,
		retryAfter: null,
		body: '',
		...parts,
	});

	function begin(
		send: SendBytes,
		{ resumable = true, around = {} as Partial<Surroundings>, file = film(8 * MiB) } = {},
	) {
		const machine = testSurroundings({ send, ...around });
		const calls = { created: 0, deleted: [] as string[] };
		const api = {
			async createUpload() {
				calls.created++;
				return ticket(resumable);
			},
			async deleteAnalysis(id: string) {
				calls.deleted.push(id);
			},
		};
		return { ...machine, calls, upload: new Upload(file, { api, around: machine.around, contentType }) };
	}

	it('sends the whole file at once if the store accepts no parts', async () => {
		const seen: { headers: object; size: number | undefined }[] = [];
		const { upload } = begin(
			async ({ headers, body }) => {
				seen.push({ headers, size: body?.size });
				return answer(200);
			},
			{ resumable: false },
		);
		await upload.run();
		expect(seen).toEqual([
			{ headers: { 'Content-Type': contentType, 'x-goog-if-generation-match': '0' }, size: 8 * MiB },
		]);
	});

	it('gives up if the store answers but keeps nothing', async () => {
		let asked = 0;
		const { upload, pauses } = begin(async () => {
			asked++;
			return answer(308);
		});
		await expect(upload.run()).rejects.toMatchObject({ code: 'upload-stalled' });
		expect(asked).toBe(11);
		expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
	});

	it('pauses for as long as the store asks', async () => {
		const answers = [answer(503, { retryAfter: '9', body: '<Error/>' }), answer(308), answer(200)];
		const { upload, pauses } = begin(async () => answers.shift() ?? answer(500));
		await upload.run();
		expect(pauses).toEqual([9000]);
	});

	it('asks for a new address twice, then reports a refusal', async () => {
		const { upload, calls } = begin(async () =>
			answer(403, { body: '<Error><Code>SignatureDoesNotMatch</Code></Error>' }),
		);
		await expect(upload.run()).rejects.toMatchObject({ code: 'upload-refused', status: 403 });
		expect(calls.created).toBe(3);
	});

	it('averages speed and time left over the last seconds', async () => {
		let nowMs = 0;
		const seen: (number | null)[][] = [];
		const { upload } = begin(
			async ({ onProgress }) => {
				for (const [atMs, bytes] of [
					[0, 0],
					[1000, 1 * MiB],
					[2000, 2 * MiB],
					[3000, 6 * MiB],
				] as const) {
					nowMs = atMs;
					onProgress(bytes);
					seen.push([upload.bytesPerS, upload.leftS, upload.progress]);
				}
				return answer(200);
			},
			{ around: { now: () => nowMs } },
		);
		await upload.run();
		expect(seen).toEqual([
			[null, null, 0],
			[MiB, 7, 1 / 8],
			[MiB, 6, 2 / 8],
			[2 * MiB, 1, 6 / 8],
		]);
	});

	it('reports that the file is gone if it can no longer be read', async () => {
		const file = film(8 * MiB);
		const { upload } = begin(
			async () => {
				file.slice = () =>
					({ arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')) }) as unknown as Blob;
				throw new ProblemError('service-unreachable', { retryable: true });
			},
			{ file },
		);
		await expect(upload.run()).rejects.toMatchObject({ code: 'file-gone' });
	});

	it('does not contact the service when cancelled after its end', async () => {
		const { upload, calls } = begin(async () => answer(200));
		await upload.run();
		await upload.cancel();
		expect(upload.state).toBe('done');
		expect(calls.deleted).toEqual([]);
	});
});
