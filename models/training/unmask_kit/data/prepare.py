"""Packs the pictures of the archives into one file of their original bytes, with face boxes and 68 landmarks.

The bytes are stored unchanged. There is no second JPEG and no second resampling, which the program would not have either.
Detection runs on sheets of pictures (3 x 3 of the tight 200 px ones, 2 x 2 of the others). Faces are then as large in the detector's
512 px as they are in videos, and one pass covers four to nine of them. The step is resumable: one file per chunk, written atomically.

Writes `faces.bin` and `faces.npz`: name, archive, label, source, group, generator, crop, split (strings), start, size (bytes in faces.bin),
box float32 [n, 4] (px; NaN = no face found), score [n], landmarks float32 [n, 68, 2] (px), steady float32 [n] (how far the landmarks
move between two readings, as a share of the face's width; a large value means that they are unreliable).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from pathlib import Path

import cv2
import numpy as np

from ..workspace import Workspace
from .faces import FaceDetector
from .sources import Item, read_archive, real_items, true_items

CHUNK = 360
FEW = 24
GAP = 24
"""Black px between the pictures of a sheet."""


def sheet_boxes(detector: FaceDetector, pictures: list[np.ndarray], columns: int, cell: int) -> list[tuple[np.ndarray, float]]:
	"""The best face of each picture: (box float32 [4] in px of the picture, score), or NaN and 0 if there is none."""
	side = columns * cell + (columns + 1) * GAP
	sheet = np.zeros((side, side, 3), np.uint8)
	places = []
	for i, rgb in enumerate(pictures):
		scale = min(1.0, cell / max(rgb.shape[:2]))
		small = rgb if scale == 1 else cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
		x, y = GAP + (i % columns) * (cell + GAP), GAP + (i // columns) * (cell + GAP)
		sheet[y : y + small.shape[0], x : x + small.shape[1]] = small
		places.append((x, y, small.shape[1] / rgb.shape[1], small.shape[1], small.shape[0]))
	boxes, scores = detector(sheet)
	found = []
	for x, y, scale, width, height in places:
		best = (np.full(4, np.nan, np.float32), 0.0)
		for box, score in zip(boxes, scores, strict=True):
			cx, cy = (box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y
			if 0 <= cx < width and 0 <= cy < height and score > best[1]:
				best = (((box - (x, y, x, y)) / scale).astype(np.float32), float(score))
		found.append(best)
	return found


def face_landmarks(predictor, rgb: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, float]:
	"""68 points float32 [68, 2] in px, read from the box and then again from the first reading, and their mean move over the face's width."""
	import dlib

	def read(cx: float, cy: float, side: float) -> np.ndarray:
		half = side / 2
		shape = predictor(rgb, dlib.rectangle(int(cx - half), int(cy - half), int(cx + half), int(cy + half)))
		return np.array([(p.x, p.y) for p in shape.parts()], np.float32)

	x1, y1, x2, y2 = box
	first = read((x1 + x2) / 2, y1 + 0.56 * (y2 - y1), 0.94 * (x2 - x1))
	low, high = first.min(0), first.max(0)
	side = float(max(high - low)) * 1.02
	second = read(float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2 - 0.01 * side, side)
	return second, float(np.linalg.norm(first - second, axis=1).mean() / max(x2 - x1, 1))


_detector: FaceDetector
_predictor = None


def _start(detector: str, landmarks: str) -> None:
	global _detector, _predictor
	import dlib

	cv2.setNumThreads(1)
	_detector, _predictor = FaceDetector(Path(detector)), dlib.shape_predictor(landmarks)


def _chunk(task: tuple[Path, list[tuple[Item, bytes]]]) -> Path:
	path, rows = task
	pictures = [cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB) for _, data in rows]
	boxes, scores, points, steady = [], [], [], []
	i = 0
	while i < len(rows):
		columns, cell = (3, 200) if rows[i][0].source == "utk" else (2, 256)
		same = [k for k in range(i, min(i + columns**2, len(rows))) if (rows[k][0].source == "utk") == (columns == 3)]
		for k, (box, score) in zip(same, sheet_boxes(_detector, [pictures[k] for k in same], columns, cell), strict=True):
			if not score:
				alone, alone_scores = _detector(pictures[k], margin=0.5)
				box, score = (alone[0], float(alone_scores[0])) if len(alone) else (box, score)
			boxes.append(box)
			scores.append(score)
			ok = bool(np.isfinite(box).all())
			where, move = face_landmarks(_predictor, pictures[k], box) if ok else (np.full((68, 2), np.nan, np.float32), np.inf)
			points.append(where)
			steady.append(move)
		i = same[-1] + 1
	temporary = path.with_suffix(".part.npz")
	np.savez(temporary, box=np.stack(boxes), score=np.array(scores, np.float32), landmarks=np.stack(points), steady=np.array(steady, np.float32))
	os.replace(temporary, path)
	return path


def prepare(work: Workspace, landmarks: Path) -> Path:
	"""Detects and packs; with `small`, only FEW pictures of each source."""
	data, chunks, limit = work.data, work.root / "chunks", FEW if work.small else 0
	chunks.mkdir(parents=True, exist_ok=True)
	items = [item for item in (*true_items(data), *real_items(data)) if item.split != "drop"]
	items.sort(key=lambda item: item.source == "utk")
	if limit:
		seen: dict[tuple[str, int, str], int] = {}
		few = []
		for item in items:
			key = (item.source, item.label, item.split)
			seen[key] = seen.get(key, 0) + 1
			if seen[key] <= limit:
				few.append(item)
		items = few
	blobs: dict[tuple[str, str], bytes] = {}
	for archive in ("real-faces", "true-fakes"):
		for name, blob in read_archive(data, archive, {item.name for item in items if item.archive == archive}):
			blobs[archive, name] = blob
	tasks, paths = [], []
	for start in range(0, len(items), CHUNK):
		path = chunks / f"{start:06d}-{len(items):06d}.npz"
		paths.append(path)
		if not path.exists():
			tasks.append((path, [(item, blobs[item.archive, item.name]) for item in items[start : start + CHUNK]]))
	print(f"prepare: {len(items)} pictures, {len(tasks)} of {len(paths)} chunks to do", flush=True)
	with multiprocessing.get_context("spawn").Pool(work.threads, _start, (str(work.detector), str(landmarks))) as pool:
		for done, path in enumerate(pool.imap(_chunk, tasks), 1):
			print(f"prepare: {done}/{len(tasks)} {path.name}", flush=True)
	return pack(items, blobs, paths, work.root)


def pack(items: list[Item], blobs: dict[tuple[str, str], bytes], paths: list[Path], root: Path) -> Path:
	"""Writes faces.bin and faces.npz from the finished chunks."""
	parts = [np.load(path) for path in paths]
	columns = {key: np.concatenate([part[key] for part in parts]) for key in ("box", "score", "landmarks", "steady")}
	sizes = np.array([len(blobs[item.archive, item.name]) for item in items], np.int64)
	with (root / "faces.bin").open("wb") as file:
		for item in items:
			file.write(blobs[item.archive, item.name])
	text = {key: np.array([getattr(item, key) for item in items]) for key in ("name", "archive", "source", "group", "generator", "crop", "split")}
	label = np.array([item.label for item in items], np.int64)
	np.savez(root / "faces.npz", start=np.cumsum(sizes) - sizes, size=sizes, label=label, **text, **columns)
	for source in np.unique(text["source"]):
		of = text["source"] == source
		found = np.isfinite(columns["box"][of]).all(1)
		print(
			f"prepare: {source}: {of.sum()} pictures, a face in {found.mean():.1%}, landmarks steady in {(columns['steady'][of] < 0.06).mean():.1%}"
		)
	return root / "faces.npz"


HELP = "pack the archives' faces, with boxes and landmarks"


def arguments(parser: argparse.ArgumentParser) -> None:
	landmarks = os.environ.get("UNMASK_LANDMARKS")
	parser.add_argument("--landmarks", type=Path, default=landmarks, help="dlib's shape_predictor_68_face_landmarks.dat (UNMASK_LANDMARKS)")


def landmarks_of(options: argparse.Namespace) -> Path:
	if options.landmarks is None:
		raise SystemExit("--landmarks (or UNMASK_LANDMARKS) is needed; Debian's package libdlib-data has the file")
	return Path(options.landmarks)


def run(work: Workspace, options: argparse.Namespace) -> None:
	prepare(work, landmarks_of(options))
