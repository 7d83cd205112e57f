/** What a process may use at most; past it, it fails or is killed, and the analysis with it. */
export type ProcessLimits = {
	/**
	 * Writable memory of its own, MB (RLIMIT_DATA; null = any). The whole address space (RLIMIT_AS) would also count what
	 * glibc, V8 and CUDA only reserve, gigabytes on a machine of many cores.
	 */
	readonly memoryMb: number | null;
	/** Seconds of CPU time of all its threads together; null = any. */
	readonly cpuS: number | null;
	/** Largest file that it may write, MB; 0 = none. Pipes are no files. */
	readonly filesMb: number;
};

/** The shell that POSIX promises. */
export const shell = '/bin/sh';
/** Where memory runs out, the kernel ends these before the service (proc(5): -1000..1000). */
const outOfMemoryScore = 900;
/** `ulimit -f` counts blocks of 512 bytes (POSIX). */
const blocksAMb = 2048;
/** From the signal that asks it to end to the one that ends it, CPU seconds. */
const lastWordsS = 5;

/**
 * A command that runs `command` within the limits, without core dumps: a shell sets them and becomes the program, so the
 * process id and the pipes stay the same. What a platform does not know of them is left out.
 */
export function confined(command: readonly string[], limits: ProcessLimits): readonly [string, ...string[]] {
	return [shell, '-c', script(limits), 'sh', ...command];
}

function script({ memoryMb, cpuS, filesMb }: ProcessLimits): string {
	const settings = [
		`echo ${outOfMemoryScore} > /proc/self/oom_score_adj`,
		...(memoryMb === null ? [] : [`ulimit -d ${memoryMb * 1024}`]),
		...(cpuS === null ? [] : [`ulimit -S -t ${Math.ceil(cpuS)}`, `ulimit -H -t ${Math.ceil(cpuS) + lastWordsS}`]),
		'ulimit -c 0',
		`ulimit -f ${filesMb * blocksAMb}`,
	];
	// shells export where they are, which is nobody's business
	return `{ ${settings.join('; ')}; } 2>/dev/null; unset PWD OLDPWD SHLVL; exec "$@"`;
}
