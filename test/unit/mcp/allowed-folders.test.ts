import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AllowedFolders } from '../../../function/mcp/allowed-folders.ts';

/** root/allowed is allowed, root/allowed-too and root/secret.mp4 are not. */
let root: string;
let folders: AllowedFolders;
beforeAll(async () => {
	root = await realpath(await mkdtemp(join(tmpdir(), 'unmask-allowed-')));
	await mkdir(join(root, 'allowed/inner'), { recursive: true });
	await mkdir(join(root, 'allowed-too'));
	for (const name of ['allowed/a.mp4', 'allowed/inner/b.mp4', 'allowed/..c.mp4', 'allowed-too/d.mp4', 'secret.mp4'])
		await writeFile(join(root, name), 'x');
	await symlink(join(root, 'secret.mp4'), join(root, 'allowed/link.mp4'));
	await symlink('../../secret.mp4', join(root, 'allowed/inner/relative.mp4'));
	await symlink(root, join(root, 'allowed/up'));
	await symlink('a.mp4', join(root, 'allowed/fine.mp4'));
	await symlink(join(root, 'gone.mp4'), join(root, 'allowed/dangling.mp4'));
	await symlink(join(root, 'allowed'), join(root, 'alias'));
	folders = await AllowedFolders.open([join(root, 'alias')]);
});
afterAll(() => rm(root, { recursive: true }));

describe('a file named by an agent', () => {
	test.each([
		['an absolute path', () => join(root, 'allowed/a.mp4'), 'allowed/a.mp4'],
		['a path through a link to the folder', () => join(root, 'alias/a.mp4'), 'allowed/a.mp4'],
		['a relative path', () => 'inner/b.mp4', 'allowed/inner/b.mp4'],
		['a file: address', () => pathToFileURL(join(root, 'allowed/a.mp4')).href, 'allowed/a.mp4'],
		['a link that stays inside', () => 'fine.mp4', 'allowed/a.mp4'],
		['.. that stays inside', () => 'inner/../a.mp4', 'allowed/a.mp4'],
		['a name that begins with dots', () => '..c.mp4', 'allowed/..c.mp4'],
	])('%s is read', async (_, named, real) => {
		expect(await folders.resolve(named())).toBe(join(root, real));
	});

	test.each([
		['another file', () => join(root, 'secret.mp4')],
		['a missing file', () => join(root, 'nothing.mp4')],
		['.. that leaves the folder', () => '../secret.mp4'],
		['.. that leaves to a missing file', () => '../nothing.mp4'],
		['.. behind the folder', () => join(root, 'allowed/../secret.mp4')],
		['a folder with the same name prefix', () => join(root, 'allowed-too/d.mp4')],
		['a link to a file outside', () => 'link.mp4'],
		['a relative link outside', () => 'inner/relative.mp4'],
		['a file behind a link to a folder outside', () => 'up/secret.mp4'],
		['a system file', () => '/etc/passwd'],
		['a system file by its address', () => 'file:///etc/passwd'],
		['a file: address with %2e%2e', () => `${pathToFileURL(join(root, 'allowed')).href}/%2e%2e/secret.mp4`],
		['a file: address of another machine', () => 'file://server/share/a.mp4'],
		['a link to the network', () => 'https://example.org/a.mp4'],
		["ffmpeg's own protocols", () => 'concat://a.mp4|/etc/passwd'],
		['a path with a null character', () => 'a.mp4\0.txt'],
		['the folder itself', () => '.'],
		['the root', () => '/'],
		['a process of this machine', () => '/proc/self/environ'],
	])('%s is refused', async (_, named) => {
		await expect(folders.resolve(named())).rejects.toMatchObject({ code: 'path-refused' });
	});

	test('a missing file inside is reported as missing, also behind a dangling link', async () => {
		for (const named of ['none.mp4', 'dangling.mp4', 'inner/none/none.mp4'])
			await expect(folders.resolve(named)).rejects.toMatchObject({ code: 'file-not-found' });
	});

	test('only folders can be allowed', async () => {
		for (const path of [join(root, 'secret.mp4'), join(root, 'none')])
			await expect(AllowedFolders.open([path])).rejects.toMatchObject({ code: 'usage' });
	});
});
