import { AnalysisError } from '../errors.ts';
import { damaged } from './allowed-globals.ts';
import { halvesFromFloats } from './half.ts';
import type { OnnxConstant, OnnxModel, OnnxNode } from './onnx-bytes.ts';
import { readFloats } from './read-floats.ts';
import { blocks, type ConvLayer, FEATURES, type SeedWeights, stem } from './seed-network.ts';
import type { TensorView, TorchFile } from './torch-values.ts';

/** Side of the square crop, px. */
export const SIDE = 112;
/** Side of the last feature map and of the heat map. */
const CELLS = 4;
/** Channel means and standard deviations of ImageNet (torchvision's reference transforms), which the network was trained with. */
const MEANS = [0.485, 0.456, 0.406];
const DEVIATIONS = [0.229, 0.224, 0.225];
/** torch.nn.BatchNorm2d's default eps. */
const EPSILON = 1e-5;
/** Rows of the LSTM's weights that are read at a time: 512 rows of 2048 numbers are 4 MB. */
const ROWS = 512;
/** The LSTM gates that are used, of input, forget, cell and output; the forget gate has no effect in the first step. */
const GATES = [0, 2, 3];
/**
 * Fewest channels per group for onnxruntime's blocked convolution (16 floats fill an AVX-512 register). Smaller groups are joined,
 * which takes a tenth less time for 4 frames (timed by hand).
 */
const GROUP_CHANNELS = 16;

/**
 * The network as an ONNX graph whose constants are read from the file while it is written: batch norms folded into the convolutions, one
 * LSTM step from the zero state without the weights that have no effect, and the heat map from the closed form of the gradient.
 *
 * crops [N, 3, 112, 112], 0..1, channels in the order of training ->
 * - `logits` [N, 2]: fake, real;
 * - `frame_logit` [N]: the first minus the second, positive = fake;
 * - `emb` [N, 2048]: the LSTM's state; `logits` is a linear function of it;
 * - `cam` [N, 1, 4, 4]: Grad-CAM of `frame_logit` at the last feature map A [2048, 4, 4] without the final ReLU, each channel weighted by the sum of
 *   its gradients over the 16 cells: cam[y, x] = sum over k of (d frame_logit / d mean(A_k)) A_k[y, x]. It is 16 times the map of the paper (Selvaraju
 *   et al. 2017, eq. 1 and 2), so that its mean is the part of `frame_logit` that is linear in the features; the rest,
 *   frame_logit - mean(cam), belongs to no cell.
 *
 * With `fp16`, constants are stored in 16 bits and widened when the model is loaded; the arithmetic is in 32 bits either way.
 */
export function seedGraph(file: TorchFile, { tensors }: SeedWeights, fp16: boolean): OnnxModel {
	const graph = new GraphBuilder((name, rows) => readFloats(file, name, tensors.get(name) as TensorView, rows), fp16);
	const map = addConvolutions(graph);
	addHeatMap(graph, map, addLstmStep(graph));
	return {
		name: 'resnext50-lstm',
		opset: 18,
		inputs: [{ name: 'crops', shape: ['N', 3, SIDE, SIDE] }],
		outputs: [
			{ name: 'logits', shape: ['N', 2] },
			{ name: 'frame_logit', shape: ['N'] },
			{ name: 'cam', shape: ['N', 1, CELLS, CELLS] },
			{ name: 'emb', shape: ['N', FEATURES] },
		],
		nodes: graph.nodes,
		constants: graph.constants,
	};
}

/** Reads a tensor of the file, or some of its rows. */
type ReadTensor = (name: string, rows?: [number, number]) => Promise<Float32Array>;

/** Collects nodes and constants; what adds one returns its name. */
class GraphBuilder {
	readonly nodes: OnnxNode[] = [];
	readonly constants: OnnxConstant[] = [];
	readonly floats: ReadTensor;
	readonly #fp16: boolean;

	constructor(floats: ReadTensor, fp16: boolean) {
		this.floats = floats;
		this.#fp16 = fp16;
	}

	op(name: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): string {
		this.nodes.push({ op: name, inputs, outputs: [output], attributes });
		return output;
	}
	/** A constant with weights; its pieces are float32 and are stored in 16 bits with `fp16`. */
	weight(name: string, shape: readonly number[], pieces: () => AsyncIterable<Float32Array>): string {
		const fp16 = this.#fp16;
		const stored = fp16 ? `${name}:half` : name;
		if (fp16) this.op('Cast', [stored], name, { to: 1 });
		this.constants.push({
			name: stored,
			type: fp16 ? 'float16' : 'float32',
			shape,
			async *pieces() {
				for await (const floats of pieces()) yield bytesOf(fp16 ? narrowed(name, floats) : floats);
			},
		});
		return name;
	}
	/** A small constant in full precision. */
	exact(name: string, shape: readonly number[], values: readonly number[]): string {
		this.constants.push({ name, type: 'float32', shape, pieces: () => [bytesOf(Float32Array.from(values))] });
		return name;
	}
	integers(name: string, ...values: number[]): string {
		const bytes = bytesOf(BigInt64Array.from(values, BigInt));
		this.constants.push({ name, type: 'int64', shape: [values.length], pieces: () => [bytes] });
		return name;
	}
}

/** The features of a crop; returns the last feature map. */
function addConvolutions(graph: GraphBuilder): string {
	// as in training, the mean is subtracted before the first convolution pads with zeros; the standard deviations are folded
	let x = graph.op('Sub', ['crops', graph.exact('means', [1, 3, 1, 1], MEANS)], 'centred');
	x = graph.op('Relu', [addConvolution(graph, x, stem)], 'stem');
	x = graph.op('MaxPool', [x], 'pooled', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] });
	for (const { name, convs, shortcut } of blocks) {
		let y = x;
		for (const [i, layer] of convs.entries()) {
			y = addConvolution(graph, y, layer);
			if (i < convs.length - 1) y = graph.op('Relu', [y], `${layer.norm}:relu`);
		}
		graph.op('Add', [y, shortcut ? addConvolution(graph, x, shortcut) : x], `${name}:sum`);
		x = graph.op('Relu', [`${name}:sum`], name);
	}
	graph.op('ReduceMean', [x, graph.integers('picture_axes', 2, 3)], 'features', { keepdims: 0 });
	return x;
}

/** A convolution and its batch norm as one convolution with a bias. */
function addConvolution(graph: GraphBuilder, x: string, layer: ConvLayer): string {
	const { weight: kernel, norm, kernel: side, outputs, inputs, groups, stride } = layer;
	const joined = Math.max(1, Math.min(groups, (GROUP_CHANNELS * groups) / inputs));
	const folding = once(async () =>
		foldNorm(norm, ...(await Promise.all(normParts.map((part) => graph.floats(`${norm}.${part}`))))),
	);
	const kernelName = graph.weight(kernel, [outputs, (inputs / groups) * joined, side, side], async function* () {
		const { gains } = await folding();
		const values = await graph.floats(kernel);
		const each = values.length / outputs;
		for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * (gains[Math.floor(i / each)] as number);
		if (layer === stem) divideByDeviations(values);
		yield joined === 1 ? values : joinGroups(values, layer, joined);
	});
	const biasName = graph.weight(`${norm}.folded`, [outputs], async function* () {
		yield Float32Array.from((await folding()).offsets);
	});
	const padding = (side - 1) / 2;
	const attributes = {
		kernel_shape: [side, side],
		strides: [stride, stride],
		pads: [padding, padding, padding, padding],
		group: groups / joined,
	};
	return graph.op('Conv', [x, kernelName, biasName], `${norm}:out`, attributes);
}

/** One LSTM step from the zero state, h = sigmoid(o) tanh(c), c = sigmoid(i) tanh(g), and the classes of its state; returns what the gradient needs. */
function addLstmStep(graph: GraphBuilder) {
	const gates = graph.weight('gates', [GATES.length * FEATURES, FEATURES], async function* () {
		for (const gate of GATES)
			for (let row = gate * FEATURES; row < (gate + 1) * FEATURES; row += ROWS)
				yield await graph.floats('lstm.weight_ih_l0', [row, row + ROWS]);
	});
	graph.op('Gemm', ['features', gates], 'gates:sums', { transB: 1 });
	graph.nodes.push({
		op: 'Split',
		inputs: ['gates:sums'],
		outputs: ['i:sum', 'g:sum', 'o:sum'],
		attributes: { axis: 1, num_outputs: GATES.length },
	});
	const i = graph.op('Sigmoid', ['i:sum'], 'i');
	const g = graph.op('Tanh', ['g:sum'], 'g');
	const o = graph.op('Sigmoid', ['o:sum'], 'o');
	const c = graph.op('Tanh', [graph.op('Mul', [i, g], 'c')], 'c:tanh');
	graph.op('Mul', [o, c], 'emb');

	const classes = graph.weight('linear1.weight', [2, FEATURES], async function* () {
		yield graph.floats('linear1.weight');
	});
	const offsets = graph.weight('linear1.bias', [2], async function* () {
		yield graph.floats('linear1.bias');
	});
	graph.op('Gemm', ['emb', classes, offsets], 'logits', { transB: 1 });
	const fakeMinusReal = graph.exact('fake_less_real', [2], [1, -1]);
	graph.op('MatMul', ['logits', fakeMinusReal], 'frame_logit');
	return { i, g, o, c, gates, classes, fakeMinusReal };
}

/**
 * The heat map, from the gradient of frame_logit back through the LSTM step: dh = w, do = dh c' o(1 - o), dc = dh o (1 - c'^2),
 * di = dc g i(1 - i), dg = dc i (1 - g^2).
 */
function addHeatMap(graph: GraphBuilder, map: string, step: ReturnType<typeof addLstmStep>): void {
	const { i, g, o, c, gates, classes, fakeMinusReal } = step;
	const one = graph.exact('one', [], [1]);
	const oneLess = (name: string) => graph.op('Sub', [one, name], `one_less_${name}`);
	const product = (output: string, first: string, ...others: string[]) =>
		others.reduce(
			(left, right, at) => graph.op('Mul', [left, right], at === others.length - 1 ? output : `${output}:${at}`),
			first,
		);
	const dh = graph.op('MatMul', [fakeMinusReal, classes], 'd_h');
	const dc = product('d_c', o, oneLess(product('c:tanh:squared', c, c)), dh);
	product('d_i', i, oneLess(i), g, dc);
	product('d_g', oneLess(product('g:squared', g, g)), i, dc);
	product('d_o', o, oneLess(o), c, dh);
	graph.op('Concat', ['d_i', 'd_g', 'd_o'], 'd_gates', { axis: 1 });
	graph.op('MatMul', ['d_gates', gates], 'd_features');
	graph.op('Unsqueeze', ['d_features', graph.integers('row_axis', 1)], 'd_features:row');
	graph.op('Reshape', [map, graph.integers('cells_shape', 0, FEATURES, CELLS * CELLS)], 'cells');
	graph.op('MatMul', ['d_features:row', 'cells'], 'cam:row');
	graph.op('Reshape', ['cam:row', graph.integers('cam_shape', -1, 1, CELLS, CELLS)], 'cam');
}

/** The parts of a batch norm, in the order that foldNorm takes them. */
const normParts = ['weight', 'bias', 'running_mean', 'running_var'] as const;

/** A batch norm as y = gain x + offset, one number each per channel. */
function foldNorm(norm: string, ...[weights, biases, means, variances]: readonly Float32Array[]) {
	const gains = Array.from(weights ?? [], (value, k) => value / Math.sqrt((variances?.[k] ?? 0) + EPSILON));
	if (!gains.every(Number.isFinite)) throw damaged(`${norm}.running_var holds a number below 0`);
	const offsets = gains.map((gain, k) => (biases?.[k] ?? 0) - (means?.[k] ?? 0) * gain);
	return { gains, offsets };
}

/** Divides each channel of the first kernel [64, 3, 7, 7] by its standard deviation, in place. */
function divideByDeviations(values: Float32Array) {
	const each = stem.kernel * stem.kernel;
	for (let i = 0; i < values.length; i++)
		values[i] = (values[i] as number) / (DEVIATIONS[Math.floor(i / each) % DEVIATIONS.length] as number);
}

/** The kernel of a grouped convolution with every `joined` groups merged into one and padded with zeros, which gives the same sums. */
function joinGroups(
	values: Float32Array,
	{ inputs, outputs, groups, kernel }: ConvLayer,
	joined: number,
): Float32Array {
	const run = (inputs / groups) * kernel * kernel;
	const wide = new Float32Array(values.length * joined);
	for (let output = 0; output < outputs; output++) {
		const place = Math.floor((output * groups) / outputs) % joined;
		wide.set(values.subarray(output * run, (output + 1) * run), (output * joined + place) * run);
	}
	return wide;
}

function narrowed(name: string, floats: Float32Array): Uint16Array {
	const large = floats.findIndex((value) => Math.abs(value) >= HALF_OVERFLOW);
	if (large >= 0)
		throw new AnalysisError(
			'weights-unsupported',
			'write',
			`${name} holds ${floats[large]}, too large for 16 bits; import it without --fp16`,
		);
	return halvesFromFloats(floats);
}

/** Numbers from here on round to infinity in 16 bits. */
const HALF_OVERFLOW = 65_520;

const bytesOf = (array: Float32Array | Uint16Array | BigInt64Array) =>
	new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Runs `work` on the first call and returns the same result afterwards. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | null = null;
	return () => (made ??= work());
}
