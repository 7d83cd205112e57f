"""Every step from the archives to a published entry. The 8-bit file is the one that is evaluated, calibrated and published."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from .data import prepare
from .steps import Step, step_of
from .train import autoencoders, train
from .workspace import Workspace

HELP = "every step from the archives to an entry published in WORK/models (or in --models)"
ALL = ("prepare", "autoencoders", "sheet", "train", "audit", "curves", "export", "quantise", "evaluate", "calibrate", "conditions", "publish")
SCORES_THE_FILE = ("evaluate", "conditions")


def arguments(parser: argparse.ArgumentParser) -> None:
	for step in (prepare, autoencoders, train):
		step.arguments(parser)
	parser.add_argument("--models", type=Path, help="folder to publish into (WORK/models)")


def options_of(step: Step, options: argparse.Namespace) -> argparse.Namespace:
	"""A step's own defaults, overridden by the options of `all`."""
	parser = argparse.ArgumentParser()
	step.arguments(parser)
	own = vars(parser.parse_args([]))
	return argparse.Namespace(**{name: getattr(options, name, value) for name, value in own.items()})


def run(work: Workspace, options: argparse.Namespace) -> None:
	options.models = options.models or work.root / "models"
	begin = time.monotonic()
	for name in ALL:
		print(f"---- {name} ({time.monotonic() - begin:.0f} s)", flush=True)
		step = step_of(name)
		own = options_of(step, options)
		if name in SCORES_THE_FILE:
			own.model = work.shipped_file
		step.run(work, own)
	print(f"---- done ({time.monotonic() - begin:.0f} s)")
