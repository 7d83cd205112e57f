import { AnalysisError } from '../errors.ts';
import { damaged } from './allowed-globals.ts';
import { floatsFromHalves } from './half.ts';
import { countOf, type ItemType, itemSizes, spanOf, TensorView, type TorchFile } from './torch-values.ts';

/** A view may skip numbers of its storage (a slice with a step), but must not span more than this many times its own numbers ... */
const MAX_SKIPPED = 4;
/** ... unless the span is small, in bytes. */
const SMALL_SPAN_BYTES = 4 * 1024 ** 2;

/** Converts numbers of each type to float32. */
const floatsFrom: Partial<Record<ItemType, (buffer: ArrayBuffer) => Float32Array<ArrayBuffer>>> = {
	Float: (buffer) => new Float32Array(buffer),
	Double: (buffer) => Float32Array.from(new Float64Array(buffer)),
	Half: (buffer) => floatsFromHalves(new Uint16Array(buffer)),
	BFloat16: (buffer) => new Float32Array(Uint32Array.from(new Uint16Array(buffer), (half) => half << 16).buffer),
};

/**
 * Reads the numbers of a tensor in row-major order as float32; `rows` [first, end) restricts a matrix to these rows. Throws
 * weights-unsupported for numbers that are not floats, weights-damaged for a number that is not finite.
 */
export async function readFloats(
	file: TorchFile,
	name: string,
	tensor: TensorView,
	rows: readonly [number, number] = [0, tensor.shape[0] ?? 1],
): Promise<Float32Array<ArrayBuffer>> {
	const view = tensor.shape.length === 0 ? tensor : rowsOf(tensor, rows);
	const { storage, offset, shape, strides } = view;
	const convert = floatsFrom[storage.type];
	if (!convert)
		throw new AnalysisError('weights-unsupported', 'probe', `${name} holds numbers of type ${storage.type}`);
	const size = itemSizes[storage.type];
	const count = countOf(shape);
	const span = spanOf(view);
	if (span > MAX_SKIPPED * count && span * size > SMALL_SPAN_BYTES)
		throw new AnalysisError('weights-unsupported', 'probe', `${name} is a view that skips most of its storage`);
	const bytes = await file.readBytes(storage, offset * size, span * size);
	const floats = convert(bytes.buffer);
	const values = span === count && isContiguous(shape, strides) ? floats : gather(floats, shape, strides);
	for (let i = 0; i < values.length; i++)
		if (!Number.isFinite(values[i])) throw damaged(`${name} holds a number that is not finite`);
	return values;
}

function rowsOf({ storage, offset, shape, strides }: TensorView, [first, end]: readonly [number, number]): TensorView {
	return new TensorView(storage, offset + first * (strides[0] as number), [end - first, ...shape.slice(1)], strides);
}

/** Whether the numbers are contiguous in row-major order. */
function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
	let step = 1;
	for (let i = shape.length - 1; i >= 0; i--) {
		if (shape[i] !== 1 && strides[i] !== step) return false;
		step *= shape[i] as number;
	}
	return true;
}

/** The numbers of a view in row-major order: the last dimension is copied in a loop, the others advance like the digits of a counter. */
function gather(floats: Float32Array, sides: readonly number[], steps: readonly number[]): Float32Array<ArrayBuffer> {
	const values = new Float32Array(countOf(sides));
	const shape = sides.filter((side) => side !== 1); // so that the last dimension is long for 1 x 1 kernels
	const strides = steps.filter((_, i) => sides[i] !== 1);
	const inner = shape.at(-1) ?? 1;
	const step = strides.at(-1) ?? 1;
	const counter = shape.slice(0, -1).map(() => 0);
	for (let at = 0; at < values.length; at += inner) {
		const start = counter.reduce((sum, digit, i) => sum + digit * (strides[i] as number), 0);
		for (let i = 0; i < inner; i++) values[at + i] = floats[start + i * step] as number;
		for (let i = counter.length - 1; i >= 0; i--) {
			counter[i] = (counter[i] as number) + 1;
			if ((counter[i] as number) < (shape[i] as number)) break;
			counter[i] = 0;
		}
	}
	return values;
}
