import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { withLocalFile } from '../../../function/commands/with-local-file.ts';

const film = Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(100_000, 7)]);
const bodies: Record<string, Buffer | string> = { '/talk%20one.mp4': film, '/page': '<!doctype html><html>' };
const server = createServer((req, res) => void res.end(bodies[(req.url ?? '').split('?')[0] ?? '']));
let origin: string;
beforeAll(async () => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(() => vi.unstubAllEnvs());

const { signal } = new AbortController();
const left = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('unmask-link-'));

test('a link is a file with its own name while it is in use', async () => {
	vi.stubEnv('UNMASK_OUTGOING_NETWORKS', '127.0.0.0/8');
	const before = await left();
	const seen = await withLocalFile(`${origin}/talk%20one.mp4?t=1`, signal, async (path) => ({
		name: basename(path),
		isWhole: (await readFile(path)).equals(film),
	}));
	expect(seen).toEqual({ name: 'talk one.mp4', isWhole: true });
	expect(await left()).toEqual(before);
});

test('a name too long for a file system is cut to its end', async () => {
	vi.stubEnv('UNMASK_OUTGOING_NETWORKS', '127.0.0.0/8');
	const name = `${'影'.repeat(120)}.mp4`;
	bodies[`/${encodeURIComponent(name)}`] = film;
	const seen = await withLocalFile(`${origin}/${encodeURIComponent(name)}`, signal, async (path) => basename(path));
	expect(name.endsWith(seen)).toBe(true);
	expect(seen.length).toBeGreaterThan(50);
});

test('a path is passed on unchanged', async () => {
	expect(await withLocalFile('https.mp4', signal, async (path) => path)).toBe('https.mp4');
});

test.each([
	['/page', '127.0.0.0/8', 'not-a-video'],
	['/talk%20one.mp4', '', 'url-refused'],
])('%s with the networks %j allowed is %s, and nothing is left', async (path, networks, code) => {
	vi.stubEnv('UNMASK_OUTGOING_NETWORKS', networks);
	const before = await left();
	const reading = withLocalFile(`${origin}${path}`, signal, async () => 'never');
	await expect(reading).rejects.toMatchObject({ code });
	expect(await left()).toEqual(before);
});
