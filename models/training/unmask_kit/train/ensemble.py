"""Makes a checkpoint of several runs that score together."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..make.generate import Generator, Recipe
from ..workspace import Workspace
from .checkpoint import averaged, load_averaged, read, save

SEED, BATCHES = 4711, 12
"""For the batches that standardise members: training material, but never a batch that a run was trained on."""


def ensemble(runs: list[Path], out: Path, weights: tuple[list[float], float] | None = None) -> None:
	"""Writes a checkpoint of several runs' averaged weights that score together (`Ensemble`); passes and time are sums, settings and recipe are
	lists. `weights`: the members' weights, and the offset that is added to the sum."""
	states = [read(run / "checkpoint.pt") for run in runs]
	summed = {key: sum(state.get(key, 0) for state in states) for key in ("step", "passes", "elapsed_s")}
	each = {key: [state.get(key, {}) for state in states] for key in ("settings", "recipe")}
	given = {} if weights is None else {"weights": weights[0], "offset": weights[1]}
	save(out, {**summed, **each, **given, "runs": [run.name for run in runs], "members": [averaged(state) for state in states]})


def standardising(logits: torch.Tensor, shares: list[float] | None = None) -> tuple[list[float], float]:
	"""Weights and offset that give each member's logits [members, N] the same mean and deviation before they are added in these shares, by default
	equal ones. The scale is their mean deviation."""
	mean, deviation = logits.mean(1), logits.std(1)
	share = torch.tensor(shares or [1.0] * len(logits))
	weights = deviation.mean() * share / (share.sum() * deviation)
	return weights.tolist(), float(-(weights * mean).sum())


def member_logits(runs: list[Path], work: Workspace, recipe: Recipe) -> torch.Tensor:
	"""Logits [members, N] on batches of training material, degraded as in the recipe."""
	generator, models = Generator(work.root, recipe), [load_averaged(run / "checkpoint.pt") for run in runs]
	batches = [generator.batch(n, work.side)["crops"] for n in range(1 if work.small else BATCHES)]
	with torch.inference_mode():
		return torch.stack([torch.cat([model(crops)[0] for crops in batches]) for model in models])


HELP = "combine runs into one that scores by the mean of their logits"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("members", nargs="+", help="runs in WORK")
	parser.add_argument("--standardised", action="store_true", help="first scale each member's logits to one mean and deviation on training material")
	parser.add_argument("--shares", type=float, nargs="+", help="share of each standardised member in the sum; by default all the same")
	parser.add_argument("--dfdc-share", type=float, default=0.3, help="share of DFDC pairs in the standardising batches")
	parser.add_argument("--clip-share", type=float, default=0.2, help="share of clips in the standardising batches")
	parser.add_argument("--left-out", nargs="*", default=[], help="families left out of the standardising batches")


def run(work: Workspace, options: argparse.Namespace) -> None:
	runs, weights = [work.root / run for run in options.members], None
	if options.standardised:
		recipe = Recipe(seed=SEED, true_share=0.05, dfdc_share=options.dfdc_share, clip_share=options.clip_share, left_out=tuple(options.left_out))
		weights = standardising(member_logits(runs, work, recipe), options.shares)
		print(f"ensemble: weights {', '.join(f'{one:.4f}' for one in weights[0])}, offset {weights[1]:+.4f}")
	ensemble(runs, work.checkpoint, weights)
