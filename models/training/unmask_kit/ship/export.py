"""Exports a checkpoint to the ONNX file of the classifier, with weights stored as fp16, and checks it against torch.

Input: `crops` float32 [N, 3, S, S] RGB 0..1 (mean and deviation are in the graph, normalisations are folded into convolutions). Outputs:
`frame_logit` [N] (positive = fake), `cam` [N, 1, S/32, S/32] with frame_logit == mean(cam) (cam includes the bias), `emb` [N, 1280] (1280 per member
of an ensemble). A CLIP network has `cam` [N, 1, S/16, S/16] and `emb` [N, 1536]. Its matrices stay the package's bytes, in a separate file
(weights.py); onnxruntime widens them with their scales on load, and activations are float.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

from ..train.checkpoint import load_averaged
from ..train.clip import ClipClassifier, Frozen
from ..train.model import Ensemble, FrozenConv
from ..workspace import Workspace
from .weights import save

OPSET = 17
LEAST_MATRIX = 200_000
"""Least number of values in a matrix that is stored as bytes; CLIP's position embeddings have fewer."""
LEAST_FOR_HALF = 64
"""Tensors with fewer values (biases of small layers, constants) stay float32, and so do the scales of 8-bit matrices."""


class PlainConv(nn.Module):
	"""A FrozenConv as a plain convolution."""

	def __init__(self, layer: FrozenConv) -> None:
		super().__init__()
		weight, bias = layer.folded()
		self.weight, self.bias = nn.Parameter(weight.detach().clone()), nn.Parameter(bias.detach().clone())
		self.stride, self.groups, self.active, self.pad, self.uneven = layer.stride, layer.groups, layer.active, layer.pad, layer.uneven

	def forward(self, x: torch.Tensor) -> torch.Tensor:
		if self.uneven is not None:
			x = F.pad(x, self.uneven)
		x = F.conv2d(x, self.weight, self.bias, self.stride, self.pad, 1, self.groups)
		return F.relu6(x) if self.active else x


def plain(module: nn.Module) -> nn.Module:
	"""The module with every FrozenConv replaced, in place."""
	for name, child in module.named_children():
		if isinstance(child, FrozenConv):
			setattr(module, name, PlainConv(child))
		else:
			plain(child)
	return module


def store_half(graph: onnx.ModelProto) -> None:
	"""Stores large float32 weights as fp16, with a Cast to float32 before their use: half the file size, while arithmetic stays float32."""
	kept, casts = [], []
	for tensor in graph.graph.initializer:
		values = numpy_helper.to_array(tensor)
		if tensor.data_type == TensorProto.FLOAT and values.size >= LEAST_FOR_HALF and not tensor.name.endswith(".scale"):
			half = numpy_helper.from_array(values.astype(np.float16), tensor.name + "_half")
			casts.append(helper.make_node("Cast", [half.name], [tensor.name], to=TensorProto.FLOAT))
			tensor = half
		kept.append(tensor)
	del graph.graph.initializer[:]
	graph.graph.initializer.extend(kept)
	nodes = list(graph.graph.node)
	del graph.graph.node[:]
	graph.graph.node.extend(casts + nodes)


def widen(graph: onnx.ModelProto) -> onnx.ModelProto:
	"""Undoes `store_half` in place, except for the rounding: fp16 weights become plain float32 weights without a Cast. Returns the same graph."""
	stored = {tensor.name: tensor for tensor in graph.graph.initializer}
	nodes = []
	for node in graph.graph.node:
		half = stored.get(node.input[0]) if node.op_type == "Cast" else None
		if half is None or half.data_type != TensorProto.FLOAT16:
			nodes.append(node)
			continue
		graph.graph.initializer.remove(half)
		graph.graph.initializer.append(numpy_helper.from_array(numpy_helper.to_array(half).astype(np.float32), node.output[0]))
	del graph.graph.node[:]
	graph.graph.node.extend(nodes)
	return graph


def digest_of(matrix: np.ndarray) -> str:
	return hashlib.sha256(np.ascontiguousarray(matrix)).hexdigest()


def narrow(graph: onnx.ModelProto, model: nn.Module) -> None:
	"""Replaces each float matrix of a CLIP network, a Constant of the graph, by the package's bytes and scales, followed by a Cast and a Mul. Members
	of an ensemble share it. Raises ValueError if a matrix is not where it is expected."""
	parts, nodes = {}, []
	for name, part in model.named_modules():
		if isinstance(part, Frozen):
			parts.setdefault(digest_of(part.dense.numpy()), (name, part))
	for node in graph.graph.node:
		value = numpy_helper.to_array(node.attribute[0].t) if node.op_type == "Constant" and parts else np.zeros(0)
		if value.ndim != 2 or value.size < LEAST_MATRIX:
			nodes.append(node)
			continue
		name, part = parts.pop(digest_of(value), (None, None))
		if part is None:
			raise ValueError(f"{node.output[0]} is not a matrix of the network, or occurred before")
		stored = {f"{name}.weight": part.weight.numpy(), f"{name}.scale": part.scale[:, None].numpy()}
		graph.graph.initializer.extend(numpy_helper.from_array(tensor, key) for key, tensor in stored.items())
		nodes.append(helper.make_node("Cast", [f"{name}.weight"], [f"{name}.widened"], to=TensorProto.FLOAT))
		nodes.append(helper.make_node("Mul", [f"{name}.widened", f"{name}.scale"], list(node.output)))
	if parts:
		raise ValueError(f"no matrix of {next(iter(parts.values()))[0]}")
	del graph.graph.node[:]
	graph.graph.node.extend(nodes)


def absorb_pads(graph: onnx.ModelProto, model: nn.Module) -> None:
	"""Turns each Pad before a convolution into that convolution's own uneven padding, and removes nodes that only the Pads needed."""
	uneven = [layer.uneven for layer in model.modules() if isinstance(layer, PlainConv) and layer.uneven is not None]
	pads = {node.output[0]: node for node in graph.graph.node if node.op_type == "Pad"}
	padded = [node for node in graph.graph.node if node.op_type == "Conv" and node.input[0] in pads]
	if len(padded) != len(uneven):
		raise ValueError(f"{len(padded)} convolutions behind a Pad instead of {len(uneven)}")
	for conv, (left, right, top, bottom) in zip(padded, uneven, strict=True):
		conv.input[0] = pads[conv.input[0]].input[0]
		(attribute,) = (a for a in conv.attribute if a.name == "pads")
		attribute.ints[:] = [top, left, bottom, right]
	needed, nodes = {output.name for output in graph.graph.output}, []
	for node in reversed(graph.graph.node):
		if needed & set(node.output):
			needed |= set(node.input)
			nodes.append(node)
	del graph.graph.node[:]
	graph.graph.node.extend(reversed(nodes))


def export(checkpoint: Path, out: Path, side: int) -> str:
	"""Writes `out` for crops of `side` px, prints the largest differences to torch, and returns the SHA-256. Raises ValueError if parity is lost."""
	model = plain(load_averaged(checkpoint)).eval()
	for one in model.members if isinstance(model, Ensemble) else [model]:
		del one.mask_head
		if isinstance(one, ClipClassifier):
			one.encoder.prepare(torch.float32)
	torch.onnx.export(
		model,
		(torch.rand(2, 3, side, side),),
		str(out),
		input_names=["crops"],
		output_names=["frame_logit", "cam", "emb"],
		dynamic_axes={name: {0: "N"} for name in ("crops", "frame_logit", "cam", "emb")},
		opset_version=OPSET,
		do_constant_folding=not any(isinstance(part, Frozen) for part in model.modules()),  # it would rename matrices
		dynamo=False,
	)
	graph = onnx.load(out)
	absorb_pads(graph, model)
	narrow(graph, model)
	store_half(graph)
	with torch.inference_mode():
		for output, value in zip(graph.graph.output, model(torch.rand(1, 3, side, side)), strict=True):
			for dimension, size in list(zip(output.type.tensor_type.shape.dim, value.shape, strict=True))[1:]:
				dimension.dim_value = size
	del graph.metadata_props[:]
	graph.producer_name, graph.producer_version, graph.doc_string = "unmask_kit", "", "positive = fake; frame_logit == mean(cam)"
	onnx.checker.check_model(graph, full_check=True)
	for file in save(graph, out):
		print(f"export: {file.name} {file.stat().st_size} bytes, the frozen matrices")
	crops = torch.rand(5, 3, side, side) * torch.linspace(0.2, 1, 5)[:, None, None, None]
	options = onnxruntime.SessionOptions()
	options.log_severity_level = 3
	session = onnxruntime.InferenceSession(str(out), options, providers=["CPUExecutionProvider"])
	got = session.run(None, {"crops": crops.numpy()})
	with torch.inference_mode():
		expected = [value.numpy() for value in model(crops)]
	gaps = [float(np.abs(a - b).max()) for a, b in zip(got, expected, strict=True)]
	mean_gap = float(np.abs(got[1].mean((1, 2, 3)) - got[0]).max())
	digest = hashlib.sha256(out.read_bytes()).hexdigest()
	print(f"export: {out.name} {out.stat().st_size} bytes sha256 {digest}")
	print(f"export: largest difference to torch: logit {gaps[0]:.1e}, cam {gaps[1]:.1e}, emb {gaps[2]:.1e}; mean(cam) to logit {mean_gap:.1e}")
	if gaps[0] > 0.02 or mean_gap > 1e-4:
		raise ValueError("the exported file does not give the logits of the checkpoint")
	return digest


HELP = "export the checkpoint to a float ONNX file (WORK/RUN/NAME-float.onnx)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--ship-float", action="store_true", help="ship the float file (WORK/RUN/NAME.onnx), without 8-bit quantisation")


def run(work: Workspace, options: argparse.Namespace) -> None:
	export(work.checkpoint, work.shipped_file if options.ship_float else work.float_file, work.side)
