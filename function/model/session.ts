import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { AnalysisError } from '../errors.ts';

const require = createRequire(import.meta.url);

/** The only file that imports onnxruntime: opens models and runs them. */

/** Where models run. */
export type Provider = 'cpu' | 'cuda';

/** A tensor: typed array in row order and its shape. */
export type Tensor = { readonly data: Float32Array | Uint8Array | BigInt64Array; readonly shape: readonly number[] };

/** An output of a model. */
export type Output = Tensor & { readonly data: Float32Array };

/** One loaded model; `run` blocks the thread while it computes, so decoding is read by another one. */
export type Session = {
	readonly provider: Provider;
	/** Runs the model once and gives the named outputs in that order; throws model-failed. */
	run<const N extends readonly string[]>(
		feeds: Readonly<Record<string, Tensor>>,
		outputs: N,
	): Promise<{ [K in keyof N]: Output }>;
	/** Frees the model. */
	close(): Promise<void>;
};

const elementType = (data: Tensor['data']) =>
	data instanceof Float32Array ? 'float32' : data instanceof Uint8Array ? 'uint8' : 'int64';

/** Loads a model from its checked bytes; throws model-failed, or provider-missing where CUDA was asked for and is not there. */
export async function openSession(
	name: string,
	bytes: Uint8Array,
	provider: Provider,
	threads: number,
): Promise<Session> {
	if (provider === 'cuda' && !isCudaInstalled())
		throw new AnalysisError('provider-missing', 'environment', 'this onnxruntime was installed without CUDA');
	const session = await ort.InferenceSession.create(bytes, {
		executionProviders: provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
		intraOpNumThreads: threads,
		logSeverityLevel: 3,
		// Threads that wait by spinning would take the cores that the decoder needs.
		extra: { session: { intra_op: { allow_spinning: '0' } } },
	}).catch((cause: unknown) => {
		const code = provider === 'cuda' ? 'provider-missing' : 'model-failed';
		throw new AnalysisError(code, 'environment', `${name}: ${firstLine(cause)}`, { cause });
	});
	return {
		provider,
		async run<const N extends readonly string[]>(feeds: Readonly<Record<string, Tensor>>, outputs: N) {
			const tensors = Object.fromEntries(
				Object.entries(feeds).map(([key, { data, shape }]) => [key, new ort.Tensor(elementType(data), data, shape)]),
			);
			const results = await session.run(tensors, outputs).catch((cause: unknown) => {
				throw new AnalysisError('model-failed', 'score', `${name}: ${firstLine(cause)}`, { cause });
			});
			const named = outputs.map((output) => ({
				data: results[output]?.data as Float32Array,
				shape: results[output]?.dims ?? [],
			}));
			return named as { [K in keyof N]: Output };
		},
		close: () => session.release(),
	};
}

/** Whether the CUDA part of onnxruntime is installed; it is a separate download (`ONNXRUNTIME_NODE_INSTALL=cuda12`). */
function isCudaInstalled(): boolean {
	const binding = `bin/napi-v6/${process.platform}/${process.arch}/libonnxruntime_providers_cuda.so`;
	return existsSync(join(dirname(require.resolve('onnxruntime-node/package.json')), binding));
}

/** Version of onnxruntime-node. */
export const runtimeVersion: string = require('onnxruntime-node/package.json').version;

const firstLine = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown)).split('\n')[0] ?? '';
