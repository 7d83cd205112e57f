/** What a file of torch.save can hold here: plain values and descriptions of tensors, whose numbers are read later. */

/** Kinds of numbers in a storage and their size in bytes; the names of torch's storage classes without `Storage`. */
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

/** A kind of number in a storage. */
export type ItemType = keyof typeof itemSizes;

/** A run of numbers in the file, shared by any number of tensors. */
export class Storage {
	readonly type: ItemType;
	/** Its name in the file. */
	readonly key: string;
	/** How many numbers. */
	readonly length: number;

	constructor(type: ItemType, key: string, length: number) {
		this.type = type;
		this.key = key;
		this.length = length;
	}
}

/** A tensor as a view of a storage; offset and strides count numbers, as in torch. */
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

/** The name of something of Python's that a pickle refers to; only a name, nothing of it is ever run. */
export class Global {
	readonly name: string;

	constructor(name: string) {
		this.name = name;
	}
}

/** A value of a pickle: tuples are lists, objects of TorchScript are dicts of their attributes. */
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

/** An opened file of torch.save: the value that was saved, and the bytes of its storages on demand. */
export type TorchFile = {
	readonly container: 'zip' | 'legacy' | 'torchscript';
	readonly root: Pickled;
	/** Bytes `start` to `start + length` of a storage, in a buffer of their own; the first read of a storage checks all of it against its checksum, where there is one. */
	readBytes(storage: Storage, start: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
};

/** How many numbers a shape holds. */
export const countOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Numbers of a storage between the first and the last one that the view shows, both included; 0 for an empty view. */
export function spanOf({ shape, strides }: Pick<TensorView, 'shape' | 'strides'>): number {
	if (shape.includes(0)) return 0;
	return shape.reduce((span, side, i) => span + (side - 1) * (strides[i] as number), 1);
}
