"""An exported float file -> a checkpoint that training can start from (`train --start`).

The file holds each convolution with its normalisation folded in: gain * weight and shift - mean * gain, which many (weight, scale, shift) give.
The one taken has the ImageNet statistics (they were never trained), each output channel's weight as long as ImageNet's, and the scale
and shift that follow: the same function, parameters of the size that the learning rates are made for. The mask head is not in the file and
starts fresh; so does the optimiser.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from ..measure.evaluate import cached, set_makers
from ..train.checkpoint import save
from ..train.model import BATCH_NORM_EPS, Classifier, FrozenConv, load_imagenet
from ..train.onnx_model import Exported
from ..workspace import Workspace

LARGEST_GAP = 1e-3
"""In logit, between the file and the recovered model."""
LEAST_LENGTH = 1e-8
"""A channel shorter than this is dead, in the file or in ImageNet: its scale stays ImageNet's."""


def weights_of(path: Path) -> dict[str, torch.Tensor]:
	"""Name without `_half` -> float32 tensor."""
	tensors = onnx.load(path).graph.initializer
	return {t.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(t).astype(np.float32)) for t in tensors}


def unfold(layer: FrozenConv, weight: torch.Tensor, bias: torch.Tensor) -> None:
	"""Sets the layer, which holds ImageNet's parameters, to the function of the plain convolution (weight, bias)."""
	deviation = torch.sqrt(layer.var + BATCH_NORM_EPS)
	wanted, given = layer.weight.flatten(1).norm(dim=1), weight.flatten(1).norm(dim=1)
	alive = (wanted > LEAST_LENGTH) & (given > LEAST_LENGTH)
	sign = torch.where(layer.scale < 0, -1.0, 1.0)
	gain = torch.where(alive, sign * given / wanted.clamp(min=LEAST_LENGTH), layer.scale / deviation)
	gain = torch.where(gain.abs() < LEAST_LENGTH, torch.full_like(gain, LEAST_LENGTH), gain)
	layer.weight.copy_(weight / gain[:, None, None, None])
	layer.scale.copy_(gain * deviation)
	layer.shift.copy_(bias + layer.mean * gain)


@torch.no_grad()
def recover(path: Path) -> Classifier:
	"""The model whose export `path` is, but for the mask head. Raises ValueError where a tensor has no place."""
	model, given = Classifier(), weights_of(path)
	load_imagenet(model)
	for name, layer in model.named_modules():
		if isinstance(layer, FrozenConv):
			unfold(layer, given.pop(f"{name}.weight"), given.pop(f"{name}.bias"))
	model.head.weight.copy_(given.pop("head.weight"))
	model.head.bias.copy_(given.pop("head.bias"))
	if given:
		raise ValueError(f"{path.name}: tensors without a place: {', '.join(given)}")
	return model.eval()


def from_onnx(path: Path, out: Path, crops: np.ndarray, threads: int = 1) -> float:
	"""Writes the checkpoint; gives the largest logit difference on `crops` [N, 3, 160, 160]; raises ValueError above 1e-3."""
	model, pixels = recover(path), torch.from_numpy(crops.astype(np.float32))
	with torch.inference_mode():
		expected, got = Exported(path, threads)(pixels)[0], model(pixels)[0]
	gap = float((expected - got).abs().max())
	print(f"from-onnx: {len(crops)} crops, logits {expected.min():.2f} to {expected.max():.2f}, largest difference {gap:.1e}")
	if not gap < LARGEST_GAP:
		raise ValueError(f"the recovered model differs from {path.name} by {gap:.1e}")
	save(out, {"ema": model.state_dict(), "from": path.name})
	print(f"from-onnx: wrote {out.name}")
	return gap


HELP = "exported float file -> checkpoint to start from (WORK/RUN.pt)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("model", type=Path, help="float ONNX file of this kit")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Checked on 50 crops of the held-out stills."""
	make = set_makers(work)["unseen-filmed"]
	crops = cached(work.sets, "unseen-filmed", make)["crops"]
	few = crops[:: max(1, len(crops) // 50)][:50]
	from_onnx(options.model, work.root / f"{work.run}.pt", few, work.threads)
