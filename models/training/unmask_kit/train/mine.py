"""False-alarm mining: finds the real training faces that a checkpoint scores highest, to be drawn more often (`train --hard-share`).

Only reals of the training split are scored. Those of held-out sources, which set the thresholds, are never scored here.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import torch

from ..data.faces import crop_faces, square_box
from ..data.hard import FILE
from ..data.packed import Faces
from ..workspace import Workspace
from .checkpoint import load_averaged


def mine(model: torch.nn.Module, root: Path, side: int, every: int = 1) -> Path:
	"""Writes WORK/hard.npz: `rows`, the indices of the hardest reals of each training source."""
	faces = Faces(root)
	usable = (faces.split == "train") & (faces.label == 0) & np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	hard = []
	for source in np.unique(faces.source[usable]):
		rows = np.where(usable & (faces.source == source))[0][::every]
		logits = []
		for start in range(0, len(rows), 16):
			few = rows[start : start + 16]
			crops = torch.cat([crop_faces(faces.picture(int(i)), square_box(faces.box[i])[None], side) for i in few])
			with torch.inference_mode():
				logits.append(model(crops)[0].numpy())
		logit = np.concatenate(logits)
		least = np.quantile(logit, 1 - HARDEST)
		hard.append(rows[logit >= least])
		print(f"mine: {source}: {len(rows)} reals, mean logit {logit.mean():.2f} sd {logit.std():.2f}, {len(hard[-1])} above {least:.2f}", flush=True)
	temporary = root / "hard.part.npz"
	np.savez(temporary, rows=np.concatenate(hard))
	os.replace(temporary, root / FILE)
	return root / FILE


HARDEST = 0.08
"""Share of each source's reals that count as hard."""


HELP = "the training reals with the highest scores of the run (WORK/hard.npz)"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""This step has no arguments of its own."""


def run(work: Workspace, options: argparse.Namespace) -> None:
	mine(load_averaged(work.checkpoint), work.root, work.side, 10 if work.small else 1)
