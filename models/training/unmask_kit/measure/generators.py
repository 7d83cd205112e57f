"""AUC of one or two models on collected clips of held-out generators and sources, and on held-out DFDC actors.

The logit of a clip is the mean of its frames' logits. Every generator's fakes are compared with the genuine clips of all held-out sources. Intervals
are bootstraps over people (clips) and originals (DFDC); two models are scored on the same draws.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from ..data.faces import FaceDetector, crop_faces, largest_face, square_box
from ..data.packed import Packed
from ..train.onnx_model import scoring_model
from ..workspace import Workspace
from .evaluate import Crops, cached, held_out_clips, logits, pack_crops
from .statistics import auc, resampled_aucs

DFDC_PAIRS = 400
HELP = "AUC by held-out generator, by genuine source, and on held-out DFDC actors; --old compares with a second file"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the step's arguments."""
	parser.add_argument("--model", type=Path, help="ONNX file instead of the run's checkpoint")
	parser.add_argument("--old", type=Path, help="ONNX file to compare with")


def held_out_dfdc(work: Path, side: int, detector: FaceDetector, pairs: int = DFDC_PAIRS) -> Crops:
	"""Crops of pairs of held-out actors, one pair per original; pictures without a detected face are listed in `failed`."""
	packed = Packed(work, "dfdc")
	rows = np.where(packed.split == "check")[0]
	np.random.default_rng(9).shuffle(rows)
	_, first = np.unique(packed.real[rows], return_index=True)
	out, failed = [], []
	for k in rows[np.sort(first)][:pairs]:
		for label, i in ((0, int(packed.real[k])), (1, int(packed.fake[k]))):
			rgb = packed.picture(i)
			box = largest_face(detector, rgb)
			if box is None:
				failed.append(str(packed.name[i]))
				continue
			crop = crop_faces(rgb, square_box(box)[None], side)[0].numpy()
			out.append((crop, str(packed.name[i]), label, f"dfdc:{packed.name[packed.real[k]]}", "DFDC"))
	return pack_crops(out, failed)


def line(title: str, label: np.ndarray, group: np.ndarray, scores: list[np.ndarray]) -> None:
	"""Prints each model's AUC with its interval, and the difference of two."""
	text, drawn = f"generators: {title:28s} n {int((label == 1).sum()):3d} + {int((label == 0).sum()):3d}", []
	for score in scores:
		drawn.append(resampled_aucs(label, score, group))
		low, high = np.nanquantile(drawn[-1], (0.025, 0.975))
		text += f"  {auc(label, score):.3f} [{low:.3f}, {high:.3f}]"
	if len(scores) == 2:
		low, high = np.nanquantile(drawn[1] - drawn[0], (0.025, 0.975))
		text += f"  {auc(label, scores[1]) - auc(label, scores[0]):+.3f} [{low:+.3f}, {high:+.3f}]"
	print(text)


def report_clips(crops: Crops, frames: list[np.ndarray]) -> None:
	"""Prints the table; `frames` has each model's logits of the crops."""
	_, first, which = np.unique(crops["name"], return_index=True, return_inverse=True)
	scores = [np.bincount(which, logit) / np.bincount(which) for logit in frames]
	label, group, source, split = (crops[key][first] for key in ("label", "group", "source", "split"))
	real, unseen = label == 0, (label == 1) & (split == "unseen-generator")

	def part(title: str, fakes: np.ndarray) -> None:
		of = real | fakes
		line(title, label[of], group[of], [score[of] for score in scores])

	part("all held out", label == 1)
	part("unseen generators", unseen)
	part("known generators, new source", (label == 1) & ~unseen)
	names = np.unique(source[label == 1])
	for name in names:
		part(name, (label == 1) & (source == name))
	alone = [real | (unseen & (source == name)) for name in np.unique(source[unseen])]
	means = [np.mean([auc(label[of], score[of]) for of in alone]) for score in scores]
	print(f"generators: mean over {len(alone)} unseen generators", *(f"{mean:.3f}" for mean in means))
	for name in np.unique(source[real]):
		of = real & (source == name)
		print(
			f"generators: genuine {name:44s} n {of.sum():3d}", *(f" mean {score[of].mean():6.2f} highest {score[of].max():6.2f}" for score in scores)
		)


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step. The older model comes first in each line."""
	models = [scoring_model(work, options.old)] if options.old else []
	models.append(scoring_model(work, options.model))
	if (work.root / "collected.npz").exists():
		crops = cached(work.sets, "held-out-clips", lambda: held_out_clips(work.root, work.side))
		report_clips(crops, [logits(model, crops["crops"]) for model in models])
	if (work.root / "dfdc.npz").exists():
		crops = cached(work.sets, "unseen-dfdc", lambda: held_out_dfdc(work.root, work.side, FaceDetector(work.detector)))
		line("DFDC, actors held out", crops["label"], crops["group"], [logits(model, crops["crops"]) for model in models])
