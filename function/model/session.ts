import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AnalysisError } from '../errors.ts';
import type { Weights } from './manifest.ts';

const require = createRequire(import.meta.url);

/** Where models run. */
export type Provider = 'cpu' | 'cuda';

/** A tensor: a typed array in row-major order and its shape. */
export type Tensor = { readonly data: Float32Array | Uint8Array | BigInt64Array; readonly shape: readonly number[] };

/** An output of a model. */
export type Output = Tensor & { readonly data: Float32Array };

/** An input or output of a graph; a free dimension is a name or -1. */
export type Port = { readonly name: string; readonly type: string; readonly shape: readonly (number | string)[] };

/** One loaded model. */
export type Session = {
	readonly inputs: readonly Port[];
	readonly outputs: readonly Port[];
	/** Runs the model once and returns the named outputs in that order; throws model-failed. */
	run<const N extends readonly string[]>(
		feeds: Readonly<Record<string, Tensor>>,
		outputs: N,
	): Promise<{ [K in keyof N]: Output }>;
	/** Ends the trace of a model opened with `traced` and returns how many operators each provider ran; throws provider-missing if there is no trace. */
	endTrace(): Promise<Placement>;
	/** Frees the model. */
	close(): Promise<void>;
};

/** How many operators of a graph ran on each provider. onnxruntime silently runs on the CPU what its CUDA provider does not support or could not place. */
export type Placement = Readonly<Record<Provider, number>>;

/** How a model is opened. */
export type OpenOptions = {
	readonly provider: Provider;
	/** Cores that one run may use on the CPU. */
	readonly threads: number;
	/** Whether to record which provider runs each operator until `endTrace`; default false. */
	readonly traced?: boolean;
	/** External weights under the names that the graph uses; their bytes are transferred and empty afterwards. */
	readonly weights?: readonly Weights[];
};

/** A thread that runs models one after another, so that reading, decoding and cancelling continue meanwhile. */
export type Runtime = {
	/** Loads a model from its graph's checked bytes; throws model-failed, or provider-missing if CUDA was requested but is not available. */
	open(name: string, bytes: Uint8Array, options: OpenOptions): Promise<Session>;
	/** Ends the thread after its current run and frees all models; every later call fails. */
	close(): Promise<void>;
};

function startThread(): Worker {
	// From 1.29 on, onnxruntime's official builds send usage data to Microsoft and keep a device id and a database in the home folder.
	// This is the only complete opt-out (onnxruntime pull request 29843), and it must be set before the library is loaded.
	process.env.ORT_DISABLE_TELEMETRY = '1';
	return new Worker(new URL('./session-worker.mjs', import.meta.url));
}

/** Starts the thread; it keeps the process alive only while a model runs. */
export function startRuntime(worker: Worker = startThread()): Runtime {
	const pending = new Map<number, PromiseWithResolvers>();
	let lastId = 0;
	let lastSession = 0;
	let ended: Error | null = null;
	let whenIdle = () => {};
	worker.unref();
	worker.on('message', ({ id, result, error }) => {
		const call = take(id);
		if (error === undefined) call?.resolve(result);
		else call?.reject(new Error(error));
	});
	worker.on('error', end);
	worker.on('messageerror', end);
	worker.on('exit', () => end(new Error('the thread that runs models has ended')));

	function take(id: number): PromiseWithResolvers | undefined {
		const call = pending.get(id);
		pending.delete(id);
		if (pending.size > 0) return call;
		worker.unref();
		whenIdle();
		return call;
	}
	/** The thread is gone: rejects all pending calls and every later one. */
	function end(error: Error): void {
		ended ??= error;
		for (const id of [...pending.keys()]) take(id)?.reject(ended);
	}
	function ask(message: object, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
		if (ended) return Promise.reject(ended);
		const id = ++lastId;
		return new Promise((resolve, reject) => {
			pending.set(id, { resolve, reject });
			worker.ref();
			worker.postMessage({ id, ...message }, moved);
		});
	}

	return {
		async open(name, bytes, { provider, threads, traced = false, weights = [] }) {
			if (provider === 'cuda' && !isCudaInstalled())
				throw new AnalysisError('provider-missing', 'environment', 'this onnxruntime was installed without CUDA');
			const session = ++lastSession;
			const opening = { kind: 'open', session, bytes, weights, provider, threads, traced };
			const ports = await ask(
				opening,
				weights.map((each) => each.bytes.buffer),
			).catch((cause: Error) => {
				const code = provider === 'cuda' ? 'provider-missing' : 'model-failed';
				throw new AnalysisError(code, 'environment', `${name}: ${cause.message}`, { cause });
			});
			return {
				...(ports as Pick<Session, 'inputs' | 'outputs'>),
				async run<const N extends readonly string[]>(feeds: Readonly<Record<string, Tensor>>, outputs: N) {
					const results = await ask({ kind: 'run', session, feeds, outputs }).catch((cause: Error) => {
						throw new AnalysisError('model-failed', 'score', `${name}: ${cause.message}`, { cause });
					});
					return results as { [K in keyof N]: Output };
				},
				async endTrace() {
					const placement = await ask({ kind: 'endTrace', session }).catch((cause: Error) => {
						throw new AnalysisError('provider-missing', 'environment', `${name}: no trace: ${cause.message}`, {
							cause,
						});
					});
					return placement as Placement;
				},
				async close() {
					if (!ended) await ask({ kind: 'close', session });
				},
			};
		},
		async close() {
			ended ??= new Error('the thread that runs models was closed');
			// onnxruntime crashes the whole process if its thread is terminated during a run
			if (pending.size > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
			await worker.terminate();
		},
	};
}

type PromiseWithResolvers = { resolve(value: unknown): void; reject(error: Error): void };

/** Whether onnxruntime's CUDA provider is installed, which is a separate download (`ONNXRUNTIME_NODE_INSTALL=cuda12`). */
export function isCudaInstalled(): boolean {
	const binding = `bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`;
	return existsSync(join(dirname(require.resolve('onnxruntime-node/package.json')), binding));
}

/** Version of onnxruntime-node. */
export const runtimeVersion: string = require('onnxruntime-node/package.json').version;
