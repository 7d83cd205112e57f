import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The resources that a service uses; Linux only (proc(5)). */
export type Footprint = {
	/** The processes below it, including the model process. */
	readonly processes: readonly { readonly pid: number; readonly command: string }[];
	/** Resident memory of the service itself and of the model process, MB. */
	readonly serviceMb: number;
	readonly modelsMb: number;
	/** Open files, pipes and sockets of both, except client connections. */
	readonly openFiles: number;
	/** Files in the given folders, except those that match `except`. */
	readonly files: readonly string[];
};

/** Measures a service and the folders that it writes to. */
export async function footprintOf(
	pid: number,
	folders: readonly string[],
	except: (path: string) => boolean,
): Promise<Footprint> {
	const processes = descendantsOf(pid, folders);
	const [models] = processes.filter(({ parent, command }) => parent === pid && command.includes('child.js'));
	const files = await Promise.all(folders.map(filesIn));
	return {
		processes,
		serviceMb: residentMb(pid),
		modelsMb: models ? residentMb(models.pid) : 0,
		openFiles: openFilesOf(pid) + (models ? openFilesOf(models.pid) : 0),
		files: files.flat().filter((path) => !except(path)),
	};
}

type Descendant = { readonly pid: number; readonly parent: number; readonly command: string };

/** Every living process below `pid`, and processes that work on its files, whose parent may be gone. */
function descendantsOf(pid: number, folders: readonly string[]): readonly Descendant[] {
	const all = readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.flatMap((name) => {
			const [, state = '', parent] = /\) (\S) (\d+)/.exec(read(`/proc/${name}/stat`)) ?? [];
			if (state === '' || state === 'Z') return [];
			const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
			return [{ pid: Number(name), parent: Number(parent), command }];
		});
	const works = ({ command }: Descendant) =>
		/^\S*ff\w+ /.test(command) && folders.some((folder) => command.includes(folder));
	const found = new Set([pid, ...all.filter(works).map((one) => one.pid)]);
	for (let size = 0; size < found.size; ) {
		size = found.size;
		for (const one of all) if (found.has(one.parent)) found.add(one.pid);
	}
	return all.filter((one) => one.pid !== pid && found.has(one.pid));
}

const residentMb = (pid: number) =>
	Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1000);

function openFilesOf(pid: number): number {
	const folder = `/proc/${pid}/fd`;
	try {
		// sockets belong to clients that keep their connection
		return readdirSync(folder).filter((name) => !linkOf(join(folder, name)).startsWith('socket:')).length;
	} catch {
		return 0;
	}
}

function linkOf(path: string): string {
	try {
		return readlinkSync(path);
	} catch {
		return 'socket:'; // closed in the meantime
	}
}

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return ''; // the process has ended
	}
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	return entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}
