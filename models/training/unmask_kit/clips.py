"""Clips for the time head: a still that moves, and its fake that moves with it; and what the shipped classifier makes of every frame of them.

A fake is blended with one set of parameters for the whole clip (families.py); its *kind* is what then happens from frame to frame:
- `steady`   nothing: the fake moves with the face;
- `flicker`  the share of the source changes from frame to frame;
- `jitter`   source and mask are misplaced anew in each frame;
- `drift`    the source slides from the face itself to another person's, or to one drawn again;
- `lips`     the lower face is laid on with a mouth that moves otherwise than the jaw.
All that is shared (movement, degradation, encoder, the detector's unrest) is drawn once and done to both; outside of the mask a frame's pair is
bit-identical before that. Every clip goes through a video encoder, four clips a sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch

from .degrade import colour, draw_coding, encode, noise, resize_chain, same, whole_filter
from .evaluate import Crops, cached, set_makers, sets_of
from .export import Exported
from .faces import SERVING_MARGIN, crop_faces, square_box
from .families import FAMILIES, Face, Rng, blend, draw_ratio, expression, lower_points, pick_family, polygon, soften
from .generate import CANVAS, Generator, Recipe
from .prepare import Faces
from .sources import UNSEEN_SOURCES

KINDS = ("steady", "flicker", "jitter", "drift", "lips")
FRAMES = 8
"""Frames of a clip to train on."""
LONG = 40
"""Frames of the long clips that heads are tried on."""
TILES = 4
SHEETS_A_CHUNK = 10
MOUTH = np.arange(48, 68)
Columns = dict[str, np.ndarray]
"""A row a clip: emb float16 [n, T, 1280], logit float32 [n, T] (0 after the end), length, label, and kind, family, group, source (strings)."""
COLUMNS = ("emb", "logit", "length", "label", "kind", "family", "group", "source")


@dataclass(frozen=True)
class Clip:
	"""T frames of a pair before degradation: `real`, `fake` uint8 [T, C, C, 3], `mask` float32 [T, C, C], the face's `box` float32 [T, 4] in px."""

	real: np.ndarray
	fake: np.ndarray
	mask: np.ndarray
	box: np.ndarray
	kind: str
	family: str
	group: str
	source: str


def course(rng: Rng, length: int, periods: tuple[float, float]) -> np.ndarray:
	"""A smooth course float32 [length], about -1.5 to 1.5: two waves with random phases and periods in frames."""
	t = np.arange(length)
	waves = [np.sin(2 * np.pi * (t / rng.uniform(*periods) + rng.random())) for _ in range(2)]
	return (waves[0] + 0.5 * waves[1]).astype(np.float32)


def movement(rng: Rng, face: Face, length: int) -> np.ndarray:
	"""Affine maps float32 [length, 2, 3] from the still to each frame: shift by up to a tenth of the face, turn, and scale, all smooth."""
	much = float(np.exp(rng.uniform(np.log(0.1), 0)))
	x, y, angle, scale = (course(rng, length, (6, 40)) * much * part for part in (0.06 * face.side, 0.04 * face.side, 4.0, 0.04))
	centre = (face.box[:2] + face.box[2:]) / 2
	middle = (float(centre[0]), float(centre[1]))
	maps = np.stack([cv2.getRotationMatrix2D(middle, float(a), float(1 + s)) for a, s in zip(angle, scale, strict=True)])
	maps[:, :, 2] += np.stack([x, y], 1)
	return maps.astype(np.float32)


def small_misplacement(rng: Rng, face: Face, much: float) -> np.ndarray:
	"""An affine map [2, 3] around the face that shifts by about `much` hundredths of it, turns by as many degrees and scales."""
	centre = (face.box[:2] + face.box[2:]) / 2
	matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), rng.normal(0, much), 1 + rng.normal(0, 0.01 * much))
	matrix[:, 2] += rng.normal(0, 0.01 * much * face.side, 2)
	return matrix


class Places:
	"""Where each px of a frame is read on the still: the frame's movement undone, then the expression."""

	def __init__(self, shape: tuple[int, int]) -> None:
		y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
		self.grid = np.stack([x, y, np.ones_like(x)], -1)

	def __call__(self, matrix: np.ndarray, field: np.ndarray) -> np.ndarray:
		"""float32 [C, C, 2] of a map still -> frame and a displacement on the still."""
		back = cv2.invertAffineTransform(matrix).astype(np.float32)
		return self.grid @ back.T + cv2.warpAffine(field, matrix.astype(np.float32), field.shape[1::-1])


def read(picture: np.ndarray, places: np.ndarray, misplaced: np.ndarray | None, kernel: int) -> np.ndarray:
	"""The picture read at `places`; `misplaced` [2, 3] moves it first."""
	if misplaced is not None:
		back = cv2.invertAffineTransform(misplaced).astype(np.float32)
		places = places @ back[:, :2].T + back[:, 2]
	border = cv2.BORDER_CONSTANT if picture.ndim == 2 else cv2.BORDER_REFLECT_101
	return cv2.remap(picture, places, None, kernel, borderMode=border)


def draw_family(rng: Rng, kind: str, left_out: tuple[str, ...]) -> str:
	"""`drift` needs another face to go to; `lips` is laid on softer or as it is."""
	if kind == "drift":
		return str(rng.choice([name for name in ("other-face", "redrawn") if name not in left_out]))
	if kind == "lips":
		return str(rng.choice([name for name in ("squeeze-lower", "warp-only") if name not in left_out]))
	return pick_family(rng, left_out)


def animate(rng: Rng, face: Face, other: Face, family: str, kind: str, length: int) -> Clip:
	"""The clip of a face; group and source are left empty."""
	target, source, mask = FAMILIES[family][1](rng, face, other)
	if kind == "lips":
		if family == "warp-only":
			target = source = face.rgb
		mask = soften(rng, polygon(face.rgb.shape[:2], lower_points(rng, face)), face.side * 0.6)
	ratio = draw_ratio(rng, family)
	kernel = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
	maps, places = movement(rng, face, length), Places(mask.shape)
	field, swing = expression(rng, face), course(rng, length, (4, 16)) * rng.uniform(0.3, 1.2)
	own_field, own_swing = expression(rng, face, MOUTH), course(rng, length, (3, 9)) * rng.uniform(0.6, 1.5)
	depth, much, whole = rng.uniform(0.3, 1.0), float(np.exp(rng.uniform(np.log(0.5), np.log(2.5)))), rng.random() < 0.6
	begin, end = rng.uniform(0.0, 0.5), rng.uniform(0.8, 1.0)
	slide = np.linspace(begin, end, length, dtype=np.float32)[:: 1 if rng.random() < 0.5 else -1] if length > 1 else np.array([end], np.float32)
	frames: list[tuple[np.ndarray, ...]] = []
	for t in range(length):
		at = places(maps[t], field * swing[t])
		misplaced = small_misplacement(rng, face, much) if kind == "jitter" else None
		real = read(target, at, None, kernel)
		laid = read(source, places(maps[t], own_field * own_swing[t]) if kind == "lips" else at, misplaced, kernel)
		seen = np.clip(read(mask, at, misplaced if whole else None, cv2.INTER_LINEAR), 0, 1)
		if kind == "drift":
			laid = cv2.addWeighted(laid, float(slide[t]), real, 1 - float(slide[t]), 0)
		part = ratio * (1 - depth * rng.random()) if kind == "flicker" else ratio
		frames.append((real, blend(real, laid, seen, part), seen))
	corners = (face.box[:2] + face.box[2:]) / 2
	middle = maps[:, :, :2] @ corners + maps[:, :, 2]
	half = (face.box[2:] - face.box[:2]) / 2 * np.hypot(maps[:, 0, 0], maps[:, 0, 1])[:, None]
	real, fake, seen = (np.stack(some) for some in zip(*frames, strict=True))
	return Clip(real, fake, seen, np.concatenate([middle - half, middle + half], 1).astype(np.float32), kind, family, "", "")


def draw_clip(generator: Generator, rng: Rng, kind: str, length: int, family: str | None = None) -> Clip:
	"""A clip of one of the generator's pictures."""
	family = draw_family(rng, kind, generator.recipe.left_out) if family is None else family
	i, face, other, family = generator.subject(rng, family)
	clip = animate(rng, face, other, family, kind, length)
	return replace(clip, group=str(generator.faces.group[i]), source=str(generator.faces.source[i]))


def degrade_clip(rng: Rng, frames: list[np.ndarray]) -> list[np.ndarray]:
	"""All frames with the same chance of colour, filter, resizing; noise is new in each frame and the same in real and fake, which follow each
	other: [real 0, fake 0, real 1, ...]."""
	for chance, change in ((0.5, colour), (0.12, whole_filter), (0.25, resize_chain)):
		if rng.random() < chance:
			frames = same(rng, change, frames)
	if rng.random() < 0.15:
		frames = [picture for t in range(0, len(frames), 2) for picture in same(rng, noise, frames[t : t + 2])]
	return frames


def film_clips(rng: Rng, clips: list[Clip]) -> list[np.ndarray]:
	"""[reals, fakes] uint8 [T, tiles, C, C, 3] of up to four clips of one length after degradation and one encoder for both sheets."""
	length, size = len(clips[0].real), clips[0].real.shape[1]
	columns = 1 if len(clips) == 1 else 2
	rows = -(-len(clips) // columns)
	sheets = np.zeros((2, length, rows * size, columns * size, 3), np.uint8)
	corner = [(i // columns * size, i % columns * size) for i in range(len(clips))]
	for clip, (y, x) in zip(clips, corner, strict=True):
		pictures = degrade_clip(rng, [picture for pair in zip(clip.real, clip.fake, strict=True) for picture in pair])
		for which in range(2):
			sheets[which, :, y : y + size, x : x + size] = pictures[which::2]
	coding, out = draw_coding(rng, "varied"), []
	for sheet in sheets:
		frames = np.stack(encode(list(sheet), coding))
		out.append(np.stack([frames[:, y : y + size, x : x + size] for y, x in corner], 1))
	return out


def cut_clips(rng: Rng, clips: list[Clip], filmed: list[np.ndarray], side: int) -> torch.Tensor:
	"""Crops float32 [2 (real, fake), clips, T, 3, side, side] as served; the detector's unrest, a pixel or so, is the same for both."""
	length = len(clips[0].real)
	out = torch.zeros(2, len(clips), length, 3, side, side)
	for i, clip in enumerate(clips):
		unrest = rng.uniform(0.3, 1.5)
		for t in range(length):
			box = square_box(clip.box[t] + rng.normal(0, unrest, 4).astype(np.float32), SERVING_MARGIN)
			low = np.clip(np.floor(box[:2]).astype(int) - 2, 0, CANVAS)
			high = np.clip(np.ceil(box[2:]).astype(int) + 2, 0, CANVAS)
			for which in range(2):
				rgb = filmed[which][t, i, low[1] : high[1], low[0] : high[0]]
				out[which, i, t] = crop_faces(rgb, (box - np.tile(low, 2))[None], side)[0]
	return out


def embed(model: torch.nn.Module, crops: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
	"""(embeddings float16 [n, 1280], logits float32 [n]) of crops [n, 3, S, S]."""
	parts = [model(crops[start : start + 32]) for start in range(0, len(crops), 32)]
	return np.concatenate([p[2].numpy() for p in parts]).astype(np.float16), np.concatenate([p[0].numpy() for p in parts])


# ---- sets ----


def pseudo_chunk(generator: Generator, model: torch.nn.Module, n: int, sheets: int, length: int, side: int) -> Columns:
	"""Chunk n: `sheets` sheets of four clips, kinds in turn. Real and fake follow each other."""
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


def by_clip(model: torch.nn.Module, crops: Crops, clip: np.ndarray, kind: str) -> Columns:
	"""Frames that are there already, in their order, as clips: those of one name in `clip` [n]."""
	parts = [crops["crops"][start : start + 32].astype(np.float32) for start in range(0, len(clip), 32)]
	found = [embed(model, torch.from_numpy(part)) for part in parts]
	emb, logit = (np.concatenate([pair[which] for pair in found]) for which in range(2))
	names = np.unique(clip)
	longest = max(int((clip == name).sum()) for name in names)
	out: Columns = {"emb": np.zeros((len(names), longest, emb.shape[1]), np.float16), "logit": np.zeros((len(names), longest), np.float32)}
	of = [np.where(clip == name)[0] for name in names]
	for n, rows in enumerate(of):
		out["emb"][n, : len(rows)], out["logit"][n, : len(rows)] = emb[rows], logit[rows]
	first = np.array([rows[0] for rows in of])
	out |= {"length": np.array([len(rows) for rows in of]), "label": crops["label"][first], "group": crops["group"][first]}
	return out | {"kind": np.full(len(names), kind), "family": crops["source"][first], "source": np.full(len(names), kind)}


def clip_names(crops: Crops) -> np.ndarray:
	"""Which clip each true fake, or real beside it, is a frame of: its name without the number of the frame."""
	return np.array([str(name).rsplit("_", 1)[0] for name in crops["name"]])


def in_order(crops: Crops) -> Crops:
	"""Rows by clip, then by number of the frame."""
	number = [int(Path(str(name)).stem.rsplit("_", 1)[1]) for name in crops["name"]]
	order = np.lexsort((number, clip_names(crops)))
	return {key: value[order] for key, value in crops.items() if key != "failed"}


def true_crops(work: Path, side: int, every: int) -> Crops:
	"""True fakes and reals of the training split, cut at the boxes that `prepare` found."""
	faces = Faces(work)
	of = (faces.split == "train") & (faces.archive == "true-fakes") & np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	rows = np.where(of)[0][::every]
	crops = np.stack([crop_faces(faces.picture(i), square_box(faces.box[i])[None], side)[0].numpy() for i in rows]).astype(np.float16)
	origin = np.where(faces.generator[rows] == "", faces.source[rows], faces.generator[rows])
	return {"crops": crops, "name": faces.name[rows], "label": faces.label[rows], "group": faces.group[rows], "source": origin}


@dataclass(frozen=True)
class Part:
	"""A set of pseudo-fake clips: split of the pictures, sheets of four pairs, frames a clip."""

	split: str
	sheets: int
	frames: int
	seed: int


def parts(small: bool, pairs: int) -> dict[str, Part]:
	"""`train` on pictures of the training sources; `check` on their pictures that were never trained on (stops the training); `unseen` and
	`long` on the sources held out as a whole."""
	sheets = {"check": 25, "unseen": 60, "long": 8, "train": max(1, pairs // TILES)}
	if small:
		sheets = {"check": 5, "unseen": 5, "long": 1, "train": 5}
	split = {"check": "check", "unseen": "unseen", "long": "unseen", "train": "train"}
	return {name: Part(split[name], n, LONG if name == "long" else FRAMES, 500 + k) for k, (name, n) in enumerate(sheets.items())}


def folder_of(work: Path) -> Path:
	return work / "clips"


def clips(data: Path, work: Path, detector: Path, model: Path, side: int, small: bool, pairs: int, threads: int) -> None:
	"""Makes WORK/clips/*.npz, chunk by chunk; those that are there stay."""
	exported, folder = Exported(model, threads), folder_of(work)
	makers = set_makers(data, work, detector, small, side)
	every = 4 if small else 1

	def held() -> Columns:
		crops = in_order(cached(sets_of(work, side), "unseen-true", makers["unseen-true"]))
		return by_clip(exported, crops, clip_names(crops), "true")

	def dev() -> Columns:
		crops = cached(sets_of(work, side), "dev-videos", makers["dev-videos"])
		return by_clip(exported, crops, crops["name"], "dev video")

	def true() -> Columns:
		crops = in_order(true_crops(work, side, every))
		return by_clip(exported, crops, clip_names(crops), "true")

	for name, make in (("true-train", true), ("true-unseen", held), ("dev-videos", dev)):
		print(f"clips: {name}: {len(cached(folder, name, make)['label'])} clips", flush=True)
	for name, part in parts(small, pairs).items():
		weights = {source: 1.0 for source in UNSEEN_SOURCES} if part.split == "unseen" else Recipe().weights
		generator = Generator(work, Recipe(seed=part.seed, weights=weights), part.split)
		a_chunk = SHEETS_A_CHUNK if part.frames == FRAMES else 2
		for n, start in enumerate(range(0, part.sheets, a_chunk)):
			sheets = min(a_chunk, part.sheets - start)

			def chunk(generator: Generator = generator, n: int = n, sheets: int = sheets, frames: int = part.frames) -> Columns:
				return pseudo_chunk(generator, exported, n, sheets, frames, side)

			found = cached(folder, f"{name}-{n:03d}", chunk)
			print(f"clips: {name}: {start + sheets} of {part.sheets} sheets, {len(found['label'])} clips", flush=True)


def load_clips(work: Path, name: str) -> Columns:
	"""All chunks of a set. Raises FileNotFoundError where there are none."""
	paths = sorted(chunk for chunk in folder_of(work).glob(f"{name}*.npz") if ".part" not in chunk.name)
	if not paths:
		raise FileNotFoundError(f"no clips of {name}: run `python -m unmask_kit clips` first")
	found = [dict(np.load(path)) for path in paths]
	return {key: np.concatenate([chunk[key] for chunk in found]) for key in COLUMNS}


def shuffled_in_time(clips: Columns, seed: int = 0) -> Iterator[np.ndarray]:
	"""For each clip a random order of its frames, those after its end kept there."""
	rng = np.random.default_rng(seed)
	for length in clips["length"]:
		order = np.arange(clips["logit"].shape[1])
		order[:length] = rng.permutation(length)
		yield order
