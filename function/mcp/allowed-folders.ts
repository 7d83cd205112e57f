import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnalysisError, usageError } from '../errors.ts';

/** The folders whose files an agent may name. Links are resolved before comparing. */
export class AllowedFolders {
	/** Real paths. */
	readonly folders: readonly string[];

	private constructor(folders: readonly string[]) {
		this.folders = folders;
	}

	/** Resolves the folders; throws `usage` for a path that is not a folder. */
	static async open(paths: readonly string[]): Promise<AllowedFolders> {
		const folders: string[] = [];
		for (const path of paths) {
			const real = await realpath(path).catch(() => null);
			if (real === null || !(await stat(real)).isDirectory())
				throw usageError(`--allow takes a folder, not '${path}'.`);
			folders.push(real);
		}
		return new AllowedFolders(folders);
	}

	/**
	 * The real path of a file, given as a path (a relative one starts at the first folder) or a `file:` address. Throws `path-refused` for anything
	 * outside the folders, whether it exists or not, and `file-not-found` or `file-unreadable` inside.
	 */
	async resolve(location: string): Promise<string> {
		const path = resolve(this.folders[0] ?? '/', pathOf(location));
		const real = await realpath(path).catch((thrown: NodeJS.ErrnoException) => thrown);
		if (typeof real === 'string') {
			if (this.#isInside(real)) return real;
			throw refused();
		}
		if (!this.#isInside(path)) throw refused();
		throw new AnalysisError(real.code === 'EACCES' ? 'file-unreadable' : 'file-not-found', 'arguments');
	}

	#isInside(path: string): boolean {
		return this.folders.some((folder) => {
			const relativePath = relative(folder, path);
			return (
				relativePath !== '' &&
				relativePath !== '..' &&
				!relativePath.startsWith(`..${sep}`) &&
				!isAbsolute(relativePath)
			);
		});
	}
}

function pathOf(location: string): string {
	if (location.includes('\0')) throw refused();
	if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(location)) return location;
	try {
		return fileURLToPath(location);
	} catch (cause) {
		throw new AnalysisError('path-refused', 'arguments', 'expected a path or a file: address', { cause });
	}
}

const refused = () => new AnalysisError('path-refused', 'arguments');
