"""A checkpoint of several runs that score together."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..workspace import Workspace
from .checkpoint import averaged, read, save


def ensemble(runs: list[Path], out: Path) -> None:
	"""Checkpoint of several runs' averaged weights that score together (`Ensemble`); passes and time are sums, settings and recipe lists."""
	states = [read(run / "checkpoint.pt") for run in runs]
	summed = {key: sum(state[key] for state in states) for key in ("step", "passes", "elapsed_s")}
	each = {key: [state[key] for state in states] for key in ("settings", "recipe")}
	save(out, {**summed, **each, "runs": [run.name for run in runs], "members": [averaged(state) for state in states]})


HELP = "runs that score together by the mean of their logits, as a run of its own"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("members", nargs="+", help="runs in WORK")


def run(work: Workspace, options: argparse.Namespace) -> None:
	ensemble([work.root / run for run in options.members], work.checkpoint)
