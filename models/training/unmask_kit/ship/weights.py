"""The frozen matrices of a CLIP network, in a file of their own beside the graph (ONNX external data).

They are the same in every network on that encoder, so a new model costs the repository only what was trained. The file's name carries the start of
its SHA-256 and stands in the graph: the digest of the graph therefore says which weights belong to it. Tensors lie in the order of the network, each
once, however many members of an ensemble read it.
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
"""Of the SHA-256, in the name."""
ALIGNED = 64
"""Each tensor begins at a multiple of so many bytes."""
LEAST_CONSTANT = 65_536
"""Bytes of a Constant that is moved: the encoder's patches and places are larger. What is trained is never a Constant."""


def frozen_tensors(graph: onnx.GraphProto) -> list[TensorProto]:
	"""The large Constants, made initializers, then each 8-bit matrix and its scales; none where the network has no such matrix."""
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
	"""Writes the graph, and beside it the file of its frozen matrices, which the model does not hold any more; gives the files of weights."""
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
	"""The files of weights beside an ONNX file that it reads."""
	graph = onnx.load(model, load_external_data=False).graph
	names = {ExternalDataInfo(tensor).location for tensor in graph.initializer if uses_external_data(tensor)}
	return [model.parent / name for name in sorted(names)]


def copy_model(model: Path, to: Path) -> None:
	"""Copies an ONNX file to the path `to`, and its weights beside it."""
	shutil.copyfile(model, to)
	for file in weights_files(model):
		shutil.copyfile(file, to.parent / file.name)


def listed(file: Path) -> dict:
	"""Name, size and SHA-256 of a file, as the manifest has them."""
	data = file.read_bytes()
	return {"file": file.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def listed_weights(model: Path) -> dict:
	"""What the manifest's entry of an ONNX file says of its weights: `weights`, or nothing where it has none. Raises ValueError where a file is not
	the one that its name says."""
	weights = [listed(file) for file in weights_files(model)]
	for one in weights:
		if Path(one["file"]).stem.rsplit("-", 1)[-1] != one["sha256"][:DIGITS]:
			raise ValueError(f"{one['file']} is damaged: its SHA-256 begins with {one['sha256'][:DIGITS]}")
	return {"weights": weights} if weights else {}
