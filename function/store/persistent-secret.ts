import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secret saved in a folder, created on first use, so that uploads can resume after a restart. Throws the errors of the file system. */
export async function persistentSecret(folder: string): Promise<string> {
	const path = join(folder, 'secret');
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const own = join(folder, `secret-${randomUUID()}.tmp`);
	await writeFile(own, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
	try {
		await link(own, path); // atomic, and never replaces: if two processes start at once, the first one's secret counts
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	} finally {
		await rm(own, { force: true });
	}
	return readFile(path, 'utf8');
}
