"""A picture of the training material: for each family, rows of reals, their fakes, and the masks."""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from ..workspace import Workspace
from .families import FAMILIES
from .generate import Generator, Recipe


def sheet(root: Path, out: Path, columns: int = 8, seed: int = 5) -> None:
	"""Writes a JPEG: without degradations on the left, with them on the right. It shows real people, so keep it out of the repository."""
	generator = Generator(root, Recipe(seed=seed, pairs=columns, true_share=0, codec="x264"))
	rows = []
	for family in [*FAMILIES, None]:
		halves = []
		for degraded in (False, True):
			batch = generator.batch(1, 128, family, degraded, true_share=1.0 if family is None else 0.0)
			crops = (batch["crops"].permute(0, 2, 3, 1).numpy() * 255).astype(np.uint8)
			masks = [cv2.resize((m[0].numpy() * 255).astype(np.uint8), (128, 128)) for m in batch["mask"][columns:]]
			lines = [np.hstack(crops[:columns]), np.hstack(crops[columns:]), np.hstack([np.dstack([m] * 3) for m in masks])]
			halves.append(np.vstack(lines[: 2 if family is None else 3]))
		row = np.hstack([halves[0], np.full((halves[0].shape[0], 6, 3), 255, np.uint8), halves[1]])
		cv2.putText(row, family or "true fakes", (6, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 0), 2, cv2.LINE_AA)
		rows += [row, np.full((6, row.shape[1], 3), 255, np.uint8)]
	cv2.imwrite(str(out), cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 88])
	print(f"sheet: {out}")


HELP = "contact sheet of the families (WORK/sheet.jpg)"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""This step has no arguments of its own."""


def run(work: Workspace, options: argparse.Namespace) -> None:
	sheet(work.root, work.root / "sheet.jpg")
