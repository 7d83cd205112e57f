import { growingPauseMs, type Machine, pauseForNetwork } from './machine.ts';
import { isAbort, type ProblemError, toProblemError } from './problem-error.ts';

/** Maximum number of retries: about 15 seconds of pauses. */
const maxAttempts = 5;

/** Codes of the connection and of the service itself, not of an analysis: the same request can succeed a little later. */
const temporaryCodes: ReadonlySet<string> = new Set([
	...['offline', 'service-unreachable', 'bad-answer', 'rate-limited', 'request-slow', 'not-ready', 'shutting-down'],
	...['store-failed', 'internal'],
]);

/** Runs `work`, and retries temporary failures after a pause, or after Retry-After if that is longer. */
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
			if (isAbort(thrown) || attempt >= maxAttempts || !isTemporary(fault)) throw thrown;
			await pauseForNetwork(machine, Math.max(growingPauseMs(attempt), 1000 * (fault.retryAfterS ?? 0)), signal);
		}
	}
}

const isTemporary = ({ code, retryable }: ProblemError) => retryable && temporaryCodes.has(code);
