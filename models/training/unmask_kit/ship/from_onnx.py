"""Turns an exported float file into a checkpoint that training can start from (`train --start`).

The file has each convolution with its normalisation folded in, as gain * weight and shift - mean * gain. Many choices of (weight, scale, shift) give
that. The step uses the ImageNet statistics, which were never trained, gives each output channel's weight the norm of ImageNet's, and derives scale
and shift. The function is the same, and the parameters have the magnitude that the learning rates are made for. The mask head is not in the file and
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
"""Largest allowed difference of a logit between the file and the recovered model."""
LEAST_LENGTH = 1e-8
"""A channel whose weight norm is below this, in the file or in ImageNet, is dead; its scale stays ImageNet's."""


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
	"""The model that was exported to `path`, except for the mask head. Raises ValueError if a tensor is left over."""
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
	"""Writes the checkpoint; returns the largest logit difference on `crops` [N, 3, S, S]. Raises ValueError above LARGEST_GAP."""
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


HELP = "turn an exported float file into a checkpoint to start from (WORK/RUN.pt)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("model", type=Path, help="float ONNX file exported by this kit")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step and checks it on 50 crops of the held-out stills."""
	make = set_makers(work)["unseen-filmed"]
	crops = cached(work.sets, "unseen-filmed", make)["crops"]
	few = crops[:: max(1, len(crops) // 50)][:50]
	from_onnx(options.model, work.root / f"{work.run}.pt", few, work.threads)
