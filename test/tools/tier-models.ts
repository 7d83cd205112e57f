import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';

/** Id of the stand-in for a thorough classifier. */
export const thoroughId = 'thorough-stand-in';

type Entry = {
	readonly id: string;
	readonly kind: string;
	readonly file: string;
	readonly tier?: string;
	readonly spec?: object;
};

/**
 * Makes a models folder with only the fast tier, or also with a thorough one: the fast one's file under another id and `mirrored`, so that its numbers
 * differ. Tests of tiers find these, whatever tiers the repository's own manifest has.
 */
export async function makeTierModels(folder: string, hasThorough: boolean): Promise<string> {
	const models = join(packageRoot(), 'models');
	const manifest = JSON.parse(await readFile(join(models, 'manifest.json'), 'utf8'));
	const speed = (facesASecond: number) => ({ facesASecond, on: 'a made-up machine' });
	const files: Entry[] = manifest.files
		.filter(({ tier }: Entry) => tier !== 'thorough')
		.map((entry: Entry) => (entry.id === manifest.defaultClassifier ? { ...entry, speed: speed(70) } : entry));
	const fast = files.find(({ id }) => id === manifest.defaultClassifier);
	const thorough = {
		...fast,
		id: thoroughId,
		tier: 'thorough',
		spec: { ...fast?.spec, mirrored: true },
		speed: speed(20),
	};
	await mkdir(folder, { recursive: true });
	for (const file of new Set(files.map(({ file }) => file))) await symlink(join(models, file), join(folder, file));
	const all = { ...manifest, files: hasThorough ? [...files, thorough] : files };
	await writeFile(join(folder, 'manifest.json'), JSON.stringify(all));
	return folder;
}
