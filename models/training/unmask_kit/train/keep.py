"""Saves the averaged weights of a run as a file small enough for git."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from ..workspace import Workspace
from .checkpoint import read, save


def keep(checkpoint: Path, out: Path) -> None:
	"""Writes the averaged weights as fp16, with settings and passes, and without the optimiser."""
	state = read(checkpoint)
	kept = {key: state[key] for key in ("step", "passes", "elapsed_s", "settings", "recipe")}
	save(out, {**kept, "ema": {name: value.to(torch.float16) for name, value in state["ema"].items()}})
	print(f"keep: {out.name} {out.stat().st_size} bytes")


HELP = "averaged weights of a run as fp16, to continue training from (OUT.pt)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("out", type=Path)


def run(work: Workspace, options: argparse.Namespace) -> None:
	keep(work.checkpoint, options.out)
