"""A checkpoint of several runs that score together."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..make.generate import Generator, Recipe
from ..workspace import Workspace
from .checkpoint import averaged, load_averaged, read, save

SEED, BATCHES = 4711, 12
"""Of the batches that standardise members: of training material, never one that a run was trained on."""


def ensemble(runs: list[Path], out: Path, weights: tuple[list[float], float] | None = None) -> None:
	"""Checkpoint of several runs' averaged weights that score together (`Ensemble`); passes and time are sums, settings and recipe lists.
	`weights`: of the members, and what is added to the sum."""
	states = [read(run / "checkpoint.pt") for run in runs]
	summed = {key: sum(state.get(key, 0) for state in states) for key in ("step", "passes", "elapsed_s")}
	each = {key: [state.get(key, {}) for state in states] for key in ("settings", "recipe")}
	given = {} if weights is None else {"weights": weights[0], "offset": weights[1]}
	save(out, {**summed, **each, **given, "runs": [run.name for run in runs], "members": [averaged(state) for state in states]})


def standardising(logits: torch.Tensor) -> tuple[list[float], float]:
	"""Weights and offset that give each member's logits [members, N] one mean and deviation, so that each has an equal say; on the scale of their
	mean deviation."""
	mean, deviation = logits.mean(1), logits.std(1)
	weights = deviation.mean() / (len(logits) * deviation)
	return weights.tolist(), float(-(weights * mean).sum())


def member_logits(runs: list[Path], work: Workspace, recipe: Recipe) -> torch.Tensor:
	"""[members, N] on batches of training material as the recipe degrades it."""
	generator, models = Generator(work.root, recipe), [load_averaged(run / "checkpoint.pt") for run in runs]
	batches = [generator.batch(n, work.side)["crops"] for n in range(1 if work.small else BATCHES)]
	with torch.inference_mode():
		return torch.stack([torch.cat([model(crops)[0] for crops in batches]) for model in models])


HELP = "runs that score together by the mean of their logits, as a run of its own"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("members", nargs="+", help="runs in WORK")
	parser.add_argument("--standardised", action="store_true", help="give each member's logits one mean and deviation on training material")
	parser.add_argument("--dfdc-share", type=float, default=0.3, help="of the pairs that standardise")
	parser.add_argument("--clip-share", type=float, default=0.2, help="of the pairs that standardise")
	parser.add_argument("--left-out", nargs="*", default=[], help="families that do not standardise")


def run(work: Workspace, options: argparse.Namespace) -> None:
	runs, weights = [work.root / run for run in options.members], None
	if options.standardised:
		recipe = Recipe(seed=SEED, true_share=0.05, dfdc_share=options.dfdc_share, clip_share=options.clip_share, left_out=tuple(options.left_out))
		weights = standardising(member_logits(runs, work, recipe))
		print(f"ensemble: weights {', '.join(f'{one:.4f}' for one in weights[0])}, offset {weights[1]:+.4f}")
	ensemble(runs, work.checkpoint, weights)
