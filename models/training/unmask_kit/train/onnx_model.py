"""An exported file with the interface of the torch model, and mirrored scoring."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import nn

from ..sessions import open_session
from ..workspace import Workspace
from .checkpoint import load_averaged


class Mirrored(nn.Module):
	"""Test-time augmentation (mirrored): runs a classifier on each crop and its mirror image. Returns the mean of both logits and of both maps, the
	second flipped back, and the pooled features of the first. `mirrored` in the manifest makes the program do the same."""

	def __init__(self, model: nn.Module) -> None:
		super().__init__()
		self.model = model

	def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
		logit, cam, emb = self.model(crops)
		other, turned, _ = self.model(crops.flip(-1))
		return (logit + other) / 2, (cam + turned.flip(-1)) / 2, emb


class Exported(nn.Module):
	"""An ONNX file with the interface of the torch model: crops float32 [N, 3, S, S] -> (logit, cam, emb)."""

	def __init__(self, path: Path, threads: int = 2) -> None:
		super().__init__()
		self.session = open_session(path, threads)

	def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
		return tuple(torch.from_numpy(value) for value in self.session.run(None, {"crops": crops.numpy()}))


def scoring_model(work: Workspace, model: Path | None) -> nn.Module:
	"""The model of an ONNX file, or else of the run's averaged weights."""
	plain = Exported(model, work.threads) if model else load_averaged(work.checkpoint)
	return Mirrored(plain) if work.mirrored else plain
