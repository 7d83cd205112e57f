"""The working folder: where each step reads and writes."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass, replace
from pathlib import Path

MODELS = Path(__file__).resolve().parents[2]
NAME = "unmask-lite0-224"


def side_of(name: str) -> int:
	"""Side of a model's crops in px, taken from its id: 160 for unmask-lite0-160."""
	return int(name.rsplit("-", 1)[1])


@dataclass(frozen=True)
class Workspace:
	"""`data` has the archives, `root` all outputs; `run` is a folder in `root`, `name` the id of the model that the run makes."""

	data: Path
	root: Path
	detector: Path = MODELS / "face-detector.onnx"
	run: str = "run1"
	name: str = NAME
	mirrored: bool = False
	threads: int = 1
	small: bool = False

	@property
	def side(self) -> int:
		"""Side of the crops in px."""
		return side_of(self.name)

	@property
	def folder(self) -> Path:
		"""The folder of the run."""
		return self.root / self.run

	@property
	def checkpoint(self) -> Path:
		return self.folder / "checkpoint.pt"

	@property
	def log(self) -> Path:
		return self.folder / "log.csv"

	@property
	def float_file(self) -> Path:
		return self.folder / f"{self.name}-float.onnx"

	@property
	def shipped_file(self) -> Path:
		"""The file that is scored, calibrated and published."""
		return self.folder / f"{self.name}.onnx"

	@property
	def scores(self) -> Path:
		return self.folder / "scores.csv"

	@property
	def scored(self) -> Path:
		"""Records which model gave the scores."""
		return self.folder / "scored.sha256"

	@property
	def calibration(self) -> Path:
		return self.folder / "calibration.json"

	@property
	def sets(self) -> Path:
		"""The sets of crops of this side."""
		return self.root / f"sets-{self.side}"

	@property
	def clips(self) -> Path:
		return self.root / "clips"

	def of_run(self, run: str) -> Workspace:
		"""The same working folder, another run."""
		return replace(self, run=run)


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the arguments that every step has."""
	env = os.environ.get
	parser.add_argument("--data", type=Path, default=env("UNMASK_DATA"), help="folder with the archives and CSV files (UNMASK_DATA)")
	parser.add_argument("--work", type=Path, default=env("UNMASK_WORK"), help="folder for all outputs (UNMASK_WORK); outside of git")
	parser.add_argument("--detector", type=Path, default=Workspace.detector, help="ONNX file of the face detector")
	parser.add_argument("--run", default=Workspace.run, help="name of the training run, a folder in WORK")
	parser.add_argument("--name", default=NAME, help=f"id of the model, which ends with the side of its crops ({NAME})")
	parser.add_argument("--mirrored", action="store_true", help="test-time augmentation: score each crop and its mirror image")
	parser.add_argument("--threads", type=int, default=os.cpu_count())
	parser.add_argument("--small", action="store_true", help="a tiny setting, only to check that the step works")


def workspace_of(options: argparse.Namespace) -> Workspace:
	"""Raises SystemExit if a folder is missing."""
	if options.data is None or options.work is None:
		raise SystemExit("--data and --work (or UNMASK_DATA and UNMASK_WORK) are needed")
	folders = (Path(options.data), Path(options.work), Path(options.detector))
	return Workspace(*folders, options.run, options.name, options.mirrored, options.threads, options.small)
