import { AnalysisError } from '../errors.ts';
import { printable } from './printable.ts';
import { type Pickled, TensorView } from './torch-values.ts';

/**
 * The network of the legacy application: torchvision's ResNeXt50_32x4d without its last two children, an LSTM without biases, and a
 * linear layer with two classes.
 */

/** A convolution without a bias, and the batch norm after it. */
export type ConvLayer = {
	readonly weight: string;
	/** Name prefix of the batch norm's weight, bias, running_mean and running_var. */
	readonly norm: string;
	readonly inputs: number;
	readonly outputs: number;
	readonly kernel: number;
	readonly stride: number;
	readonly groups: number;
};

/** One residual block: three convolutions and, if the shape changes, one in the shortcut. */
export type Block = {
	readonly name: string;
	readonly convs: readonly ConvLayer[];
	readonly shortcut: ConvLayer | null;
};

/** Number of groups of every 3 x 3 convolution (the 32 of 32x4d). */
const GROUPS = 32;
/** Length of the feature vector, of the LSTM's input and of its state. */
export const FEATURES = 2048;

const conv = (weight: string, norm: string, inputs: number, outputs: number, kernel = 1, stride = 1, groups = 1) =>
	({ weight, norm, inputs, outputs, kernel, stride, groups }) satisfies ConvLayer;

/** The first convolution, 7 x 7. */
export const stem: ConvLayer = conv('model.0.weight', 'model.1', 3, 64, 7, 2);

/** layer1 to layer4 (torchvision/models/resnet.py): child of `model`, number of blocks, width inside a block, stride of the first block. */
const stages = [
	{ child: 4, blocks: 3, width: 128, stride: 1 },
	{ child: 5, blocks: 4, width: 256, stride: 2 },
	{ child: 6, blocks: 6, width: 512, stride: 2 },
	{ child: 7, blocks: 3, width: 1024, stride: 2 },
] as const;

/** The residual blocks in order. */
export const blocks: readonly Block[] = stages.flatMap(({ child, blocks, width, stride }, stage) =>
	Array.from({ length: blocks }, (_, i): Block => {
		const name = `model.${child}.${i}`;
		const isFirst = i === 0;
		const outputs = 2 * width;
		const inputs = !isFirst ? outputs : stage === 0 ? 64 : width;
		const step = isFirst ? stride : 1;
		return {
			name,
			convs: [
				conv(`${name}.conv1.weight`, `${name}.bn1`, inputs, width),
				conv(`${name}.conv2.weight`, `${name}.bn2`, width, width, 3, step, GROUPS),
				conv(`${name}.conv3.weight`, `${name}.bn3`, width, outputs),
			],
			shortcut: isFirst ? conv(`${name}.downsample.0.weight`, `${name}.downsample.1`, inputs, outputs, 1, step) : null,
		};
	}),
);

/** Every tensor that the graph needs, with its shape. */
const needed: ReadonlyMap<string, readonly number[]> = new Map([
	...[stem, ...blocks.flatMap(({ convs, shortcut }) => (shortcut ? [...convs, shortcut] : convs))].flatMap(shapesOf),
	['lstm.weight_ih_l0', [4 * FEATURES, FEATURES]],
	['linear1.weight', [2, FEATURES]],
	['linear1.bias', [2]],
] satisfies [string, number[]][]);

/** Other tensors of the state dict that do not affect the output: the weights for a state that is always zero, and counts of training steps. */
const unused: ReadonlyMap<string, readonly number[]> = new Map([['lstm.weight_hh_l0', [4 * FEATURES, FEATURES]]]);
const isStepCount = (name: string) => name.endsWith('.num_batches_tracked');
/** The list in which a TorchScript LSTM repeats its weights. */
const isRepeated = (name: string) => name.startsWith('lstm._flat_weights.');

function shapesOf({ weight, norm, inputs, outputs, kernel, groups }: ConvLayer): [string, number[]][] {
	const vectors = ['weight', 'bias', 'running_mean', 'running_var'];
	return [
		[weight, [outputs, inputs / groups, kernel, kernel]],
		...vectors.map((name): [string, number[]] => [`${norm}.${name}`, [outputs]]),
	];
}

/** The network's tensors by their names without the file's prefix, and that prefix. */
export type SeedWeights = { readonly tensors: ReadonlyMap<string, TensorView>; readonly prefix: string };

/** The tensor by which the network is found. */
const LANDMARK = 'lstm.weight_ih_l0';
/** Most layers that an error lists. */
const LISTED = 4;

/**
 * Finds the weights of the network in a file, inside any dicts (`state_dict`, `model` ...) and with any prefix (`module.`); the first
 * match if there are several. Throws weights-other-network with the layers that differ.
 */
export function recogniseSeed(root: Pickled): SeedWeights {
	const all = tensorsIn(root);
	const prefixes = [...all.keys()]
		.filter((name) => name === LANDMARK || name.endsWith(`.${LANDMARK}`))
		.map((name) => name.slice(0, -LANDMARK.length));
	if (prefixes.length === 0) throw otherNetwork(describeOthers(all));
	const tried = prefixes.map((prefix) => ({ prefix, ...compare(all, prefix) }));
	const fit = tried.find(({ differences }) => differences.length === 0);
	if (fit) return fit;
	const { differences } = tried.reduce((a, b) => (b.differences.length < a.differences.length ? b : a));
	const more = differences.length > LISTED ? ` and ${differences.length - LISTED} more` : '';
	throw otherNetwork(`${differences.slice(0, LISTED).join('; ')}${more}`);
}

function compare(all: ReadonlyMap<string, TensorView>, prefix: string) {
	const own = [...all].filter(([name]) => name.startsWith(prefix));
	const tensors = new Map(own.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
	const differences: string[] = [];
	for (const [name, shape] of [...needed, ...unused]) {
		const found = tensors.get(name)?.shape;
		if (found && found.join() !== shape.join()) differences.push(`${name} is [${found}] instead of [${shape}]`);
		if (!found && needed.has(name)) differences.push(`${name} is missing`);
	}
	// only within the network's own parts: other tensors may share its prefix
	const parts = /^(model|lstm|linear1)\./;
	for (const [name, { shape }] of tensors)
		if (parts.test(name) && !needed.has(name) && !unused.has(name) && !isStepCount(name) && !isRepeated(name))
			differences.push(`${printable(name)} [${shape}] is unexpected`);
	return { tensors, differences };
}

/** Every tensor in dicts, lists and objects by its path, joined with dots as in PyTorch; a shared tensor is listed under its first path. */
function tensorsIn(root: Pickled): Map<string, TensorView> {
	const found = new Map<string, TensorView>();
	const seen = new Set<Pickled>();
	const waiting: { path: string; value: Pickled }[] = [{ path: '', value: root }];
	for (let at = 0; at < waiting.length; at++) {
		const { path, value } = waiting[at] as (typeof waiting)[number];
		if (value instanceof TensorView) {
			if (!found.has(path)) found.set(path, value);
			continue;
		}
		if (!(value instanceof Map) && !Array.isArray(value)) continue;
		if (seen.has(value) || path.length > MAX_PATH) continue;
		seen.add(value);
		for (const [key, inner] of value.entries()) {
			if (typeof key !== 'string' && typeof key !== 'number') continue;
			waiting.push({ path: path === '' ? String(key) : `${path}.${key}`, value: inner });
		}
	}
	return found;
}

/** Longest path to a tensor, characters. */
const MAX_PATH = 400;

function describeOthers(all: ReadonlyMap<string, TensorView>): string {
	if (all.size === 0) return 'there are no tensors in the file';
	const first = [...all].slice(0, LISTED).map(([name, { shape }]) => `${printable(name)} [${shape}]`);
	return `${all.size} tensors, none of them ${LANDMARK}; the first: ${first.join(', ')}`;
}
const otherNetwork = (what: string) => new AnalysisError('weights-other-network', 'probe', what);
