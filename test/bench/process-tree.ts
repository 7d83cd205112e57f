import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process and all of its descendants, MB, with shared pages counted once (PSS; proc_pid_smaps_rollup(5)). Linux only. */
export function treeMemoryMb(pid: number): number {
	const parents = new Map<number, number>();
	for (const name of readdirSync('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const parent = Number(/\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1]);
		parents.set(Number(name), parent);
	}
	const isInTree = (id: number): boolean => id === pid || (parents.has(id) && isInTree(parents.get(id) as number));
	let kilobytes = 0;
	for (const id of parents.keys())
		if (isInTree(id)) kilobytes += Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${id}/smaps_rollup`))?.[1] ?? 0);
	return kilobytes / 1000;
}

/** Resident memory of one process, MB; NaN if it has ended. Linux only (proc_pid_status(5)). */
export const residentMb = (pid: number) => Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1000;

/** Peak resident memory of one process so far, MB; NaN if it has ended. Linux only. */
export const peakMb = (pid: number) => Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]) / 1000;

/** Ticks per second in /proc/PID/stat; 100 on every Linux that Node runs on (USER_HZ). */
export const ticksASecond = 100;

/** Processor seconds of the ended processes that this one started, and of their descendants (proc_pid_stat(5)). Linux only. */
export function processorSecondsOfChildren(): number {
	const [, rest = ''] = /.*\) (.*)/.exec(read('/proc/self/stat')) ?? [];
	const values = rest.split(' ').map(Number);
	return ((values[13] ?? 0) + (values[14] ?? 0)) / ticksASecond;
}

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return ''; // the process has ended
	}
}
