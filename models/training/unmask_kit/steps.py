"""The steps of the command line, each a module with `HELP`, `arguments(parser)` and `run(work, options)`."""

from __future__ import annotations

import argparse
import importlib
from typing import Protocol

from .workspace import Workspace

STEPS = {
	"collect": "data.collect",
	"prepare": "data.prepare",
	"dfdc": "data.dfdc",
	"pack-clips": "data.collected",
	"autoencoders": "train.autoencoders",
	"sheet": "make.sheet",
	"train": "train.train",
	"mine": "train.mine",
	"between": "train.between",
	"ensemble": "train.ensemble",
	"keep": "train.keep",
	"audit": "measure.audit",
	"curves": "measure.curves",
	"evaluate": "measure.evaluate",
	"calibrate": "measure.calibrate",
	"compare": "measure.compare",
	"generators": "measure.generators",
	"conditions": "measure.conditions",
	"export": "ship.export",
	"export-sequence": "ship.export_sequence",
	"quantise": "ship.quantise",
	"from-onnx": "ship.from_onnx",
	"publish": "ship.publish",
	"parity": "ship.parity",
	"pictures": "ship.pictures",
	"all": "everything",
	"leave-out": "studies.leave_out",
	"clip-probe": "studies.clip_probe",
	"serving": "studies.serving",
	"clips": "studies.clips",
	"time-head": "studies.time_head",
	"unlike": "studies.unlike",
}
"""Module of each step; it is imported when the step is called."""


class Step(Protocol):
	"""The interface of a step's module."""

	HELP: str

	def arguments(self, parser: argparse.ArgumentParser) -> None: ...

	def run(self, work: Workspace, options: argparse.Namespace) -> None: ...


def step_of(name: str) -> Step:
	"""The module of a step."""
	return importlib.import_module(f"{__package__}.{STEPS[name]}")
