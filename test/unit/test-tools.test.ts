import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFakeGcs } from '../tools/fake-gcs-server.ts';
import { findChromium } from '../tools/find-chromium.ts';

/** How the tests find, on a machine that may have nothing, the browser and the cloud store's server. */

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'unmask-tools-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newFolder = () => mkdtemp(join(folder, 'bin-'));
const program = async (path: string, script = 'exit 0') => {
	await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
	return path;
};

describe('findChromium', () => {
	it('takes the path given and no other', async () => {
		const given = await program(join(await newFolder(), 'my-browser'));
		expect(await findChromium({ chromiumPath: given, searchPath: '/no/folder' })).toBe(given);
		await expect(findChromium({ chromiumPath: '/no/browser', searchPath: '/usr/bin' })).rejects.toThrow('/no/browser');
	});

	it('searches the folders, also for another name', async () => {
		const bin = await newFolder();
		const chrome = await program(join(bin, 'google-chrome'));
		expect(await findChromium({ chromiumPath: '', searchPath: `/no/folder:${bin}` })).toBe(chrome);
		const chromium = await program(join(bin, 'chromium'));
		expect(await findChromium({ chromiumPath: '', searchPath: `/no/folder:${bin}` })).toBe(chromium);
	});

	it('says what to install when there is none', async () => {
		const none = findChromium({ chromiumPath: '', searchPath: await newFolder() });
		await expect(none).rejects.toThrow('apt-get install chromium');
	});
});

describe('findFakeGcs', () => {
	/** Answers as Go does, and builds a file into GOBIN that tells which Go built it. */
	const fakeGo = async (version: string) => {
		const bin = await newFolder();
		const go = await program(
			join(bin, 'go'),
			`case $1 in
version) echo "go version ${version} linux/amd64" ;;
mod) exit 1 ;;
install) echo "$2" >> ${bin}/builds; sleep 0.3; echo ${version} > $GOBIN/fake-gcs-server; chmod +x $GOBIN/fake-gcs-server ;;
esac`,
		);
		return { bin, go, builds: () => readFile(join(bin, 'builds'), 'utf8') };
	};
	const find = (searchPath: string, cache: string) => findFakeGcs({ serverPath: '', searchPath, cache });

	it('builds the pinned version once, though two ask at the same time', async () => {
		const go = await fakeGo('go1.26.1');
		const cache = await newFolder();
		const [one, two] = await Promise.all([find(go.bin, cache), find(go.bin, cache)]);
		expect(one).toBe(join(cache, 'fake-gcs-server-v1.56.1'));
		expect(two).toBe(one);
		expect(await find('/no/folder', cache)).toBe(one);
		expect(await go.builds()).toBe('github.com/fsouza/fake-gcs-server@v1.56.1\n');
	});

	it('does not wait for a builder that died', async () => {
		const go = await fakeGo('go1.21.0');
		const cache = await newFolder();
		await symlink('2000000000', join(cache, 'fake-gcs-server-v1.56.1.lock')); // no process has such an id
		expect(await readFile(await find(go.bin, cache), 'utf8')).toBe('go1.21.0\n');
	});

	it('takes a server on the search path only in that version', async () => {
		const bin = await newFolder();
		const server = await program(
			join(bin, 'fake-gcs-server'),
			'# mod\tgithub.com/fsouza/fake-gcs-server\tv1.56.1\th1:',
		);
		expect(await findFakeGcs({ serverPath: '', searchPath: bin, cache: await newFolder() })).toBe(server);
		await program(server, '# mod\tgithub.com/fsouza/fake-gcs-server\tv1.40.0\th1:');
		await expect(findFakeGcs({ serverPath: '', searchPath: bin, cache: await newFolder() })).rejects.toThrow();
	});

	it('passes over a Go that is too old', async () => {
		const [old, fit] = [await fakeGo('go1.19.8'), await fakeGo('go1.24.2')];
		expect(await readFile(await find(`${old.bin}:${fit.bin}`, await newFolder()), 'utf8')).toBe('go1.24.2\n');
	});

	it('has a Go that is too old fetch a newer one, and says what to install where it cannot', async () => {
		const cache = await newFolder();
		const old = await fakeGo('go1.19.8');
		await expect(find(old.bin, cache)).rejects.toThrow('install Go 1.21 or newer');
		await expect(find('/no/folder', cache)).rejects.toThrow('install Go 1.21 or newer');
		const newer = await fakeGo('go1.26.8');
		await mkdir(join(newer.bin, 'root/bin'), { recursive: true });
		await mkdir(join(newer.bin, 'root/pkg/tool'), { recursive: true });
		await copyFile(newer.go, join(newer.bin, 'root/bin/go'));
		await chmod(join(newer.bin, 'root/bin/go'), 0o444); // as the files of a module are
		await program(
			old.go,
			`[ $1 = version ] && echo "go version go1.19.8 linux/amd64" && exit
[ "$1 $2 $3" = "mod download -json" ] && echo '{"Dir":"${newer.bin}/root"}'`,
		);
		expect(await readFile(await find(old.bin, cache), 'utf8')).toBe('go1.26.8\n');
	});

	it('takes the path given and no other', async () => {
		const given = await program(join(await newFolder(), 'server'));
		expect(await findFakeGcs({ serverPath: given })).toBe(given);
		await expect(findFakeGcs({ serverPath: '/no/server' })).rejects.toThrow('/no/server');
	});
});
