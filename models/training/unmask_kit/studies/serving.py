"""How the same weights do when faces are cropped differently: margin and side of the crop, and with its mirror image.

Uses the dev set's crops and videos, and true fakes held out of training. Prints a line per way: the AUC of each set, and its difference to the
program's way (margin 1.3, the side of the model, not mirrored) with a 95 % interval. Nothing here sets anything; results go into experiments.csv.
"""

from __future__ import annotations

import argparse
import tarfile
from collections.abc import Iterator

import numpy as np
import torch

from ..data.faces import SERVING_MARGIN, FaceDetector, crop_faces, largest_face, square_box
from ..data.packed import Faces
from ..data.sources import UNSEEN_SOURCES
from ..measure.conditions import dev_pictures
from ..measure.evaluate import FRAMES, spread_frames
from ..measure.statistics import auc, resampled_aucs
from ..train.checkpoint import load_averaged
from ..workspace import Workspace

HELP = "score the same weights with other margins and sides of the crop, and mirrored, for experiments.csv"
Way = tuple[float, int]
"""(margin of the crop, its side in px)."""
MARGINS = (1.1, 1.2, 1.45, 1.6)
SIDES = (160, 192, 224, 256)
Picture = tuple[str, np.ndarray, np.ndarray, int, str]
"""(set, picture uint8 [H, W, 3] RGB, box, label, group); the pictures of a group of `dev-videos` are frames of one video."""


def ways(side: int) -> list[Way]:
	"""The program's way, the other margins at the same side, and the other sides at the same margin."""
	return [(SERVING_MARGIN, side), *((margin, side) for margin in MARGINS), *((SERVING_MARGIN, other) for other in SIDES if other != side)]


def pictures(work: Workspace, every: int) -> Iterator[Picture]:
	"""Every Nth of the pictures in which a face is found."""
	detector, faces = FaceDetector(work.detector), Faces(work.root)
	for rgb, box, label, group in dev_pictures(work.data, detector, every):
		yield "dev-crops", rgb, box, label, group
	held = (faces.split == "unseen") & np.isfinite(faces.box).all(1) & (faces.score > 0.3) & ~np.isin(faces.source, UNSEEN_SOURCES)
	for i in np.where(held)[0][::every]:
		rgb = faces.picture(int(i))
		if (box := largest_face(detector, rgb)) is not None:
			yield f"unseen-true: {faces.source[i]}", rgb, box, int(faces.label[i]), str(faces.group[i])
	with tarfile.open(work.data / "dev-set.tar") as tar:
		for member in (member for member in tar if member.name.endswith(".mp4")):
			for rgb in spread_frames(tar.extractfile(member).read(), max(2, FRAMES // every)):
				if (box := largest_face(detector, rgb)) is not None:
					yield "dev-videos", rgb, box, int("/fake/" in member.name), member.name


def score_ways(model: torch.nn.Module, shown: list[Picture], side: int) -> dict[str, np.ndarray]:
	"""Logits [n] of each way, by name, alone and as the mean with the mirrored crop's."""
	out: dict[str, list[float]] = {}
	for _, rgb, box, _, _ in shown:
		for margin, px in ways(side):
			crop = crop_faces(rgb, square_box(box, margin)[None], px)
			with torch.inference_mode():
				plain, mirrored = model(torch.cat([crop, crop.flip(-1)]))[0].tolist()
			out.setdefault(f"margin {margin}, {px} px", []).append(plain)
			out.setdefault(f"margin {margin}, {px} px, mirrored too", []).append((plain + mirrored) / 2)
	return {name: np.array(values) for name, values in out.items()}


def units(of: list[Picture], logit: np.ndarray, whole: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""(label, logit, group) of each picture, or, `whole`, of each group with the mean of its logits."""
	label, group = np.array([row[3] for row in of]), np.array([row[4] for row in of])
	if not whole:
		return label, logit, group
	names = np.unique(group)
	return np.array([label[group == n][0] for n in names]), np.array([logit[group == n].mean() for n in names]), names


def serving(model: torch.nn.Module, work: Workspace, every: int) -> None:
	"""Prints the table."""
	shown = list(pictures(work, every))
	scores = score_ways(model, shown, work.side)
	for name in dict.fromkeys(row[0] for row in shown):
		rows = np.array([row[0] == name for row in shown])
		of = [row for row in shown if row[0] == name]
		label, base, group = units(of, scores[f"margin {SERVING_MARGIN}, {work.side} px"][rows], name == "dev-videos")
		kept = resampled_aucs(label, base, group, 500)
		for way, values in scores.items():
			_, logit, _ = units(of, values[rows], name == "dev-videos")
			low, high = np.nanquantile(resampled_aucs(label, logit, group, 500) - kept, (0.025, 0.975))
			gap = auc(label, logit) - auc(label, base)
			print(
				f"serving: {name:22s} n {len(label):4d} {way:36s} AUC {auc(label, logit):.4f} difference {gap:+.4f} [{low:+.4f}, {high:+.4f}] "
				f"mean of reals {logit[label == 0].mean():+.2f}",
				flush=True,
			)


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--every", type=int, default=1, help="only every Nth picture")


def run(work: Workspace, options: argparse.Namespace) -> None:
	serving(load_averaged(work.checkpoint), work, 20 if work.small else options.every)
