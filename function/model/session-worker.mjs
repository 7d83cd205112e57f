// @ts-check
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, parentPort } from 'node:worker_threads';
import * as ort from 'onnxruntime-node';

/**
 * The thread that runs models, and the only file that imports onnxruntime: `run` of onnxruntime-node blocks its thread, so it gets one
 * of its own. Plain JavaScript because Node 20 cannot run TypeScript in a worker thread.
 * Messages in: {id, kind: 'open' | 'run' | 'endTrace' | 'close', ...}; out: {id, result} or {id, error}.
 */

/**
 * Whether sums of 8-bit products may overflow 16 bits: on x86 without VNNI, or if VNNI cannot be detected. onnxruntime's option
 * `session.x64quantprecision` then selects slower, exact kernels; with VNNI it would only cost time (1.4 times on a 640 x 480 clip).
 */
const saturates = process.arch === 'x64' && !/\bavx(512)?_vnni\b/.test(cpuFlags());

function cpuFlags() {
	try {
		return readFileSync('/proc/cpuinfo', 'utf8');
	} catch {
		return ''; // not Linux
	}
}

/** @type {Map<number, ort.InferenceSession>} */
const sessions = new Map();
/** Folders that onnxruntime's profiler writes to, by session. @type {Map<number, string>} */
const traces = new Map();

/** @typedef {import('./manifest.ts').Weights} Weights */

/** @type {(data: import('./session.ts').Tensor['data']) => 'float32' | 'uint8' | 'int64'} */
const elementType = (data) =>
	data instanceof Float32Array ? 'float32' : data instanceof Uint8Array ? 'uint8' : 'int64';

/** @type {(value: ort.InferenceSession.ValueMetadata) => import('./session.ts').Port} */
const describe = (value) => ({
	name: value.name,
	type: value.isTensor ? value.type : 'no tensor',
	shape: value.isTensor ? [...value.shape] : [],
});

/** @param {string} folder Counts the operators in a profile of onnxruntime by the provider that ran them. */
function placementIn(folder) {
	const [file = ''] = readdirSync(folder);
	const events = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	/** @param {string} provider */
	const count = (provider) =>
		events.filter((/** @type {any} */ { cat, args }) => cat === 'Node' && args?.provider === provider).length;
	return { cpu: count('CPUExecutionProvider'), cuda: count('CUDAExecutionProvider') };
}

/** @param {number} session */
function removeTrace(session) {
	const folder = traces.get(session);
	if (folder) rmSync(folder, { recursive: true, force: true });
	traces.delete(session);
}

/** @param {ArrayBuffer[]} buffers Frees them now by sending them to a closed port, because garbage collection may take long to free tens of megabytes. */
function free(buffers) {
	const { port1, port2 } = new MessageChannel();
	port2.close();
	port1.postMessage(null, buffers);
	port1.close();
}

/** Holds the shared input of the run in progress. */
let scratch = new Uint8Array(0);
/** The run in progress: onnxruntime begins a run later than it is asked, so the next one must not fill `scratch` before. */
let running = Promise.resolve();

/** @param {import('./session.ts').Tensor['data']} data The data in memory of this thread: onnxruntime refuses shared memory. Valid until the next call. */
function unshared(data) {
	if (!(data instanceof Uint8Array && data.buffer instanceof SharedArrayBuffer)) return data;
	if (scratch.length < data.length) scratch = new Uint8Array(data.length);
	scratch.set(data);
	return scratch.subarray(0, data.length);
}

/** @param {any} message Runs a model. */
async function runNow({ session, feeds, outputs }) {
	/** @type {Record<string, ort.Tensor>} */
	const tensors = {};
	for (const [name, { data, shape }] of Object.entries(feeds))
		tensors[name] = new ort.Tensor(elementType(data), unshared(data), shape);
	const results = await sessions.get(session)?.run(tensors, outputs);
	return outputs.map((/** @type {string} */ name) => ({
		data: Float32Array.from(/** @type {Float32Array} */ (results?.[name]?.data)),
		shape: results?.[name]?.dims,
	}));
}

/** @type {Record<'open' | 'run' | 'endTrace' | 'close', (message: any) => Promise<any>>} */
const handlers = {
	async open({ session, bytes, weights, provider, threads, traced }) {
		if (traced) traces.set(session, mkdtempSync(join(tmpdir(), 'unmask-trace-')));
		const options = {
			executionProviders: provider === 'cuda' ? ['cuda', 'cpu'] : ['cpu'],
			intraOpNumThreads: threads,
			logSeverityLevel: /** @type {const} */ (3),
			externalData: weights.map((/** @type {Weights} */ { file, bytes: data }) => ({ path: file, data })),
			// spinning threads would take cores from the decoder
			extra: { session: { intra_op: { allow_spinning: '0' }, x64quantprecision: saturates ? '1' : '0' } },
		};
		const tracing = { enableProfiling: true, profileFilePrefix: join(traces.get(session) ?? '', 'trace') };
		try {
			const opened = await ort.InferenceSession.create(bytes, { ...options, ...(traced && tracing) });
			sessions.set(session, opened);
			return { inputs: opened.inputMetadata.map(describe), outputs: opened.outputMetadata.map(describe) };
		} catch (error) {
			removeTrace(session);
			throw error;
		} finally {
			free(weights.map((/** @type {Weights} */ each) => each.bytes.buffer)); // the session has copied what it needs
		}
	},
	async endTrace({ session }) {
		try {
			sessions.get(session)?.endProfiling();
			return placementIn(traces.get(session) ?? '');
		} finally {
			removeTrace(session);
		}
	},
	run(message) {
		const result = running.then(() => runNow(message));
		running = result.then(
			() => {},
			() => {},
		);
		return result;
	},
	async close({ session }) {
		await sessions.get(session)?.release();
		sessions.delete(session);
		removeTrace(session);
	},
};

parentPort?.on('message', async (message) => {
	const { id, kind } = message;
	try {
		const result = await handlers[/** @type {keyof typeof handlers} */ (kind)](message);
		const buffers = kind === 'run' ? result.map((/** @type {{ data: Float32Array }} */ { data }) => data.buffer) : [];
		parentPort?.postMessage({ id, result }, buffers);
	} catch (thrown) {
		const [error] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
		parentPort?.postMessage({ id, error });
	}
});
