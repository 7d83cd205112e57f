import { ProblemError } from '../../function/client/problem-error.ts';
import type { WirePlan } from '../../function/contract/plan.ts';
import type { FromDevice, ToDevice } from './messages.ts';

/** An event of an analysis on this device. */
export type DeviceEvent = Exclude<FromDevice, { type: 'event' }> | Extract<FromDevice, { type: 'event' }>['event'];

/** Analyses files inside this browser, one after another; nothing of them is sent. */
export type Device = {
	/**
	 * Events that end with `report` or `failed`. Rejects with `device-models` if the worker cannot be loaded, `device-died` if the browser ends it,
	 * and with an AbortError on `signal`.
	 */
	analyse(file: File, plan: WirePlan, signal: AbortSignal): AsyncGenerator<DeviceEvent, void>;
};

/** Whether this browser has the required APIs. */
export const canAnalyse = (): boolean =>
	typeof Worker === 'function' &&
	'VideoDecoder' in globalThis &&
	'OffscreenCanvas' in globalThis &&
	'WebAssembly' in globalThis;

/**
 * `modelsUrl` is the folder of the models, with a trailing slash. The worker is started on first use and stays, because its files may be out of reach
 * later, when the network is cut.
 */
export function createDevice(modelsUrl: string): Device {
	let worker: Worker | null = null;
	return {
		async *analyse(file, plan, signal) {
			signal.throwIfAborted();
			worker ??= new Worker(new URL('./device.worker.ts', import.meta.url), { type: 'module' });
			const own = worker;
			const waiting: DeviceEvent[] = [];
			let fault: unknown = null;
			let hasAnswered = false;
			let wake = () => {};
			const end = (reason: unknown) => {
				fault = reason;
				own.terminate();
				worker = null;
				wake();
			};
			const leave = new AbortController();
			const { signal: whileRunning } = leave;
			own.addEventListener(
				'message',
				({ data }: MessageEvent<FromDevice>) => {
					hasAnswered = true;
					waiting.push(data.type === 'event' ? data.event : data);
					wake();
				},
				{ signal: whileRunning },
			);
			own.addEventListener(
				'error',
				// before its first message, the worker's own file may not have arrived
				() => end(new ProblemError(hasAnswered ? 'device-died' : 'device-models', { retryable: true })),
				{ signal: whileRunning },
			);
			signal.addEventListener('abort', () => end(signal.reason), { signal: whileRunning });
			own.postMessage({ file, plan, modelsUrl } satisfies ToDevice);
			try {
				while (true) {
					const event = waiting.shift();
					if (event) {
						yield event;
						if (event.type === 'report' || event.type === 'failed') return;
					} else if (fault !== null) throw fault;
					else await new Promise<void>((resolve) => (wake = resolve));
				}
			} finally {
				leave.abort();
			}
		},
	};
}
