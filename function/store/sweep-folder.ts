import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isUnfinished } from '../files/write-whole.ts';
import { nullIfMissing } from './upload-files.ts';

/** Temporary files live for milliseconds; one of this age, in seconds, was left by a crash. */
const temporaryS = 60;

/** Lists the ids in `folder`, each with the age of its youngest file in seconds; removes unfinished files that a crash left behind. */
export async function listIds(folder: string): Promise<Map<string, number>> {
	const ages = new Map<string, number>();
	for (const name of (await nullIfMissing(readdir(folder))) ?? []) {
		const status = await nullIfMissing(stat(join(folder, name)));
		if (!status) continue;
		const ageS = (Date.now() - status.mtimeMs) / 1000;
		const id = /^([0-9a-f]{32})(\.part|\.json)?$/.exec(name)?.[1];
		if (id) ages.set(id, Math.min(ageS, ages.get(id) ?? ageS));
		else if (isUnfinished(name) && ageS > temporaryS) await rm(join(folder, name), { force: true });
	}
	return ages;
}
