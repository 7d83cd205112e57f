import { basename, join } from 'node:path';

/**
 * A folder below `out` for each file's results: the file's name, numbered if several files share it. All are distinct, even on disks that
 * treat `A` and `a`, or two encodings of `é`, as the same name.
 */
export function outFolders(out: string, paths: readonly string[]): string[] {
	const names = paths.map((path) => basename(path));
	const counts = new Map<string, number>();
	for (const key of names.map(keyOf)) counts.set(key, (counts.get(key) ?? 0) + 1);
	const isAlone = (name: string) => counts.get(keyOf(name)) === 1;
	const taken = new Set(names.filter(isAlone).map(keyOf));
	return names.map((name) => {
		if (isAlone(name)) return join(out, name);
		let number = 1;
		while (taken.has(keyOf(`${name}-${number}`))) number++;
		taken.add(keyOf(`${name}-${number}`));
		return join(out, `${name}-${number}`);
	});
}

const keyOf = (name: string) => name.normalize('NFC').toLowerCase();
