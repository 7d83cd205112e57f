import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes ONNX messages (github.com/onnx/onnx, onnx.proto; the numbers below are its field numbers) so that tensors of any size are streamed in pieces. */

/** Element types of TensorProto.DataType. */
export const elementTypes = { float32: 1, int64: 7, float16: 10 } as const;
/** An element type. */
export type ElementType = keyof typeof elementTypes;
const elementBytes: Record<ElementType, number> = { float32: 4, int64: 8, float16: 2 };

/** A constant of the graph; `pieces` yields its numbers in row-major order, little-endian, in pieces of any size. */
export type OnnxConstant = {
	readonly name: string;
	readonly type: ElementType;
	readonly shape: readonly number[];
	pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
};

/** One operator; attributes are integers or lists of integers. */
export type OnnxNode = {
	readonly op: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
};

/** A float32 input or output; a dimension that is a string is free. */
export type OnnxPort = { readonly name: string; readonly shape: readonly (number | string)[] };

/** A whole model. */
export type OnnxModel = {
	readonly name: string;
	readonly opset: number;
	readonly inputs: readonly OnnxPort[];
	readonly outputs: readonly OnnxPort[];
	readonly nodes: readonly OnnxNode[];
	readonly constants: readonly OnnxConstant[];
};

/** Format version that onnxruntime 1.16 and later can read (onnx/docs/Versioning.md). */
const IR_VERSION = 9;

/** Yields the bytes of a model file in pieces and holds at most one piece of a constant. Throws what a constant throws. */
export async function* onnxBytes(model: OnnxModel): AsyncGenerator<Uint8Array, void> {
	const graph = graphHead(model);
	const heads = model.constants.map((constant) => ({ constant, head: constantHead(constant) }));
	const size = heads.reduce((sum, { constant, head }) => sum + head.length + rawBytes(constant), graph.length);
	yield modelHead(model, size);
	yield graph;
	for (const { constant, head } of heads) {
		yield head;
		let left = rawBytes(constant);
		for await (const piece of constant.pieces()) {
			left -= piece.length;
			yield piece;
		}
		if (left !== 0) throw new Error(`${constant.name}: ${left} bytes too few`);
	}
}

const rawBytes = ({ type, shape }: OnnxConstant) => shape.reduce((count, side) => count * side, elementBytes[type]);

const text = (writer: BinaryWriter, field: number, value: string) =>
	writer.tag(field, WireType.LengthDelimited).string(value);
const integer = (writer: BinaryWriter, field: number, value: number) => writer.tag(field, WireType.Varint).int64(value);
function message(writer: BinaryWriter, field: number, fill: (writer: BinaryWriter) => void) {
	writer.tag(field, WireType.LengthDelimited).fork();
	fill(writer);
	writer.join();
}

/** ModelProto up to and including the length of its last field, the graph. */
function modelHead({ opset }: OnnxModel, graphSize: number): Uint8Array {
	const writer = new BinaryWriter();
	integer(writer, 1, IR_VERSION);
	text(writer, 2, 'unmask');
	message(writer, 8, (set) => integer(set, 2, opset));
	return writer.tag(7, WireType.LengthDelimited).uint32(graphSize).finish();
}

/** GraphProto without its constants. */
function graphHead({ name, nodes, inputs, outputs }: OnnxModel): Uint8Array {
	const writer = new BinaryWriter();
	for (const node of nodes) message(writer, 1, (own) => writeNode(own, node));
	text(writer, 2, name);
	for (const input of inputs) message(writer, 11, (own) => writePort(own, input));
	for (const output of outputs) message(writer, 12, (own) => writePort(own, output));
	return writer.finish();
}

/** NodeProto, with AttributeProto of the types INT (2) and INTS (7). */
function writeNode(writer: BinaryWriter, { op, inputs, outputs, attributes = {} }: OnnxNode) {
	for (const input of inputs) text(writer, 1, input);
	for (const output of outputs) text(writer, 2, output);
	text(writer, 3, outputs[0] as string);
	text(writer, 4, op);
	for (const [name, value] of Object.entries(attributes))
		message(writer, 5, (own) => {
			text(own, 1, name);
			if (typeof value === 'number') integer(own, 3, value);
			else for (const item of value) integer(own, 8, item);
			integer(own, 20, typeof value === 'number' ? 2 : 7);
		});
}

/** ValueInfoProto of a float32 tensor. */
function writePort(writer: BinaryWriter, { name, shape }: OnnxPort) {
	text(writer, 1, name);
	message(writer, 2, (type) =>
		message(type, 1, (tensor) => {
			integer(tensor, 1, elementTypes.float32);
			message(tensor, 2, (sides) => {
				for (const side of shape)
					message(sides, 1, (own) => (typeof side === 'number' ? integer(own, 1, side) : text(own, 2, side)));
			});
		}),
	);
}

/** The GraphProto field of a constant: its length, and TensorProto up to and including the length of its last field, the raw data. */
function constantHead(constant: OnnxConstant): Uint8Array {
	const writer = new BinaryWriter();
	for (const side of constant.shape) integer(writer, 1, side);
	integer(writer, 2, elementTypes[constant.type]);
	text(writer, 8, constant.name);
	const own = writer.tag(9, WireType.LengthDelimited).uint32(rawBytes(constant)).finish();
	const field = new BinaryWriter().tag(5, WireType.LengthDelimited);
	return field
		.uint32(own.length + rawBytes(constant))
		.raw(own)
		.finish();
}
