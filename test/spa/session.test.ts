import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Report } from '../../function/contract/report.ts';
import type { Ready, Service } from '../../function/contract/service.ts';
import { Session } from '../../spa/lib/session.svelte.ts';
import { sampleReports } from '../unit/sample-report.ts';
import { nodeSend } from './disk-store-server.ts';
import { eventually, testSurroundings } from './surroundings.ts';

const report = await sampleReports.real();
const id = 'c'.repeat(32);
const ready: Ready = {
	ready: true,
	state: 'ready',
	provider: 'cpu',
	models: [],
	selfTest: { passed: true, ms: 12, operators: null },
	store: 'disk',
	problem: null,
	code: null,
};
const service: Service = {
	version: '0.1.0',
	limits: { sizeBytes: 5000, durationS: 3600, slots: 1, queue: 8 },
	needsKey: false,
	links: true,
	retention: { uploadS: 3600, reportS: null },
	secondsAFrame: 0.5,
	secondsAFrameByModel: {},
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0)) await close();
});

/** A minimal complete service: it accepts uploads and answers each analysis with its report at once. */
async function serve() {
	const calls: string[] = [];
	const state = { ready, service, key: null as string | null, reports: new Map<string, Report>(), isDown: false };
	let uploads = 0;
	const server = createServer((request, response) => {
		let body = '';
		request.on('data', (piece) => {
			body += piece;
		});
		request.on('end', () => {
			if (state.isDown) return void response.destroy();
			const call = `${request.method} ${request.url}`;
			calls.push(call);
			const json = (value: unknown, status = 200) => void response.writeHead(status).end(JSON.stringify(value));
			const refuse = (status: number, code: string) => json({ code, status, detail: '', retryable: false }, status);
			if (call === 'GET /readyz') return json(state.ready, state.ready.ready ? 200 : 503);
			if (call === 'GET /v1/service') return json({ ...state.service, needsKey: state.key !== null });
			if (call.startsWith('PUT /store/')) return json({});
			if (state.key && request.headers.authorization !== `Bearer ${state.key}`) return refuse(401, 'unauthorised');
			if (call === 'GET /v1/models') return json({ models: [] });
			if (call === 'POST /v1/uploads' && 'url' in JSON.parse(body)) {
				const arrived = { state: 'complete', receivedBytes: 9, sizeBytes: 9 };
				return json({ id: String(++uploads).padStart(32, '0'), fileName: 'linked.mp4', ...arrived }, 202);
			}
			if (call === 'POST /v1/uploads') {
				const name = String(++uploads).padStart(32, '0');
				const upload = {
					method: 'PUT',
					url: `http://${request.headers.host}/store/uploads/${name}?signature=1`,
					headers: {},
					resumable: true,
					expiresAt: '2030-01-01T00:00:00Z',
				};
				return json({ id: name, upload }, 201);
			}
			if (call === 'POST /v1/analyses') {
				const { uploadId } = JSON.parse(body);
				state.reports.set(uploadId, report);
				return void response.end(
					`${JSON.stringify({ type: 'accepted', id: uploadId })}\n${JSON.stringify({ type: 'report', report })}\n`,
				);
			}
			const asked = request.url?.split('/').at(-1) ?? '';
			const stored = state.reports.get(asked);
			if (!stored) return refuse(404, 'report-not-found');
			if (request.method === 'DELETE') state.reports.delete(asked);
			json(stored);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	closers.push(async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});
	return { state, calls, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function begin(options: { storage?: ReturnType<typeof testSurroundings>['around']['storage'] } = {}) {
	const server = await serve();
	const machine = testSurroundings({ send: nodeSend(), ...options });
	const session = new Session({ around: machine.around, base: server.base, browserLanguages: ['ar-EG', 'en'] });
	closers.unshift(async () => session.dispose());
	return { ...server, ...machine, session };
}

const film = (name: string) => new File(['\0\0\0\x18ftypmp42', new Uint8Array(2000)], name, { type: 'video/mp4' });

describe('Session', () => {
	it('knows the state of the service, and asks until it is ready', async () => {
		const { session, state, pauses } = await begin();
		expect(session.serviceState).toBe('asking');
		state.ready = { ...ready, ready: false, state: 'starting' };
		session.begin();
		await eventually(() => session.serviceState).toBe('starting');
		state.ready = ready;
		await eventually(() => session.serviceState).toBe('ready');
		expect(session).toMatchObject({ service, ready, serviceFault: null, needsKey: false, online: true });
		expect(pauses.slice(0, 2)).toEqual([500, 1000].slice(0, pauses.length));
		expect(session.workSeconds(40, null)).toBe(20);
	});

	it('distinguishes offline from a service that is down, and recovers by itself', async () => {
		const { session, state, setOnline } = await begin();
		session.begin();
		await eventually(() => session.serviceState).toBe('ready');
		state.isDown = true;
		setOnline(false);
		await eventually(() => session.serviceState).toBe('offline');
		expect(session).toMatchObject({ online: false, serviceFault: { code: 'offline' } });
		setOnline(true);
		await eventually(() => session.serviceState).toBe('unreachable');
		state.isDown = false;
		await eventually(() => session.serviceState).toBe('ready');
	});

	it('lists a file fetched by the service, analyses it there, and deletes it there when it is removed from the list', async () => {
		const { session, state, calls } = await begin();
		session.begin();
		await eventually(() => session.canFetch).toBe(true);
		const fetch = async () => {
			session.link.address = 'media.example/linked.mp4';
			await session.fetchLink();
			return session.pending.at(-1);
		};
		const first = await fetch();
		expect(first).toMatchObject({ stage: 'ready', fileName: 'linked.mp4', file: null, isAdded: true });
		expect(first?.fetched).toMatchObject({ host: 'media.example', sizeBytes: 9 });
		const second = await fetch();
		if (!second) throw new Error('it is not listed');
		await session.dismiss(second);
		expect(calls.at(-1)).toBe(`DELETE /v1/analyses/${second.id}`);
		expect(session.pending).toEqual([first]);
		first?.setPlace('device');
		await session.startAll();
		expect(first).toMatchObject({ stage: 'done', place: 'server' });
		expect(state.reports.has(first?.id ?? '')).toBe(true);
		expect(session.history.entries).toMatchObject([{ id: first?.id, fileName: 'linked.mp4' }]);
		state.service = { ...service, links: false };
		await session.refresh();
		await eventually(() => session.canFetch).toBe(false);
	});

	it('notices from an unanswered request that the service went down, and asks with pauses until it is back', async () => {
		const { session, state, pauses } = await begin();
		session.begin();
		await eventually(() => session.serviceState).toBe('ready');
		state.isDown = true;
		await expect(session.api.models()).rejects.toMatchObject({ code: 'service-unreachable' });
		await eventually(() => session.serviceState).toBe('unreachable');
		await eventually(() => pauses.slice(0, 3)).toEqual([500, 1000, 2000]);
		state.isDown = false;
		await eventually(() => session.serviceState).toBe('ready');
	});

	it('does not call a service on this machine offline when there is no network', async () => {
		const { session, setOnline } = await begin();
		setOnline(false);
		session.begin();
		await eventually(() => session.serviceState).toBe('ready');
	});

	it('asks for a key if one is needed, and keeps it for the tab', async () => {
		const { session, state, around } = await begin();
		state.key = 'right';
		session.begin();
		await eventually(() => session.needsKey).toBe(true);
		await session.setApiKey(' wrong ');
		expect(session.needsKey).toBe(true);
		await session.setApiKey('right');
		expect(session).toMatchObject({ needsKey: false, serviceState: 'ready', apiKey: 'right' });
		expect(around.tabStorage.getItem('unmask.key')).toBe('right');
		expect(around.storage.getItem('unmask.key')).toBeNull();
	});

	it('asks again if a key is refused later, and then retries what was refused', async () => {
		const { session, state } = await begin();
		state.key = 'first';
		session.begin();
		await session.setApiKey('first');
		state.key = 'second';
		const [analysis] = session.choose([film('a.mp4')]);
		await eventually(() => analysis?.stage).toBe('ready');
		await session.startAll();
		expect(analysis).toMatchObject({ stage: 'failed', fault: { code: 'unauthorised' } });
		expect(session.needsKey).toBe(true);
		await session.setApiKey('second');
		expect(session.needsKey).toBe(false);
		expect(analysis?.stage).toBe('done');
	});

	it('follows the address of the page', async () => {
		const { session } = await begin();
		const pages: string[] = [];
		for (const hash of ['', '#/', '#/about', '#/history/', '#/elsewhere', '#/analysis/../x']) {
			await session.goTo(hash);
			pages.push(session.route.page);
		}
		expect(pages).toEqual(['start', 'start', 'about', 'history', 'unknown', 'unknown']);
	});

	it('analyses several files one after another, and skips refused ones', async () => {
		const { session, calls } = await begin();
		await session.refresh();
		session.preferences.depth = 80;
		const empty = new File([], 'empty.mp4');
		const large = new File([new Uint8Array(6000)], 'large.mp4');
		const chosen = session.choose([film('a.mp4'), empty, film('b.mp4'), large]);
		await eventually(() => chosen.map(({ stage }) => stage)).toEqual(['ready', 'refused', 'ready', 'refused']);
		expect(session.pending).toEqual(chosen);
		await session.startAll();
		expect(chosen.map(({ stage }) => stage)).toEqual(['done', 'refused', 'done', 'refused']);
		expect(calls.filter((call) => /POST|PUT/.test(call))).toEqual([
			...['POST /v1/uploads', `PUT /store/uploads/${chosen[0]?.id}?signature=1`, 'POST /v1/analyses'],
			...['POST /v1/uploads', `PUT /store/uploads/${chosen[2]?.id}?signature=1`, 'POST /v1/analyses'],
		]);
		expect(chosen[0]?.depth).toBe(80);
		expect(session.history.entries.map(({ fileName, state, outcome }) => [fileName, state, outcome])).toEqual(
			expect.arrayContaining([
				['a.mp4', 'done', 'likely-real'],
				['b.mp4', 'done', 'likely-real'],
			]),
		);
		await session.goTo(`#/analysis/${chosen[2]?.id}`);
		expect(session.current).toBe(chosen[2]);
	});

	it('opens a stored report by its address, and deletes it', async () => {
		const { session, state, calls } = await begin();
		state.reports.set(id, report);
		await session.goTo(`#/analysis/${id}`);
		expect(session.current).toMatchObject({ stage: 'done', fileName: report.fileName });
		expect(session.history.entries).toEqual([]);
		await session.remove(id);
		expect(session.current).toBeNull();
		expect(state.reports.size).toBe(0);
		expect(calls.filter((call) => call.startsWith('DELETE'))).toHaveLength(1);
	});

	it('says that there is no such report, and adds nothing to the history', async () => {
		const { session } = await begin();
		await session.goTo(`#/analysis/${id}`);
		expect(session.current).toMatchObject({ stage: 'failed', fault: { code: 'report-not-found' } });
		expect(session.history.entries).toEqual([]);
	});

	it('resumes following an analysis that was running when the tab was closed', async () => {
		const { session, calls } = await begin();
		const entry = { id, fileName: 'a.mp4', date: '2026-11-24T00:00:00.000Z', depth: 60, state: 'running' } as const;
		session.history.put({ ...entry, outcome: null, sentence: null, code: null, thumbnailUrl: null });
		await session.goTo(`#/analysis/${id}`);
		expect(session.current).toMatchObject({ stage: 'done', depth: 60 });
		expect(calls).toContain('POST /v1/analyses');
		expect(session.history.find(id)).toMatchObject({ state: 'done', date: entry.date });
	});

	it('forgets a cancelled analysis', async () => {
		const { session } = await begin();
		const [analysis] = session.choose([film('a.mp4')]);
		await eventually(() => analysis?.stage).toBe('ready');
		if (analysis) await session.dismiss(analysis);
		expect(session.analyses).toEqual([]);
		expect(session.history.entries).toEqual([]);
	});

	it('uses the first supported language of the browser', async () => {
		const { session } = await begin();
		expect(session.preferences).toMatchObject({ language: 'ar' });
	});
});
