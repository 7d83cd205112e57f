"""Leak tests: does anything in a pair, other than the change inside the mask, distinguish the fake from the real?

1. Before the shared degradations, a pair is bit-identical wherever the mask is 0.
2. A small network that sees only the area outside the dilated mask, after the degradations, cannot distinguish them (AUC .48-.52). The same network
   on whole crops is the control, which shows that it can learn at all.
3. The classifier gives the same logits in train mode and in eval mode.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from ..make.degrade import codec_argument
from ..make.families import FAMILIES
from ..make.generate import Generator, Recipe
from ..train.checkpoint import load_averaged
from ..workspace import Workspace
from .statistics import auc, auc_interval


def identical_outside(root: Path, pairs: int = 20) -> bool:
	"""Test 1, with `pairs` pairs of each family."""
	generator = Generator(root, Recipe(seed=101, true_share=0, codec="x264"))
	rng = np.random.default_rng(101)
	fine = True
	for family in FAMILIES:
		differing, changed = 0, []
		for _ in range(pairs):
			pair = generator.pseudo_pair(rng, family)
			(real, fake), mask = pair.pictures, pair.mask
			differing += int((real != fake).any(2)[mask == 0].sum())
			changed.append(float(np.abs(real.astype(int) - fake)[mask > 0.5].mean()) if (mask > 0.5).any() else 0.0)
		print(f"audit: {family:14s} differing px outside the mask {differing}, mean change inside {np.mean(changed):.1f} of 255")
		fine &= differing == 0
	return fine


def small_network() -> nn.Module:
	layers: list[nn.Module] = []
	for inputs, outputs in ((6, 24), (24, 48), (48, 64)):
		layers += [nn.Conv2d(inputs, outputs, 3, 2, 1), nn.GroupNorm(8, outputs), nn.ReLU()]
	return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1))


def hide_inside(crops: torch.Tensor, mask: torch.Tensor, grow: int = 1) -> torch.Tensor:
	"""Crops in which everything within `grow` cells (16 px) of the pair's mask is grey, in real and fake equally."""
	half = len(crops) // 2
	hidden = (mask[half:] > 0).float()
	hidden = F.max_pool2d(hidden, 2 * grow + 1, 1, grow)
	hidden = F.interpolate(hidden, crops.shape[-2:], mode="nearest")
	return crops * (1 - torch.cat([hidden, hidden])) + 0.5 * torch.cat([hidden, hidden])


@dataclass(frozen=True)
class Plan:
	"""How the small network is trained: batches for training and for testing, and epochs."""

	train: int = 120
	test: int = 40
	epochs: int = 4


def border_only(root: Path, plan: Plan, codec: str) -> dict[str, tuple]:
	"""Test 2: {"border": (AUC, interval), "whole": (AUC, interval)} on pairs that the small network was not trained on."""
	generator = Generator(root, Recipe(seed=202, true_share=0, codec=codec))
	batches = [generator.batch(n, 128) for n in range(plan.train + plan.test)]
	noise = torch.tensor([[-1.0, 2, -1], [2, -4, 2], [-1, 2, -1]]) / 4
	results = {}
	for view in ("border", "whole"):
		torch.manual_seed(0)
		network = small_network()
		optimiser = torch.optim.AdamW(network.parameters(), 2e-3)

		def seen(batch: dict, view: str = view) -> torch.Tensor:
			crops = hide_inside(batch["crops"], batch["mask"]) if view == "border" else batch["crops"]
			residue = F.conv2d(crops, noise.expand(3, 1, 3, 3), padding=1, groups=3)
			return torch.cat([crops - 0.5, residue * 8], 1)

		for _epoch in range(plan.epochs):
			for batch in batches[: plan.train]:
				loss = F.binary_cross_entropy_with_logits(network(seen(batch))[:, 0], batch["label"])
				optimiser.zero_grad()
				loss.backward()
				optimiser.step()
			for group in optimiser.param_groups:
				group["lr"] *= 0.5
		with torch.no_grad():
			score = torch.cat([network(seen(batch))[:, 0] for batch in batches[plan.train :]]).numpy()
		label = torch.cat([batch["label"] for batch in batches[plan.train :]]).numpy()
		pair = np.concatenate([np.tile(np.arange(len(b["label"]) // 2), 2) + 1000 * n for n, b in enumerate(batches[plan.train :])])
		results[view] = (auc(label, score), auc_interval(label, score, pair, 300) or (0.0, 1.0))
		print(
			f"audit: {view} seen: AUC {results[view][0]:.3f} [{results[view][1][0]:.3f}, {results[view][1][1]:.3f}], {len(label)} crops", flush=True
		)
	return results


def modes_agree(root: Path, checkpoint: Path, batches: int = 8) -> tuple[float, float, float]:
	"""Test 3: (accuracy in train mode without dropout, in eval mode, largest difference of a logit)."""
	generator = Generator(root, Recipe(seed=303, true_share=0, codec="x264"))
	model = load_averaged(checkpoint)
	right, gap = [[], []], 0.0
	for n in range(batches):
		batch = generator.batch(n, 160)
		with torch.no_grad():
			logits = []
			for mode in (True, False):
				model.train(mode)
				logits.append(model.forward_training(batch["crops"])[0])
		for kind in range(2):
			right[kind].append(float(((logits[kind] > 0) == (batch["label"] > 0.5)).float().mean()))
		gap = max(gap, float((logits[0] - logits[1]).abs().max()))
	print(f"audit: right in train mode {np.mean(right[0]):.4f}, in eval mode {np.mean(right[1]):.4f}, largest logit difference {gap:.2e}")
	return float(np.mean(right[0])), float(np.mean(right[1])), gap


def audit(root: Path, checkpoint: Path | None, quick: bool = False, codec: str = "x264") -> bool:
	"""Runs and prints all three tests; returns whether nothing leaks."""
	cv2.setNumThreads(1)
	torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
	fine = identical_outside(root, 5 if quick else 20)
	border = border_only(root, Plan(10, 4, 1) if quick else Plan(), codec)
	if not 0.48 <= border["border"][0] <= 0.52:
		print("audit: the border gives the fake away")
		fine &= quick
	if checkpoint is not None:
		fine &= modes_agree(root, checkpoint, 2 if quick else 8)[2] < 1e-3
	return fine


HELP = "leak tests"


def arguments(parser: argparse.ArgumentParser) -> None:
	codec_argument(parser)


def run(work: Workspace, options: argparse.Namespace) -> None:
	if not audit(work.root, work.checkpoint if work.checkpoint.exists() else None, work.small, options.codec):
		raise SystemExit("audit: a leak")
