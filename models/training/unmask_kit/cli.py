"""The command line: one command per step. Folders come from arguments or the environment, never from the code."""

from __future__ import annotations

import argparse
import os
import sys

from . import workspace
from .steps import STEPS, step_of

# Set before torch is imported: idle threads that spin slow two torch threads beside a busy process to a tenth.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# These two only help if they are set before Python starts: README.md.
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "8000000000")
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "8000000000")


def parser_of(names: list[str]) -> argparse.ArgumentParser:
	"""A parser for the named steps: one for a call, all of them for the help."""
	parser = argparse.ArgumentParser(prog="unmask_kit", description=__doc__)
	steps = parser.add_subparsers(dest="step", required=True)
	for name in names:
		step = step_of(name)
		sub = steps.add_parser(name, help=step.HELP, description=step.HELP)
		workspace.arguments(sub)
		step.arguments(sub)
	return parser


def parse(words: list[str]) -> argparse.Namespace:
	"""The options of a call; imports only the module of its step."""
	named = [words[0]] if words and words[0] in STEPS else list(STEPS)
	return parser_of(named).parse_args(words)


def run(words: list[str]) -> None:
	"""Runs the step named by the words."""
	options = parse(words)
	work = workspace.workspace_of(options)
	import cv2
	import torch

	cv2.setNumThreads(1)
	torch.set_num_threads(work.threads)
	step_of(options.step).run(work, options)


def main() -> None:
	run(sys.argv[1:])
