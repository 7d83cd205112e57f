import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { AnalysisError } from '../../function/errors.ts';
import type { Output, Port, Session, Tensor } from '../../function/model/session.ts';

/** More threads bring little on networks of this size. */
const maxThreads = 4;

/** Without an arena, a session frees the memory of each run. Eight arenas would each grow by doubling and keep it, and WebAssembly's heap never shrinks. */
const options: ort.InferenceSession.SessionOptions = {
	executionProviders: ['wasm'],
	logSeverityLevel: 3,
	enableCpuMemArena: false,
	enableMemPattern: false,
};

/** Whether a graph has been opened, which needs the runtime's own files. */
let isRuntimeOpen = false;

export const runtimeVersion = ort.env.versions.web ?? ort.env.versions.common;

/** Configures the runtime once, before the first model is opened; uses threads only if the page is cross-origin isolated. */
export function prepareRuntime(): void {
	ort.env.wasm.wasmPaths = {
		mjs: new URL(glueUrl, import.meta.url).href,
		wasm: new URL(wasmUrl, import.meta.url).href,
	};
	ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(maxThreads, navigator.hardwareConcurrency) : 1;
	ort.env.logLevel = 'error';
}

/**
 * Keeps weights as they are in the file until a run needs them, a layer at a time. By default, those of 8 and 16 bits become 32 bits when the graph is
 * opened, several copies at once. The outputs are the same.
 */
const small: ort.InferenceSession.SessionOptions = {
	extra: { optimization: { disable_specified_optimizers: 'ConstantFolding' } },
};

/**
 * Opens a graph as a session with the same interface as the program's own runtime. `isRare`: it runs so rarely that its memory matters more than its
 * speed. Throws model-missing (the runtime), model-failed.
 */
export async function openSession(name: string, bytes: Uint8Array, isRare = false): Promise<Session> {
	const session = await ort.InferenceSession.create(bytes, isRare ? { ...options, ...small } : options).catch(
		(cause: Error) => {
			// until a first graph was opened, the runtime itself may not have arrived
			const isMissing = !isRuntimeOpen && !/memory/i.test(cause.message);
			throw new AnalysisError(
				isMissing ? 'model-missing' : 'model-failed',
				'environment',
				`${name}: ${cause.message}`,
				{
					cause,
				},
			);
		},
	);
	isRuntimeOpen = true;
	let busy: Promise<unknown> = Promise.resolve();
	return {
		inputs: session.inputMetadata.map(describe),
		outputs: session.outputMetadata.map(describe),
		async run<const N extends readonly string[]>(feeds: Readonly<Record<string, Tensor>>, outputs: N) {
			const tensors = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, tensorOf(tensor)]));
			const run = busy.then(() => session.run(tensors, [...outputs]));
			busy = run.catch(() => {}); // a session handles one run at a time; the caller gets the error
			const results = await run.catch((cause: Error) => {
				throw new AnalysisError('model-failed', 'score', `${name}: ${cause.message}`, { cause });
			});
			return outputs.map((output) => ({
				data: Float32Array.from(results[output]?.data as Float32Array),
				shape: results[output]?.dims ?? [],
			})) as { [K in keyof N]: Output };
		},
		endTrace: async () => ({ cpu: 0, cuda: 0 }),
		close: () => session.release(),
	};
}

const tensorOf = ({ data, shape }: Tensor) => {
	const type = data instanceof Float32Array ? 'float32' : data instanceof Uint8Array ? 'uint8' : 'int64';
	return new ort.Tensor(type, data as Float32Array, shape);
};

const describe = (value: ort.InferenceSession.ValueMetadata): Port => ({
	name: value.name,
	type: value.isTensor ? value.type : 'no tensor',
	shape: value.isTensor ? [...value.shape] : [],
});
