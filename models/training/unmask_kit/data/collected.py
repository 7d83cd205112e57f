"""Packs the faces of collected clips (`index.csv` and `faces/` of the step `collect`) into one file.

Writes `collected.bin` (the bytes of the pictures) and `collected.npz`: name, clip, label, generator (empty if genuine), source (repository), group
(person), split (`train`, `unseen-generator`, `unseen-source`, `drop`), start and size in the file, box (float32 [n, 4], px of the picture).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import numpy as np

from ..workspace import Workspace

COLUMNS = {"file": "name", "clip": "clip", "generator": "generator", "repository": "source", "group": "group", "split": "split"}
"""Columns of index.csv, and their names here."""
HELP = "pack the faces of collected clips (WORK/collected.bin, collected.npz)"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the step's arguments."""
	parser.add_argument("clips", type=Path, help="output folder of `collect`")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step."""
	work.root.mkdir(parents=True, exist_ok=True)
	pack_clips(options.clips, work.root)


def pack_clips(clips: Path, work: Path) -> Path:
	"""Packs the pictures of an index. Raises FileNotFoundError if one is missing."""
	with (clips / "index.csv").open(newline="") as file:
		rows = list(csv.DictReader(file))
	sizes = []
	with (work / "collected.bin").open("wb") as file:
		for row in rows:
			sizes.append(file.write((clips / row["file"]).read_bytes()))
	size = np.array(sizes, np.int64)
	np.savez(
		work / "collected.npz",
		start=np.cumsum(size) - size,
		size=size,
		label=np.array([int(row["label"]) for row in rows]),
		box=np.array([[float(row[key]) for key in ("x1", "y1", "x2", "y2")] for row in rows], np.float32).reshape(-1, 4),
		**{name: np.array([row[key] for row in rows]) for key, name in COLUMNS.items()},
	)
	print(f"pack-clips: {len(rows)} faces of {len({row['clip'] for row in rows})} clips")
	return work / "collected.npz"
