import glueUrl from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { AnalysisError } from '../../function/errors.ts';
import type { Output, Port, Session, Tensor } from '../../function/model/session.ts';

/** More threads than this gain little on networks of this size. */
const mostThreads = 4;

/** Without an arena a session gives back what a run took: eight arenas grow by doubling and keep it, and the heap of WebAssembly never shrinks. */
const options: ort.InferenceSession.SessionOptions = {
	executionProviders: ['wasm'],
	logSeverityLevel: 3,
	enableCpuMemArena: false,
	enableMemPattern: false,
};

/** Version of onnxruntime-web. */
export const runtimeVersion = ort.env.versions.web ?? ort.env.versions.common;

/** Sets the runtime up, once, before the first model is opened: threads only where the page is isolated from others. */
export function prepareRuntime(): void {
	ort.env.wasm.wasmPaths = {
		mjs: new URL(glueUrl, import.meta.url).href,
		wasm: new URL(wasmUrl, import.meta.url).href,
	};
	ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(mostThreads, navigator.hardwareConcurrency) : 1;
	ort.env.logLevel = 'error';
}

/** A graph as a session like those of the program's own runtime; throws model-failed. */
export async function openSession(name: string, bytes: Uint8Array): Promise<Session> {
	const session = await ort.InferenceSession.create(bytes, options).catch((cause: Error) => {
		throw new AnalysisError('model-failed', 'environment', `${name}: ${cause.message}`, { cause });
	});
	let busy: Promise<unknown> = Promise.resolve();
	return {
		inputs: session.inputMetadata.map(describe),
		outputs: session.outputMetadata.map(describe),
		async run<const N extends readonly string[]>(feeds: Readonly<Record<string, Tensor>>, outputs: N) {
			const tensors = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, tensorOf(tensor)]));
			const run = busy.then(() => session.run(tensors, [...outputs]));
			busy = run.catch(() => {}); // a session runs once at a time; whoever asked is told
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
