"""Stores the frozen matrices of a CLIP network in a separate file beside the graph (ONNX external data).

They are the same in every network on that encoder, so a new model costs the repository only what was trained. The file's name contains the start of
its SHA-256 and is part of the graph, so the digest of the graph says which weights belong to it. Tensors are in the order of the network, each once,
however many members of an ensemble read them.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import onnx
from onnx import TensorProto
from onnx.external_data_helper import ExternalDataInfo, set_external_data, uses_external_data

STEM = "clip-vit-b16"
DIGITS = 12
"""Number of digits of the SHA-256 in the name."""
ALIGNED = 64
"""Each tensor begins at a multiple of this many bytes."""
LEAST_CONSTANT = 65_536
"""Least bytes of a Constant that is moved. The encoder's patch and position embeddings are larger; trained values are never Constants."""


def frozen_tensors(graph: onnx.GraphProto) -> list[TensorProto]:
	"""The large Constants, turned into initializers, then each 8-bit matrix with its scales; empty if the network has no such matrix."""
	stored = {tensor.name: tensor for tensor in graph.initializer}
	matrices = [
		(tensor, stored[scale])
		for name, tensor in stored.items()
		if tensor.data_type == TensorProto.INT8 and (scale := name.removesuffix(".weight") + ".scale") in stored
	]
	constants = [node for node in graph.node if node.op_type == "Constant" and len(node.attribute[0].t.raw_data) >= LEAST_CONSTANT]
	if not matrices:
		return []
	moved = []
	for node in constants:
		tensor = graph.initializer.add()
		tensor.CopyFrom(node.attribute[0].t)
		tensor.name = node.output[0]
		graph.node.remove(node)
		moved.append(tensor)
	return [*moved, *(tensor for pair in matrices for tensor in pair)]


def save(model: onnx.ModelProto, out: Path) -> list[Path]:
	"""Writes the graph and, beside it, the file of its frozen matrices, which are removed from the model; returns the weights files."""
	tensors, places, content = frozen_tensors(model.graph), {}, bytearray()
	for tensor in tensors:
		if tensor.raw_data not in places:
			content += bytes(-len(content) % ALIGNED)
			places[tensor.raw_data] = len(content)
			content += tensor.raw_data
	file = out.parent / f"{STEM}-{hashlib.sha256(content).hexdigest()[:DIGITS]}.weights"
	for tensor in tensors:
		set_external_data(tensor, file.name, places[tensor.raw_data], len(tensor.raw_data))
		tensor.ClearField("raw_data")
	if tensors:
		file.write_bytes(content)
	onnx.save(model, out)
	return [file] if tensors else []


def weights_files(model: Path) -> list[Path]:
	"""The weights files beside an ONNX file that it refers to."""
	graph = onnx.load(model, load_external_data=False).graph
	names = {ExternalDataInfo(tensor).location for tensor in graph.initializer if uses_external_data(tensor)}
	return [model.parent / name for name in sorted(names)]


def copy_model(model: Path, to: Path) -> None:
	"""Copies an ONNX file to the path `to`, with its weights beside it."""
	shutil.copyfile(model, to)
	for file in weights_files(model):
		shutil.copyfile(file, to.parent / file.name)


def listed(file: Path) -> dict:
	"""Name, size and SHA-256 of a file, as in the manifest."""
	data = file.read_bytes()
	return {"file": file.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def listed_weights(model: Path) -> dict:
	"""The `weights` of an ONNX file's manifest entry; empty if it has none. Raises ValueError if a file's content does not match the digest in its
	name."""
	weights = [listed(file) for file in weights_files(model)]
	for one in weights:
		if Path(one["file"]).stem.rsplit("-", 1)[-1] != one["sha256"][:DIGITS]:
			raise ValueError(f"{one['file']} is damaged: its SHA-256 begins with {one['sha256'][:DIGITS]}")
	return {"weights": weights} if weights else {}
