/** The size of face-crop-160.onnx, which every other size is made of. */
export const baseCropSize = 160;

/** Sizes that can be written: what a two-byte varint holds. */
const largest = 2 ** 14 - 1;

/** Tags before the number: `i` of an attribute (output_height, output_width of RoiAlign) and `dim_value` of the output's shape; onnx.proto, protobuf wire type 0. */
const tags = [0x18, 0x08];

/**
 * models/face-crop-160.onnx for another size, px: the same operator, only its output is larger or smaller. In the file the size is four
 * varints of two bytes each; a small one is padded to two, which protobuf allows. Throws RangeError for other files and sizes.
 */
export function cropGraphOfSize(base: Uint8Array, size: number): Uint8Array {
	if (!Number.isInteger(size) || size < 1 || size > largest) throw new RangeError(`no crop of ${size} px`);
	const [low, high] = varint(baseCropSize);
	const graph = Uint8Array.from(base);
	let found = 0;
	for (let i = 0; i + 2 < graph.length; i++) {
		if (!tags.includes(graph[i] as number) || graph[i + 1] !== low || graph[i + 2] !== high) continue;
		graph.set(varint(size), i + 1);
		found++;
	}
	if (found !== 4) throw new RangeError(`the size stands in this graph ${found} times, not 4`);
	return graph;
}

const varint = (value: number): [number, number] => [(value & 0x7f) | 0x80, value >> 7];
