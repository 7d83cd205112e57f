"""How the same weights do when faces are cut and looked at in other ways: margin of the crop, side of the crop, mirrored as well, two crops.

On the dev set's crops and videos and on true fakes held out of training. A line a way: the AUC of each set, and its difference to the way that is
served (margin 1.3, 160 px, not mirrored) with a 95 % interval. Nothing here sets anything: what it shows goes into experiments.csv.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from .conditions import dev_pictures
from .evaluate import FRAMES, spread_frames
from .faces import SERVING_MARGIN, FaceDetector, crop_faces, largest_face, square_box
from .prepare import Faces
from .sources import UNSEEN_SOURCES
from .statistics import auc, resampled_aucs

Way = tuple[float, int]
"""(margin of the crop, its side in px)."""
SERVED: Way = (SERVING_MARGIN, 160)
WAYS: tuple[Way, ...] = ((1.1, 160), (1.2, 160), SERVED, (1.45, 160), (1.6, 160), (SERVING_MARGIN, 128), (SERVING_MARGIN, 192))
Picture = tuple[str, np.ndarray, np.ndarray, int, str]
"""(set, picture uint8 [H, W, 3] RGB, box, label, group); the pictures of a group of `dev-videos` are frames of one video."""


def pictures(data: Path, work: Path, detector: FaceDetector, every: int = 1) -> Iterator[Picture]:
	for rgb, box, label, group in dev_pictures(data, detector, every):
		yield "dev-crops", rgb, box, label, group
	faces = Faces(work)
	held = (faces.split == "unseen") & np.isfinite(faces.box).all(1) & (faces.score > 0.3) & ~np.isin(faces.source, UNSEEN_SOURCES)
	for i in np.where(held)[0][::every]:
		rgb = faces.picture(int(i))
		box = largest_face(detector, rgb)
		if box is not None:
			yield f"unseen-true: {faces.source[i]}", rgb, box, int(faces.label[i]), str(faces.group[i])
	with tarfile.open(data / "dev-set.tar") as tar:
		for member in tar:
			if member.name.endswith(".mp4"):
				for rgb in spread_frames(tar.extractfile(member).read(), max(2, FRAMES // every)):
					box = largest_face(detector, rgb)
					if box is not None:
						yield "dev-videos", rgb, box, int("/fake/" in member.name), member.name


def score_ways(model: torch.nn.Module, shown: list[Picture]) -> dict[str, np.ndarray]:
	"""Logits [n] of each way by its name, those of the mirrored crops and of two margins together as well."""
	out: dict[str, list[float]] = {}
	for _, rgb, box, _, _ in shown:
		for margin, side in WAYS:
			crop = crop_faces(rgb, square_box(box, margin)[None], side)
			looks = torch.cat([crop, crop.flip(-1)]) if (margin, side) == SERVED else crop
			with torch.inference_mode():
				logit = model(looks)[0].tolist()
			out.setdefault(f"margin {margin}, {side} px", []).append(logit[0])
			if len(logit) == 2:
				out.setdefault("served, mean with mirrored", []).append(sum(logit) / 2)
	scores = {name: np.array(values) for name, values in out.items()}
	scores["served, mean with margin 1.6"] = (scores["margin 1.3, 160 px"] + scores["margin 1.6, 160 px"]) / 2
	scores["served, mean with margin 1.1"] = (scores["margin 1.3, 160 px"] + scores["margin 1.1, 160 px"]) / 2
	return scores


def units(of: list[Picture], logit: np.ndarray, whole: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""(label, logit, group) a picture, or, `whole`, a group with the mean of its logits."""
	label, group = np.array([row[3] for row in of]), np.array([row[4] for row in of])
	if not whole:
		return label, logit, group
	names = np.unique(group)
	return np.array([label[group == n][0] for n in names]), np.array([logit[group == n].mean() for n in names]), names


def serving(model: torch.nn.Module, data: Path, work: Path, detector: FaceDetector, every: int = 1) -> None:
	shown = list(pictures(data, work, detector, every))
	scores = score_ways(model, shown)
	served = f"margin {SERVED[0]}, {SERVED[1]} px"
	for name in dict.fromkeys(row[0] for row in shown):
		rows = np.array([row[0] == name for row in shown])
		of = [row for row in shown if row[0] == name]
		label, base, group = units(of, scores[served][rows], name == "dev-videos")
		kept = resampled_aucs(label, base, group, 500)
		for way, values in scores.items():
			_, logit, _ = units(of, values[rows], name == "dev-videos")
			low, high = np.nanquantile(resampled_aucs(label, logit, group, 500) - kept, (0.025, 0.975))
			gap = auc(label, logit) - auc(label, base)
			print(
				f"serving: {name:22s} n {len(label):4d} {way:30s} AUC {auc(label, logit):.4f} difference {gap:+.4f} [{low:+.4f}, {high:+.4f}] "
				f"mean of reals {logit[label == 0].mean():+.2f}",
				flush=True,
			)
