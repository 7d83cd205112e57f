import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { isAbort, type ProblemError, toProblemError } from './problem-error.ts';

/** Failures in a row after which it is given up: some 15 seconds of pauses. */
const maxAttempts = 5;

/** Codes of the way to the service and of the service itself, not of an analysis: the same request can succeed a little later. */
const passing: ReadonlySet<string> = new Set([
	...['offline', 'service-unreachable', 'bad-answer', 'rate-limited', 'request-slow', 'not-ready', 'shutting-down'],
	...['store-failed', 'internal'],
]);

/** What `work` gives; tried again after a pause, or after that which the service asks for, while what went wrong may pass. */
export async function retrying<T>(
	machine: Pick<Machine, 'isOnline' | 'onConnection' | 'pause'>,
	work: () => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	for (let attempt = 0; ; attempt++) {
		try {
			return await work();
		} catch (thrown) {
			const fault = toProblemError(thrown);
			if (isAbort(thrown) || attempt >= maxAttempts || !mayPass(fault)) throw thrown;
			await pauseForNetwork(machine, Math.max(growingPauseMs(attempt), 1000 * (fault.retryAfterS ?? 0)), signal);
		}
	}
}

const mayPass = ({ code, retryable }: ProblemError) => retryable && passing.has(code);
