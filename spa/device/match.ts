import { ProblemError } from '../../function/client/problem-error.ts';
import type { FromMatcher, KeyFace, ToMatcher } from './match-messages.ts';

export { differentFrom, sameUpTo } from '../../function/vision/same-person.ts';
export type { KeyFace };

/** The distance of each person of one report from each person of another. */
export type Matches = Extract<FromMatcher, { type: 'matches' }>['matches'];

/**
 * Compares the people of two reports in this browser; nothing is sent. Rejects with `device-models` if the model is not available, `device-died`
 * if the browser ends the worker, and with an AbortError on `signal`.
 */
export function matchInBrowser(question: ToMatcher, signal: AbortSignal): Promise<Matches> {
	return new Promise((resolve, reject) => {
		signal.throwIfAborted();
		const worker = new Worker(new URL('./match.worker.ts', import.meta.url), { type: 'module' });
		const end = (settle: () => void) => {
			worker.terminate();
			settle();
		};
		signal.addEventListener('abort', () => end(() => reject(signal.reason)), { once: true });
		worker.onerror = () => end(() => reject(new ProblemError('device-died', { retryable: true })));
		worker.onmessage = ({ data }: MessageEvent<FromMatcher>) => {
			if (data.type === 'matches') return end(() => resolve(data.matches));
			const code = data.code.startsWith('model-') && data.code !== 'model-failed' ? 'device-models' : 'device-died';
			end(() => reject(new ProblemError(code, { detail: data.code, retryable: true })));
		};
		worker.postMessage(question);
	});
}
