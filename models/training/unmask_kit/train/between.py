"""Interpolates the weights of two checkpoints."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..workspace import Workspace
from .checkpoint import read, save


def between(first: Path, second: Path, share: float, out: Path) -> None:
	"""Writes a checkpoint with the weights `share` of the way from the first to the second, which was trained from it (weight interpolation,
	arXiv 2109.01903). Settings and passes are the second's."""
	states = [read(path) for path in (first, second)]
	mixed = {name: torch.lerp(value.float(), states[1]["ema"][name].float(), share) for name, value in states[0]["ema"].items()}
	kept = {key: states[1][key] for key in ("step", "passes", "elapsed_s", "settings", "recipe")}
	save(out, {**kept, "ema": mixed, "between": (first.stem, share)})


HELP = "interpolate between a checkpoint and one that was trained from it; the result is a run"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("first", type=Path)
	parser.add_argument("second", type=Path)
	parser.add_argument("--share", type=float, default=0.5, help="0 = the first, 1 = the second")


def run(work: Workspace, options: argparse.Namespace) -> None:
	between(options.first, options.second, options.share, work.checkpoint)
