import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AnalysisError, type ErrorCode, type Stage } from '../errors.ts';
import type { Weights } from './manifest.ts';

const require = createRequire(import.meta.url);

/** Where models run. */
export type Provider = 'cpu' | 'cuda';

/** A tensor: a typed array in row-major order and its shape. */
export type Tensor = {
	readonly data: Float32Array | Uint8Array | BigInt64Array;
	readonly shape: readonly number[];
	/** Whether the run may take the data, which are empty afterwards, instead of copying them. */
	readonly isMoved?: boolean;
};

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
	const thread = new ModelThread(worker);
	let lastSession = 0;
	return {
		async open(name, bytes, { provider, threads, traced = false, weights = [] }) {
			if (provider === 'cuda' && !isCudaInstalled())
				throw new AnalysisError('provider-missing', 'environment', 'this onnxruntime was installed without CUDA');
			const session = ++lastSession;
			const opening = { kind: 'open', session, bytes, weights, provider, threads, traced };
			const moved = weights.map((each) => each.bytes.buffer);
			const code = provider === 'cuda' ? 'provider-missing' : 'model-failed';
			const ports = await thread.ask(opening, moved).catch(rethrowAs(code, 'environment', name));
			return {
				...(ports as Pick<Session, 'inputs' | 'outputs'>),
				async run<const N extends readonly string[]>(feeds: Readonly<Record<string, Tensor>>, outputs: N) {
					const results = thread.ask({ kind: 'run', session, feeds, outputs }, movedBuffers(feeds));
					return (await results.catch(rethrowAs('model-failed', 'score', name))) as { [K in keyof N]: Output };
				},
				async endTrace() {
					const placement = thread.ask({ kind: 'endTrace', session });
					const rethrow = rethrowAs('provider-missing', 'environment', `${name}: no trace`);
					return (await placement.catch(rethrow)) as Placement;
				},
				async close() {
					if (!thread.ended) await thread.ask({ kind: 'close', session });
				},
			};
		},
		close: () => thread.close(),
	};
}

const movedBuffers = (feeds: Readonly<Record<string, Tensor>>): ArrayBuffer[] =>
	Object.values(feeds).flatMap(({ data, isMoved }) =>
		isMoved && data.buffer instanceof ArrayBuffer ? [data.buffer] : [],
	);

const rethrowAs = (code: ErrorCode, stage: Stage, what: string) => (cause: Error) => {
	throw new AnalysisError(code, stage, `${what}: ${cause.message}`, { cause });
};

/** The thread and the calls that it has not answered. */
class ModelThread {
	/** Why every later call fails; null while the thread runs. */
	ended: Error | null = null;
	readonly #worker: Worker;
	readonly #pending = new Map<number, PromiseWithResolvers>();
	#lastId = 0;
	#whenIdle = () => {};

	constructor(worker: Worker) {
		this.#worker = worker;
		worker.unref();
		worker.on('message', ({ id, result, error }) => {
			const call = this.#take(id);
			if (error === undefined) call?.resolve(result);
			else call?.reject(new Error(error));
		});
		worker.on('error', (error) => this.#end(error));
		worker.on('messageerror', (error) => this.#end(error));
		worker.on('exit', () => this.#end(new Error('the thread that runs models has ended')));
	}

	ask(message: object, moved: readonly ArrayBuffer[] = []): Promise<unknown> {
		if (this.ended) return Promise.reject(this.ended);
		const id = ++this.#lastId;
		return new Promise((resolve, reject) => {
			this.#pending.set(id, { resolve, reject });
			this.#worker.ref();
			this.#worker.postMessage({ id, ...message }, moved);
		});
	}

	async close(): Promise<void> {
		this.ended ??= new Error('the thread that runs models was closed');
		// onnxruntime crashes the whole process if its thread is terminated during a run
		if (this.#pending.size > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve));
		await this.#worker.terminate();
	}

	#take(id: number): PromiseWithResolvers | undefined {
		const call = this.#pending.get(id);
		this.#pending.delete(id);
		if (this.#pending.size > 0) return call;
		this.#worker.unref();
		this.#whenIdle();
		return call;
	}

	/** The thread is gone: rejects all pending calls and every later one. */
	#end(error: Error): void {
		this.ended ??= error;
		for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(this.ended);
	}
}

type PromiseWithResolvers = { resolve(value: unknown): void; reject(error: Error): void };

/** Whether onnxruntime's CUDA provider is installed, which is a separate download (`ONNXRUNTIME_NODE_INSTALL=cuda12`). */
export function isCudaInstalled(): boolean {
	const binding = `bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`;
	return existsSync(join(dirname(require.resolve('onnxruntime-node/package.json')), binding));
}

/** Version of onnxruntime-node. */
export const runtimeVersion: string = require('onnxruntime-node/package.json').version;
