"""Scores a classifier on everything that it was not trained on, as CSV, and prints a summary table.

Sets (crops are cut once, at the program's margin and the side of the model's crops, and cached in the work folder):
- `dev-crops`     the dev set's 630 aligned crops, with the detector's face; group = identity or video;
- `dev-videos`    its 11 videos, 32 frames each spread over the clip, the largest face of each frame, mean of the frames' logits;
- `unseen-true`   true fakes and reals of generators, clips and identities held out of training;
- `unseen-clips`  collected fakes of held-out generators and genuine clips of held-out sources (`pack-clips`), mean of up to 8 frames' logits;
- `unseen-real`   stills of the sources held out of training, as they are;
- `unseen-filmed` the same stills after H.264 (CRF 18-40) at a face size of 80-150 px, closer to faces in videos;
- `pseudo`        pseudo-fakes of each family made from those stills, with all degradations, and their reals.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import hashlib
import tarfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np
import torch

from ..data.collect import HELD_OUT
from ..data.faces import FaceDetector, crop_faces, largest_face, square_box
from ..data.frames import as_rgb
from ..data.packed import Faces, Packed
from ..data.sources import UNSEEN_SOURCES
from ..make.degrade import film
from ..make.families import FAMILIES
from ..make.generate import Generator, Recipe, put_on_canvas
from ..train.onnx_model import scoring_model
from ..workspace import Workspace
from .statistics import auc, auc_interval, rate_interval

FRAMES = 32
VIDEOS = ("dev-videos", "unseen-clips")
"""Sets whose unit is a clip: one row per clip, whose logit is the mean over its frames."""
COLUMNS = ("set", "name", "label", "group", "source", "frames", "logit")
Crops = dict[str, np.ndarray]
"""crops float16 [n, 3, S, S] RGB 0..1; name, label, group, source [n]; `failed` has the names of pictures without a face."""
Scores = dict[str, np.ndarray]
"""One array for each of COLUMNS."""


def pack_crops(rows: list[tuple[np.ndarray, str, int, str, str]], failed: list[str]) -> Crops:
	columns = list(zip(*rows, strict=True))
	crops = np.stack(columns[0]).astype(np.float16)
	return {
		"crops": crops,
		**{k: np.array(v) for k, v in zip(("name", "label", "group", "source"), columns[1:], strict=True)},
		"failed": np.array(failed),
	}


def dev_item(name: str) -> tuple[int, str, str]:
	"""(label, group, source) of a crop of the dev set, from its path."""
	label, stem = int("/fake/" in name), Path(name).stem
	if stem.startswith("ffpp_"):
		parts = stem.split("_")
		return label, f"ffpp:{parts[2] if label else parts[1]}", "Face2Face" if label else "FF++ real"
	set_name, kind = stem.split("__")[:2]
	return label, "gend:" + stem.rsplit("__", 1)[0], f"GenD {set_name[5:]} {kind}"


def dev_crops(data: Path, detector: FaceDetector, side: int, every: int = 1) -> Crops:
	rows, failed, seen = [], [], 0
	with tarfile.open(data / "dev-set.tar") as tar:
		for member in tar:
			if not member.name.endswith(".jpg"):
				continue
			seen += 1
			if seen % every:
				continue
			rgb = cv2.cvtColor(cv2.imdecode(np.frombuffer(tar.extractfile(member).read(), np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
			box = largest_face(detector, rgb)
			if box is None:
				failed.append(member.name)
				continue
			label, group, source = dev_item(member.name)
			rows.append((crop_faces(rgb, square_box(box)[None], side)[0].numpy(), member.name, label, group, source))
	return pack_crops(rows, failed)


def spread_frames(data: bytes, count: int) -> list[np.ndarray]:
	"""`count` frames uint8 [H, W, 3] RGB spread evenly over a clip, decoded from the start to the end."""
	with av.open(BytesIO(data)) as clip:
		total = sum(1 for _ in clip.decode(video=0))
	wanted = set(np.unique(np.round(np.linspace(0, total - 1, min(count, total))).astype(int)).tolist())
	with av.open(BytesIO(data)) as clip:
		return [as_rgb(frame) for i, frame in enumerate(clip.decode(video=0)) if i in wanted]


def dev_videos(data: Path, detector: FaceDetector, side: int, frames: int = FRAMES) -> Crops:
	rows, failed = [], []
	with tarfile.open(data / "dev-set.tar") as tar:
		for member in tar:
			if not member.name.endswith(".mp4"):
				continue
			found = 0
			for rgb in spread_frames(tar.extractfile(member).read(), frames):
				box = largest_face(detector, rgb)
				if box is not None:
					found += 1
					crop = crop_faces(rgb, square_box(box)[None], side)[0].numpy()
					rows.append((crop, member.name, int("/fake/" in member.name), member.name, "dev video"))
			if not found:
				failed.append(member.name)
	return pack_crops(rows, failed)


def packed(faces: Faces, rows: np.ndarray, detector: FaceDetector, side: int) -> Crops:
	out, failed = [], []
	for i in rows:
		rgb = faces.picture(i)
		box = largest_face(detector, rgb)
		if box is None:
			failed.append(str(faces.name[i]))
			continue
		crop = crop_faces(rgb, square_box(box)[None], side)[0].numpy()
		out.append((crop, str(faces.name[i]), int(faces.label[i]), str(faces.group[i]), str(faces.generator[i] or faces.source[i])))
	return pack_crops(out, failed)


def filmed(faces: Faces, rows: np.ndarray, side: int) -> Crops:
	out, rng = [], np.random.default_rng(77)
	for start in range(0, len(rows), 4):
		few = rows[start : start + 4]
		placed = [put_on_canvas(rng, faces, int(i)) for i in few]
		for i, face, pair in zip(few, placed, film(rng, [[face.rgb, face.rgb] for face in placed]), strict=True):
			crop = crop_faces(pair[0], square_box(face.box)[None], side)[0].numpy()
			out.append((crop, str(faces.name[i]), 0, str(faces.group[i]), str(faces.source[i])))
	return pack_crops(out, [])


def pseudo(root: Path, batches: int, side: int) -> Crops:
	recipe = Recipe(seed=404, true_share=0, codec="x264", weights={source: 1.0 for source in UNSEEN_SOURCES}, margins=(1.25, 1.35))
	generator, out = Generator(root, recipe, "unseen"), []
	for family in FAMILIES:
		for n in range(batches):
			batch = generator.batch(n, side, family)
			for k in range(len(batch["label"])):
				name = f"{family}-{n}-{k % recipe.pairs}"
				out.append((batch["crops"][k].numpy(), name, int(batch["label"][k]), name, family))
	return pack_crops(out, [])


def held_out_clips(work: Path, side: int) -> Crops:
	"""Crops of every frame; `name` is the clip, `source` the generator or the repository of a genuine clip, `split` as packed."""
	packed = Packed(work, "collected")
	rows = np.where(np.isin(packed.split, HELD_OUT))[0]
	out = []
	for i in rows:
		crop = crop_faces(packed.picture(int(i)), square_box(packed.box[i])[None], side)[0].numpy()
		source = packed.generator[i] if packed.label[i] else packed.source[i]
		out.append((crop, str(packed.clip[i]), int(packed.label[i]), str(packed.group[i]), str(source)))
	return {**pack_crops(out, []), "split": packed.split[rows]}


def unseen_clips(work: Path, side: int) -> Crops:
	"""`held_out_clips` without the fakes of generators that training knows."""
	crops = held_out_clips(work, side)
	kept = (crops["label"] == 0) | (crops["split"] == "unseen-generator")
	return {key: values if key == "failed" else values[kept] for key, values in crops.items()}


def set_makers(work: Workspace) -> dict[str, Callable[[], Crops]]:
	"""The function that makes each set."""
	data, side, small = work.data, work.side, work.small
	finder, faces = FaceDetector(work.detector), Faces(work.root)
	ok = (faces.split == "unseen") & np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	stills = np.where(ok & np.isin(faces.source, UNSEEN_SOURCES))[0]
	true = np.where(ok & ~np.isin(faces.source, UNSEEN_SOURCES))[0]
	return {
		"dev-crops": lambda: dev_crops(data, finder, side, 10 if small else 1),
		"dev-videos": lambda: dev_videos(data, finder, side, 3 if small else FRAMES),
		"unseen-true": lambda: packed(faces, true, finder, side),
		"unseen-real": lambda: packed(faces, stills, finder, side),
		"unseen-filmed": lambda: filmed(faces, stills, side),
		"pseudo": lambda: pseudo(work.root, 1 if small else 6, side),
		**({"unseen-clips": lambda: unseen_clips(work.root, side)} if (work.root / "collected.npz").exists() else {}),
	}


def cached(folder: Path, name: str, make: Callable[[], Crops]) -> Crops:
	path = folder / f"{name}.npz"
	if not path.exists():
		folder.mkdir(parents=True, exist_ok=True)
		np.savez(folder / f"{name}.part.npz", **make())
		(folder / f"{name}.part.npz").rename(path)
	return dict(np.load(path))


def logits(model: torch.nn.Module, crops: np.ndarray) -> np.ndarray:
	with torch.inference_mode():
		parts = [model(torch.from_numpy(crops[i : i + 64].astype(np.float32)))[0].numpy() for i in range(0, len(crops), 64)]
	return np.concatenate(parts)


def score_sets(model: torch.nn.Module, work: Workspace, sets: list[str] | None = None) -> list[dict]:
	"""One row per picture, or per video, whose logit is the mean over the frames with a face. For all sets, or for those named."""
	rows = []
	if not (work.root / "collected.npz").exists():
		print("evaluate: no collected clips (pack-clips) here: the thresholds for videos will come from only a few sources")
	for name, make in set_makers(work).items():
		if sets and name not in sets:
			continue
		crops = cached(work.sets, name, make)
		score = logits(model, crops["crops"])
		if len(crops["failed"]):
			print(f"evaluate: {name}: no face in {len(crops['failed'])}: {', '.join(crops['failed'][:6])}")
		units = np.unique(crops["name"]) if name in VIDEOS else range(len(score))
		for unit in units:
			of = crops["name"] == unit if name in VIDEOS else np.array([unit])
			first = int(np.where(of)[0][0]) if name in VIDEOS else unit
			rows.append(
				{
					"set": name,
					"name": str(crops["name"][first]),
					"label": int(crops["label"][first]),
					"group": str(crops["group"][first]),
					"source": str(crops["source"][first]),
					"frames": int(of.sum()) if name in VIDEOS else 1,
					"logit": float(score[of].mean()),
				}
			)
	return rows


def write_scores(path: Path, rows: list[dict]) -> None:
	with path.open("w", newline="") as file:
		writer = csv.DictWriter(file, COLUMNS)
		writer.writeheader()
		writer.writerows({**row, "logit": f"{row['logit']:.5f}"} for row in rows)


def read_scores(path: Path) -> Scores:
	with path.open(newline="") as file:
		rows = list(csv.DictReader(file))
	kinds = {"label": int, "frames": int, "logit": float}
	return {key: np.array([kinds.get(key, str)(row[key]) for row in rows]) for key in COLUMNS}


def select(scores: Scores, name: str) -> np.ndarray:
	"""Rows (bool) of a set, or of a part of one by its name in `table`: "pseudo: warp-only"."""
	set_name, _, part = name.partition(": ")
	of = scores["set"] == set_name
	if not part:
		return of
	if set_name == "dev-crops":
		f2f = np.isin(scores["source"], ("Face2Face", "FF++ real"))
		return of & (f2f if part == "Face2Face" else ~f2f)
	if set_name == "unseen-true":
		return of & np.char.startswith(scores["group"], part)
	return of & (scores["source"] == part)


NOTHING_KNOWN = (0.0, 1.0)
"""The interval to report if the bootstrap gives none."""


@dataclasses.dataclass(frozen=True)
class Area:
	"""An AUC with its interval, set, unit and number of units."""

	set: str
	unit: str
	n: int
	auc: float
	interval: tuple[float, float]


def area(scores: Scores, name: str, of: np.ndarray, unit: str) -> Area:
	"""The AUC of some rows of the scores."""
	label, score, group = scores["label"][of], scores["logit"][of], scores["group"][of]
	return Area(name, unit, int(of.sum()), auc(label, score), auc_interval(label, score, group) or NOTHING_KNOWN)


def table(scores: Scores, threshold: float | None = None) -> list[Area]:
	"""Prints and returns the AUCs; with a threshold (a logit), also prints the false-alarm rates by source."""
	areas = []
	s = scores
	for name, unit in (("dev-crops", "crops"), ("dev-videos", "videos"), ("unseen-true", "crops"), ("pseudo", "crops"), ("unseen-clips", "clips")):
		parts = {"dev-crops": ("Face2Face", "GenD's"), "unseen-true": ("ffpp", "talking"), "pseudo": FAMILIES}.get(name, ())
		for part in (name, *(f"{name}: {part}" for part in parts)):
			if select(s, part).any():
				areas.append(area(s, part, select(s, part), unit))
	for a in areas:
		print(f"evaluate: {a.set:28s} AUC {a.auc:.3f} [{a.interval[0]:.3f}, {a.interval[1]:.3f}]  {a.n} {a.unit}")
	for name in ("unseen-real", "unseen-filmed", "unseen-true", "dev-crops", "dev-videos", "unseen-clips"):
		for source in np.unique(s["source"][(s["set"] == name) & (s["label"] == 0)]):
			of = (s["set"] == name) & (s["source"] == source) & (s["label"] == 0)
			text = f"evaluate: {name:14s} {source:24s} real: n {of.sum():5d} mean logit {s['logit'][of].mean():6.2f} sd {s['logit'][of].std():5.2f}"
			if threshold is not None:
				hits = int((s["logit"][of] > threshold).sum())
				low, high = rate_interval(hits, int(of.sum()))
				text += f" alarms {hits / of.sum():.1%} [{low:.1%}, {high:.1%}]"
			print(text)
	of = s["set"] == "dev-videos"
	for name, label, frames, logit in zip(*(s[k][of] for k in ("name", "label", "frames", "logit")), strict=True):
		print(f"evaluate: {name:36s} {'fake' if label else 'real'} {frames:3d} frames with a face, logit {logit:6.2f}")
	return areas


HELP = "score the run's averaged weights, or an ONNX file; writes a CSV and prints a table"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--model", type=Path, help="ONNX file to score instead of the run's checkpoint")
	parser.add_argument("--sets", nargs="+", help="score only these sets, and keep the run's scores of the other sets by the same file")


def other_scores(work: Workspace, scored: str, sets: list[str]) -> list[dict]:
	"""The run's rows of all other sets. Raises SystemExit if they were scored by another file."""
	if not work.scored.exists() or work.scored.read_text().strip() != scored:
		raise SystemExit(f"the scores in {work.run} are not of this file: evaluate it on all sets first")
	scores = read_scores(work.scores)
	rows = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*(scores[key].tolist() for key in COLUMNS), strict=True)]
	return [row for row in rows if row["set"] not in sets]


def run(work: Workspace, options: argparse.Namespace) -> None:
	work.folder.mkdir(parents=True, exist_ok=True)
	scored = scorer(work, options.model or work.checkpoint)
	others = other_scores(work, scored, options.sets) if options.sets else []
	write_scores(work.scores, others + score_sets(scoring_model(work, options.model), work, options.sets))
	work.scored.write_text(scored + "\n")
	table(read_scores(work.scores))


def scorer(work: Workspace, path: Path) -> str:
	"""Digest of the scoring file, and whether it also scores mirror images."""
	return hashlib.sha256(path.read_bytes()).hexdigest() + (" mirrored" if work.mirrored else "")
