import { AnalysisError } from '../errors.ts';
import { printable } from './printable.ts';
import { Global, type ItemType, itemSizes, type Pickled, Storage, spanOf, TensorView } from './torch-values.ts';

/**
 * All Python names that a pickle may call, each with a function of ours that builds a plain value instead
 * (torch/_utils.py, torch/jit/_pickle.py and torch/_weights_only_unpickler.py show what each does in Python).
 */
const builders: Record<string, (args: readonly Pickled[]) => Pickled> = {
	'collections.OrderedDict': dictOfPairs,
	'torch._utils._rebuild_tensor': tensorView,
	'torch._utils._rebuild_tensor_v2': tensorView,
	'torch._utils._rebuild_parameter': ([tensor = null]) => tensor,
	'torch._utils._rebuild_parameter_with_state': ([tensor = null]) => tensor,
	'torch.Size': ([sizes = []]) => sizes,
	'torch.device': ([name = null]) => name,
	// lists that TorchScript tags with the type of their items
	'torch.jit._pickle.build_intlist': ([list = []]) => list,
	'torch.jit._pickle.build_doublelist': ([list = []]) => list,
	'torch.jit._pickle.build_boollist': ([list = []]) => list,
	'torch.jit._pickle.build_tensorlist': ([list = []]) => list,
	'torch.jit._pickle.restore_type_tag': ([value = null]) => value,
	// NumPy numbers in a checkpoint, such as its best accuracy: never weights, so their value is ignored
	'numpy.dtype': () => null,
	'numpy.core.multiarray.scalar': () => null,
	'numpy._core.multiarray.scalar': () => null,
	'_codecs.encode': () => null,
};

/** Names that are values and are never called: storage classes, and element types such as `torch.float32`. */
const valueNames =
	/^torch\.(\w+Storage|storage\.(Typed|Untyped)Storage|b?float(16|32|64)?|u?int(8|16|32|64)|bool|half|double|long)$/;

/** Checks a name in a pickle; throws weights-unsafe, or weights-unsupported for kinds of tensors that cannot be read. */
export function parseGlobal(name: string, isScript: boolean): Global {
	if (Object.hasOwn(builders, name) || valueNames.test(name)) return new Global(name);
	// in TorchScript a class of the network, read as a dict of its attributes; its code is in other entries, which are never opened
	if (isScript && name.startsWith('__torch__.')) return new Global(name);
	if (/^torch\._(utils|tensor)\._rebuild_/.test(name))
		throw new AnalysisError('weights-unsupported', 'probe', `tensors of the kind ${printable(name, 200)}`);
	throw new AnalysisError('weights-unsafe', 'probe', `it names ${printable(name, 200)}`);
}

/** The plain value for a call of `callee` in Python; throws weights-damaged if callee or arguments are invalid. */
export function build(callee: Pickled, args: Pickled): Pickled {
	const builder = callee instanceof Global && Object.hasOwn(builders, callee.name) ? builders[callee.name] : undefined;
	if (!builder || !Array.isArray(args)) throw damaged('it calls something that cannot be called');
	return builder(args);
}

/** The storage of a persistent id: ('storage', class, key, location, length[, view]). */
export function storageFromId(id: Pickled): Storage {
	if (!Array.isArray(id) || id[0] !== 'storage') throw damaged('a persistent id that is not a storage');
	const [, kind, key, , length, view = null] = id;
	const type = kind instanceof Global ? /^torch\.(\w+)Storage$/.exec(kind.name)?.[1] : undefined;
	if (type === undefined || !Object.hasOwn(itemSizes, type))
		throw new AnalysisError('weights-unsupported', 'probe', `storages of the kind ${printable(nameOf(kind))}`);
	if (view !== null) throw new AnalysisError('weights-unsupported', 'probe', 'storages that are views of others');
	if (typeof key !== 'string' || !isCount(length)) throw damaged('a storage without a key or a length');
	return new Storage(type as ItemType, key, length);
}

function tensorView([storage, offset, shape, strides]: readonly Pickled[]): TensorView {
	if (!(storage instanceof Storage) || !isCount(offset) || !isCounts(shape) || !isCounts(strides))
		throw damaged('a tensor without storage, shape or strides');
	if (shape.length !== strides.length) throw damaged('a tensor whose shape and strides disagree');
	const view = new TensorView(storage, offset, shape, strides);
	if (offset + spanOf(view) > storage.length) throw damaged('a tensor that exceeds its storage');
	return view;
}

function dictOfPairs([pairs = []]: readonly Pickled[]): Map<Pickled, Pickled> {
	if (pairs instanceof Map) return pairs;
	if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
		throw damaged('a dict that is not made of pairs');
	return new Map(pairs as [Pickled, Pickled][]);
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isCounts = (value: unknown): value is number[] =>
	Array.isArray(value) && value.length <= 8 && value.every(isCount);
const nameOf = (value: Pickled | undefined) => (value instanceof Global ? value.name : 'unknown');

/** The error for a pickle, zip or legacy file that is inconsistent. */
export const damaged = (what: string, options?: ErrorOptions) =>
	new AnalysisError('weights-damaged', 'probe', what, options);
