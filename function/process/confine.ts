/** Resource limits of a process. A process that exceeds one fails or is killed, and the analysis fails with it. */
export type ProcessLimits = {
	/**
	 * Private writable memory, MB (RLIMIT_DATA); null for no limit. Limiting the address space (RLIMIT_AS) would also count what glibc,
	 * V8 and CUDA only reserve, which is gigabytes on a machine with many cores.
	 */
	readonly memoryMb: number | null;
	/** CPU time of all threads together, seconds; null for no limit. */
	readonly cpuS: number | null;
	/** Largest file that it may write, MB; 0 forbids files. Pipes do not count. */
	readonly filesMb: number;
};

/** The POSIX shell. */
export const shell = '/bin/sh';
/** When memory runs out, the kernel kills these processes before the service (proc(5): -1000..1000). */
const outOfMemoryScore = 900;
/** `ulimit -f` counts blocks of 512 bytes (POSIX). */
const blocksPerMb = 2048;
/** CPU seconds between the signal that a process can catch and the one that kills it. */
const graceS = 5;

/**
 * A command that runs `command` within the limits and without core dumps. A shell sets the limits and then becomes the program, so
 * the process id and the pipes stay the same. Limits that the platform does not support are skipped.
 */
export function confined(command: readonly string[], limits: ProcessLimits): readonly [string, ...string[]] {
	return [shell, '-c', script(limits), 'sh', ...command];
}

function script({ memoryMb, cpuS, filesMb }: ProcessLimits): string {
	const settings = [
		`echo ${outOfMemoryScore} > /proc/self/oom_score_adj`,
		...(memoryMb === null ? [] : [`ulimit -d ${memoryMb * 1024}`]),
		...(cpuS === null ? [] : [`ulimit -S -t ${Math.ceil(cpuS)}`, `ulimit -H -t ${Math.ceil(cpuS) + graceS}`]),
		'ulimit -c 0',
		`ulimit -f ${filesMb * blocksPerMb}`,
	];
	// shells export their working folder, which the program should not see
	return `{ ${settings.join('; ')}; } 2>/dev/null; unset PWD OLDPWD SHLVL; exec "$@"`;
}
