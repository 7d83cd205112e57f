"""Do wrong answers concern faces unlike anything in training? Tests distances of a face's embedding to the training material as a measure of trust.

Both distances use the 64 directions in which the embeddings of training crops vary most, each scaled to deviation 1. One is the smaller distance to
the means of genuine and manipulated crops (squared: Mahalanobis), the other the mean cosine distance to the five nearest training crops. For every
set outside training, the step takes the answers (likely fake, likely real) at the manifest's thresholds, and prints the AUC with which a distance
separates wrong from right ones. Below .5 the wrong ones are *closer* to the training material, and a threshold on the distance would remove right
answers first.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.neighbors import NearestNeighbors

from ..data.faces import crop_faces, square_box
from ..data.packed import Faces, Packed
from ..measure.calibrate import as_logit
from ..measure.evaluate import VIDEOS, cached, set_makers
from ..measure.statistics import auc, auc_interval
from ..train.onnx_model import scoring_model
from ..workspace import MODELS, Workspace

DIRECTIONS, NEIGHBOURS = 64, 5
SETS = ("unseen-clips", "unseen-true", "dev-crops")
CROPS = {"collected": 2_000, "faces": 3_000}
"""Number of training crops: faces of clips, stills."""
HELP = "whether wrong answers lie further from the training material than right ones"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the step's arguments."""
	parser.add_argument("--model", type=Path, required=True, help="ONNX file of the classifier, named in models/manifest.json")


@dataclass(frozen=True)
class Known:
	"""The reference for distances: mean and directions of the training embeddings, the means of both labels, the neighbours."""

	mean: np.ndarray
	directions: np.ndarray
	classes: np.ndarray
	neighbours: NearestNeighbors


def learn(embeddings: np.ndarray, label: np.ndarray) -> Known:
	"""Fits the reference on embeddings [N, F] and labels [N] of training crops."""
	mean = embeddings.mean(0)
	_, spread, directions = np.linalg.svd(embeddings - mean, full_matrices=False)
	scaled = directions[:DIRECTIONS].T / (spread[:DIRECTIONS] / np.sqrt(len(embeddings)))
	points = (embeddings - mean) @ scaled
	classes = np.stack([points[label == of].mean(0) for of in (0, 1)])
	return Known(mean, scaled, classes, NearestNeighbors(n_neighbors=NEIGHBOURS, metric="cosine").fit(points))


def distances(known: Known, embeddings: np.ndarray) -> dict[str, np.ndarray]:
	"""Both distances [N] of embeddings [N, F]."""
	points = (embeddings - known.mean) @ known.directions
	to_class = ((points[:, None] - known.classes) ** 2).sum(2).min(1)
	return {"mahalanobis": to_class, "nearest": known.neighbours.kneighbors(points)[0].mean(1)}


def training_crops(work: Workspace) -> tuple[np.ndarray, np.ndarray]:
	"""(crops, labels) of some of the training material."""
	rng, crops, labels = np.random.default_rng(0), [], []
	for name, packed in (("collected", Packed(work.root, "collected")), ("faces", Faces(work.root))):
		usable = (packed.split == "train") & np.isfinite(packed.box).all(1)
		rows = rng.permutation(np.where(usable)[0])[: CROPS[name]]
		crops += [crop_faces(packed.picture(int(i)), square_box(packed.box[i])[None], work.side)[0].numpy() for i in rows]
		labels.append(packed.label[rows])
	return np.stack(crops), np.concatenate(labels)


def read(model: torch.nn.Module, crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
	"""(logits, embeddings) of crops."""
	with torch.inference_mode():
		parts = [model(torch.from_numpy(crops[i : i + 32].astype(np.float32))) for i in range(0, len(crops), 32)]
	return np.concatenate([part[0].numpy() for part in parts]), np.concatenate([part[2].numpy() for part in parts])


def report(name: str, far: dict[str, np.ndarray], wrong: np.ndarray, group: np.ndarray) -> None:
	"""Prints how well each distance separates wrong answers from right ones."""
	if wrong.all() or not wrong.any():
		print(f"unlike: {name}: {wrong.sum()} of {len(wrong)} wrong: nothing to separate")
		return
	for kind, values in far.items():
		low, high = auc_interval(wrong.astype(int), values, group) or (0.0, 1.0)
		print(f"unlike: {name}: {wrong.sum()} of {len(wrong)} wrong; {kind}: {auc(wrong.astype(int), values):.3f} [{low:.3f}, {high:.3f}]")


def run(work: Workspace, options: argparse.Namespace) -> None:
	files = json.loads((MODELS / "manifest.json").read_text())["files"]
	calibration = next(file["calibration"] for file in files if file["file"] == options.model.name)
	model, makers = scoring_model(work, options.model), set_makers(work)
	crops, label = training_crops(work)
	known = learn(read(model, crops)[1], label)
	for name in SETS:
		items = cached(work.sets, name, makers[name])
		logit, embeddings = read(model, items["crops"])
		far, unit = distances(known, embeddings), items["name"] if name in VIDEOS else np.arange(len(logit)).astype(str)
		_, first, of = np.unique(unit, return_index=True, return_inverse=True)
		mean = lambda values, of=of: np.bincount(of, values) / np.bincount(of)  # noqa: E731
		limits, score, fake = calibration["video" if name in VIDEOS else "image"], mean(logit), items["label"][first] == 1
		below, above = (as_logit(limits[limit], calibration) for limit in ("likelyRealBelow", "likelyFakeAbove"))
		for side, called in (("likely-real", score < below), ("likely-fake", score > above)):
			wrong = fake[called] == (side == "likely-real")
			report(f"{name}, {side}", {kind: mean(values)[called] for kind, values in far.items()}, wrong, items["group"][first][called])
