/** Values in a file of torch.save: plain values, and descriptions of tensors whose numbers are read later. */

/** Number types of storages and their sizes in bytes; the names of torch's storage classes without `Storage`. */
export const itemSizes = {
	Double: 8,
	Float: 4,
	Half: 2,
	BFloat16: 2,
	Long: 8,
	Int: 4,
	Short: 2,
	Char: 1,
	Byte: 1,
	Bool: 1,
} as const;

/** The number type of a storage. */
export type ItemType = keyof typeof itemSizes;

/** A block of numbers in the file that several tensors may share. */
export class Storage {
	readonly type: ItemType;
	/** Its name in the file. */
	readonly key: string;
	/** Count of numbers. */
	readonly length: number;

	constructor(type: ItemType, key: string, length: number) {
		this.type = type;
		this.key = key;
		this.length = length;
	}
}

/** A tensor as a view of a storage; offset and strides are in numbers, as in torch. */
export class TensorView {
	readonly storage: Storage;
	readonly offset: number;
	readonly shape: readonly number[];
	readonly strides: readonly number[];

	constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
		this.storage = storage;
		this.offset = offset;
		this.shape = shape;
		this.strides = strides;
	}
}

/** A Python name that a pickle refers to; nothing is ever run by it. */
export class Global {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}
}

/** A value in a pickle: tuples are lists, TorchScript objects are dicts of their attributes. */
export type Pickled =
	| null
	| boolean
	| number
	| bigint
	| string
	| Uint8Array
	| Pickled[]
	| Map<Pickled, Pickled>
	| Storage
	| TensorView
	| Global;

/** An open file of torch.save: the saved value, and the bytes of its storages on demand. */
export type TorchFile = {
	readonly container: 'zip' | 'legacy' | 'torchscript';
	readonly root: Pickled;
	/** Reads bytes `start` to `start + length` of a storage into a new buffer; the first read of a storage verifies its checksum, if it has one. */
	readBytes(storage: Storage, start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
};

/** Count of numbers in a shape. */
export const countOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Count of numbers in the storage from the first to the last one of the view, inclusive; 0 for an empty view. */
export function spanOf({ shape, strides }: Pick<TensorView, 'shape' | 'strides'>): number {
	if (shape.includes(0)) return 0;
	return shape.reduce((span, side, i) => span + (side - 1) * (strides[i] as number), 1);
}
