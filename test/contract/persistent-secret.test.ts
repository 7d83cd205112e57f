import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseConfig } from '../../function/config.ts';
import { createStore } from '../../function/store/create-store.ts';
import { persistentSecret } from '../../function/store/persistent-secret.ts';

let folder = '';
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-secret-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('is random, stable across restarts, and readable only by its owner', async () => {
	const data = join(folder, 'data');
	const secrets = await Promise.all([persistentSecret(data), persistentSecret(data), persistentSecret(data)]);
	expect(new Set([...secrets, await persistentSecret(data)]).size).toBe(1);
	expect(secrets[0]).toMatch(/^[0-9a-f]{64}$/);
	expect((await stat(join(data, 'secret'))).mode & 0o777).toBe(0o600);
	expect(await persistentSecret(join(folder, 'other'))).not.toBe(secrets[0]);
});

it('fails with a clear message if the folder is not writable', async () => {
	await writeFile(join(folder, 'file'), '');
	const opening = createStore(parseConfig({ UNMASK_DATA: join(folder, 'file') }));
	await expect(opening).rejects.toMatchObject({ code: 'environment', detail: expect.stringContaining('file') });
});
