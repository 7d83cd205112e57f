import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secret of a folder, made once: an upload that was begun before a restart can go on after it. Throws what the file system does. */
export async function keptSecret(folder: string): Promise<string> {
	const path = join(folder, 'secret');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const own = join(folder, `secret-${randomUUID()}.tmp`);
	await writeFile(own, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
	try {
		await link(own, path); // whole or not at all, and never replaced: of two that begin at once the first one's counts
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		await rm(own, { force: true });
	}
	return readFile(path, 'utf8');
}
