"""Makes sets of clips for the sequence model: the classifier's logits and embeddings of each frame."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..data.faces import crop_faces, square_box
from ..data.packed import Faces
from ..data.sources import UNSEEN_SOURCES
from ..make.clips import KINDS, TILES, cut_clips, draw_clip, film_clips
from ..make.generate import Generator, Recipe
from ..measure.evaluate import Crops, cached, set_makers
from ..train.onnx_model import Exported
from ..train.sequence import Clips
from ..workspace import MODELS, Workspace

FRAMES = 8
"""Frames of a training clip."""
LONG = 40
"""Frames of the long clips that heads are tested on."""
SHEETS_A_CHUNK = 10
COLUMNS = ("emb", "logit", "length", "label", "kind", "family", "group", "source")


def embed(model: torch.nn.Module, crops: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
	"""(embeddings float16 [n, 1280], logits float32 [n]) of crops [n, 3, S, S]."""
	parts = [model(crops[start : start + 32]) for start in range(0, len(crops), 32)]
	return np.concatenate([p[2].numpy() for p in parts]).astype(np.float16), np.concatenate([p[0].numpy() for p in parts])


@dataclass(frozen=True)
class Chunk:
	"""A file of clips: its number, its number of sheets of four clips, and the frames per clip."""

	n: int
	sheets: int
	frames: int


def pseudo_chunk(generator: Generator, model: torch.nn.Module, chunk: Chunk, side: int) -> Clips:
	"""The clips of a chunk, with the kinds in turn. Real and fake alternate."""
	n, sheets, length = chunk.n, chunk.sheets, chunk.frames
	rows: dict[str, list] = {key: [] for key in COLUMNS}
	for sheet in range(sheets):
		rng = np.random.default_rng((generator.recipe.seed, length, n, sheet))
		kinds = [KINDS[((n * sheets + sheet) * TILES + i) % len(KINDS)] for i in range(TILES)]
		clips = [draw_clip(generator, rng, kind, length) for kind in kinds]
		crops = cut_clips(rng, clips, film_clips(rng, clips), side)
		emb, logit = (values.reshape(2, TILES, length, -1) for values in embed(model, crops.flatten(0, 2)))
		for i, clip in enumerate(clips):
			for label in range(2):
				row = (emb[label, i], logit[label, i, :, 0], length, label, clip.kind, clip.family, clip.group, clip.source)
				for key, value in zip(COLUMNS, row, strict=True):
					rows[key].append(value)
	return {key: np.array(values) for key, values in rows.items()}


def by_clip(model: torch.nn.Module, crops: Crops, clip: np.ndarray, kind: str) -> Clips:
	"""Groups existing frames, in their order, into clips by their name in `clip` [n]."""
	parts = [crops["crops"][start : start + 32].astype(np.float32) for start in range(0, len(clip), 32)]
	found = [embed(model, torch.from_numpy(part)) for part in parts]
	emb, logit = (np.concatenate([pair[which] for pair in found]) for which in range(2))
	names = np.unique(clip)
	longest = max(int((clip == name).sum()) for name in names)
	out: Clips = {"emb": np.zeros((len(names), longest, emb.shape[1]), np.float16), "logit": np.zeros((len(names), longest), np.float32)}
	of = [np.where(clip == name)[0] for name in names]
	for n, rows in enumerate(of):
		out["emb"][n, : len(rows)], out["logit"][n, : len(rows)] = emb[rows], logit[rows]
	first = np.array([rows[0] for rows in of])
	out |= {"length": np.array([len(rows) for rows in of]), "label": crops["label"][first], "group": crops["group"][first]}
	return out | {"kind": np.full(len(names), kind), "family": crops["source"][first], "source": np.full(len(names), kind)}


def clip_names(crops: Crops) -> np.ndarray:
	"""The clip that each true fake or its real belongs to: its name without the frame number."""
	return np.array([str(name).rsplit("_", 1)[0] for name in crops["name"]])


def in_order(crops: Crops) -> Crops:
	"""The rows sorted by clip, then by frame number."""
	number = [int(Path(str(name)).stem.rsplit("_", 1)[1]) for name in crops["name"]]
	order = np.lexsort((number, clip_names(crops)))
	return {key: value[order] for key, value in crops.items() if key != "failed"}


def true_crops(root: Path, side: int, every: int) -> Crops:
	"""True fakes and reals of the training split, cut at the boxes that `prepare` found."""
	faces = Faces(root)
	of = (faces.split == "train") & (faces.archive == "true-fakes") & np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	rows = np.where(of)[0][::every]
	crops = np.stack([crop_faces(faces.picture(i), square_box(faces.box[i])[None], side)[0].numpy() for i in rows]).astype(np.float16)
	origin = np.where(faces.generator[rows] == "", faces.source[rows], faces.generator[rows])
	return {"crops": crops, "name": faces.name[rows], "label": faces.label[rows], "group": faces.group[rows], "source": origin}


@dataclass(frozen=True)
class Part:
	"""A set of pseudo-fake clips: split of the pictures, sheets of four pairs, frames per clip."""

	split: str
	sheets: int
	frames: int
	seed: int


def parts(small: bool, pairs: int) -> dict[str, Part]:
	"""`train` uses pictures of the training sources; `check` uses their pictures that were never trained on (for early stopping); `unseen` and
	`long` use the sources that are held out as a whole."""
	sheets = {"check": 25, "unseen": 60, "long": 8, "train": max(1, pairs // TILES)}
	if small:
		sheets = {"check": 5, "unseen": 5, "long": 1, "train": 5}
	split = {"check": "check", "unseen": "unseen", "long": "unseen", "train": "train"}
	return {name: Part(split[name], n, LONG if name == "long" else FRAMES, 500 + k) for k, (name, n) in enumerate(sheets.items())}


def kept_clips(work: Workspace, model: torch.nn.Module) -> dict[str, Callable[[], Clips]]:
	"""The functions that make sets of clips from existing frames."""
	makers = set_makers(work)

	def held() -> Clips:
		crops = in_order(cached(work.sets, "unseen-true", makers["unseen-true"]))
		return by_clip(model, crops, clip_names(crops), "true")

	def dev() -> Clips:
		crops = cached(work.sets, "dev-videos", makers["dev-videos"])
		return by_clip(model, crops, crops["name"], "dev video")

	def true() -> Clips:
		crops = in_order(true_crops(work.root, work.side, 4 if work.small else 1))
		return by_clip(model, crops, clip_names(crops), "true")

	return {"true-train": true, "true-unseen": held, "dev-videos": dev}


def clips(work: Workspace, file: Path, pairs: int) -> None:
	"""Makes WORK/clips/*.npz with an ONNX file, chunk by chunk; existing chunks stay."""
	model = Exported(file, work.threads)
	for name, make in kept_clips(work, model).items():
		print(f"clips: {name}: {len(cached(work.clips, name, make)['label'])} clips", flush=True)
	for name, part in parts(work.small, pairs).items():
		weights = {source: 1.0 for source in UNSEEN_SOURCES} if part.split == "unseen" else Recipe().weights
		generator = Generator(work.root, Recipe(seed=part.seed, weights=weights), part.split)
		per_chunk = SHEETS_A_CHUNK if part.frames == FRAMES else 2
		for n, start in enumerate(range(0, part.sheets, per_chunk)):
			chunk = Chunk(n, min(per_chunk, part.sheets - start), part.frames)
			make = functools.partial(pseudo_chunk, generator, model, chunk, work.side)
			found = cached(work.clips, f"{name}-{n:03d}", make)
			print(f"clips: {name}: {start + chunk.sheets} of {part.sheets} sheets, {len(found['label'])} clips", flush=True)


def load_clips(folder: Path, name: str) -> Clips:
	"""Loads all chunks of a set. Raises FileNotFoundError if there are none."""
	paths = sorted(chunk for chunk in folder.glob(f"{name}*.npz") if ".part" not in chunk.name)
	if not paths:
		raise FileNotFoundError(f"no clips of {name}: run `python -m unmask_kit clips` first")
	found = [dict(np.load(path)) for path in paths]
	return {key: np.concatenate([chunk[key] for chunk in found]) for key in COLUMNS}


def shuffled_in_time(clips: Clips, seed: int = 0) -> Iterator[np.ndarray]:
	"""For each clip, a random order of its frames; padding after its end stays there."""
	rng = np.random.default_rng(seed)
	for length in clips["length"]:
		order = np.arange(clips["logit"].shape[1])
		order[:length] = rng.permutation(length)
		yield order


HELP = "make clips of faces and their fakes, as the classifier's logits and embeddings (WORK/clips)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--pairs", type=int, default=800, help="training pairs; 240 of held-out sources and 100 for early stopping are added")
	parser.add_argument("--model", type=Path, help="ONNX file of the classifier; the shipped one of --name if not given")


def run(work: Workspace, options: argparse.Namespace) -> None:
	clips(work, options.model or MODELS / f"{work.name}.onnx", options.pairs)
