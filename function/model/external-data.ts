import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** Field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.data_location, and its value EXTERNAL. */
const GRAPH = 7;
const INITIALIZER = 5;
const DATA_LOCATION = 14;
const EXTERNAL = 1;

/** Whether an ONNX model keeps weights in another file, which this file's digest does not cover; false if it is not an ONNX file. */
export function hasExternalData(model: Uint8Array): boolean {
	try {
		return messagesIn(model, GRAPH)
			.flatMap((graph) => messagesIn(graph, INITIALIZER))
			.some(isExternal);
	} catch {
		return false; // opening it reports what is wrong
	}
}

/** The submessages with one field number, not copied. */
function messagesIn(message: Uint8Array, wanted: number): Uint8Array[] {
	const reader = new BinaryReader(message);
	const found: Uint8Array[] = [];
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		if (field === wanted && type === WireType.LengthDelimited) found.push(reader.bytes());
		else reader.skip(type, field);
	}
	return found;
}

function isExternal(tensor: Uint8Array): boolean {
	const reader = new BinaryReader(tensor);
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		if (field === DATA_LOCATION && type === WireType.Varint) return reader.int32() === EXTERNAL;
		reader.skip(type, field);
	}
	return false;
}
