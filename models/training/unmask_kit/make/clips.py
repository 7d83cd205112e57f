"""Makes clips for the time head: a still that moves, and its fake that moves with it.

A fake is blended with one set of parameters for the whole clip (families.py). Its *kind* is what changes from frame to frame:
- `steady`   nothing: the fake moves with the face;
- `flicker`  the share of the source;
- `jitter`   the position of source and mask, drawn anew for each frame;
- `drift`    the source, which slides from the face itself to another person's or to a redrawn one;
- `lips`     the mouth of the lower face, which does not move with the jaw.
Whatever both clips share (movement, degradation, encoder, the detector's jitter) is drawn once and applied to both. Before degradation, the frames of
a pair are bit-identical outside the mask. Every clip goes through a video encoder, four clips per sheet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import torch

from ..data.faces import SERVING_MARGIN, crop_faces, square_box
from .degrade import colour, draw_coding, encode, noise, resize_chain, same, whole_filter
from .families import FAMILIES, Face, Rng, blend, draw_ratio, expression, lower_points, pick_family, polygon, soften
from .generate import Generator
from .true_pairs import CANVAS

KINDS = ("steady", "flicker", "jitter", "drift", "lips")
TILES = 4
MOUTH = np.arange(48, 68)


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
	"""A smooth curve float32 [length], about -1.5 to 1.5: two waves with random phases; `periods` is in frames."""
	t = np.arange(length)
	waves = [np.sin(2 * np.pi * (t / rng.uniform(*periods) + rng.random())) for _ in range(2)]
	return (waves[0] + 0.5 * waves[1]).astype(np.float32)


def movement(rng: Rng, face: Face, length: int) -> np.ndarray:
	"""Affine maps float32 [length, 2, 3] from the still to each frame: a shift by up to a tenth of the face, rotation and scale, all smooth."""
	much = float(np.exp(rng.uniform(np.log(0.1), 0)))
	x, y, angle, scale = (course(rng, length, (6, 40)) * much * part for part in (0.06 * face.side, 0.04 * face.side, 4.0, 0.04))
	centre = (face.box[:2] + face.box[2:]) / 2
	middle = (float(centre[0]), float(centre[1]))
	maps = np.stack([cv2.getRotationMatrix2D(middle, float(a), float(1 + s)) for a, s in zip(angle, scale, strict=True)])
	maps[:, :, 2] += np.stack([x, y], 1)
	return maps.astype(np.float32)


def small_misplacement(rng: Rng, face: Face, much: float) -> np.ndarray:
	"""An affine map [2, 3] around the face that shifts it by about `much` hundredths of its size, rotates it by as many degrees, and scales it."""
	centre = (face.box[:2] + face.box[2:]) / 2
	matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), rng.normal(0, much), 1 + rng.normal(0, 0.01 * much))
	matrix[:, 2] += rng.normal(0, 0.01 * much * face.side, 2)
	return matrix


class Places:
	"""The position on the still that each px of a frame is read from: the frame's movement is undone, then the expression is applied."""

	def __init__(self, shape: tuple[int, int]) -> None:
		y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
		self.grid = np.stack([x, y, np.ones_like(x)], -1)

	def __call__(self, matrix: np.ndarray, field: np.ndarray) -> np.ndarray:
		"""Positions float32 [C, C, 2] for a map from still to frame and a displacement on the still."""
		back = cv2.invertAffineTransform(matrix).astype(np.float32)
		return self.grid @ back.T + cv2.warpAffine(field, matrix.astype(np.float32), field.shape[1::-1])


def read(picture: np.ndarray, places: np.ndarray, misplaced: np.ndarray | None, kernel: int) -> np.ndarray:
	"""Reads the picture at `places`; `misplaced` [2, 3] moves it first."""
	if misplaced is not None:
		back = cv2.invertAffineTransform(misplaced).astype(np.float32)
		places = places @ back[:, :2].T + back[:, 2]
	border = cv2.BORDER_CONSTANT if picture.ndim == 2 else cv2.BORDER_REFLECT_101
	return cv2.remap(picture, places, None, kernel, borderMode=border)


def draw_family(rng: Rng, kind: str, left_out: tuple[str, ...]) -> str:
	"""Draws a family that fits the kind: `drift` needs another face to move to, and `lips` a lower face that is softened or only warped."""
	if kind == "drift":
		return str(rng.choice([name for name in ("other-face", "redrawn") if name not in left_out]))
	if kind == "lips":
		return str(rng.choice([name for name in ("squeeze-lower", "warp-only") if name not in left_out]))
	return pick_family(rng, left_out)


@dataclass(frozen=True)
class Plan:
	"""The kind of a clip, the family of its fake, and its number of frames."""

	kind: str
	family: str
	length: int


def animate(rng: Rng, face: Face, other: Face, plan: Plan) -> Clip:
	"""Makes the clip of a face; group and source are left empty."""
	kind, family, length = plan.kind, plan.family, plan.length
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
	"""Draws a clip from one of the generator's pictures."""
	family = draw_family(rng, kind, generator.recipe.left_out) if family is None else family
	i, face, other, family = generator.subject(rng, family)
	clip = animate(rng, face, other, Plan(kind, family, length))
	return replace(clip, group=str(generator.faces.group[i]), source=str(generator.faces.source[i]))


def degrade_clip(rng: Rng, frames: list[np.ndarray]) -> list[np.ndarray]:
	"""Applies the same colour change, filter and resizing to all frames. Noise is drawn anew for each frame but is the same in real and fake, which
	alternate: [real 0, fake 0, real 1, ...]."""
	for chance, change in ((0.5, colour), (0.12, whole_filter), (0.25, resize_chain)):
		if rng.random() < chance:
			frames = same(rng, change, frames)
	if rng.random() < 0.15:
		frames = [picture for t in range(0, len(frames), 2) for picture in same(rng, noise, frames[t : t + 2])]
	return frames


def film_clips(rng: Rng, clips: list[Clip]) -> list[np.ndarray]:
	"""[reals, fakes] uint8 [T, tiles, C, C, 3] of up to four clips of equal length, after degradation; one encoder setting for both sheets."""
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
	"""Crops float32 [2 (real, fake), clips, T, 3, side, side] as in the program; the detector's jitter, about a pixel, is the same for both."""
	length = len(clips[0].real)
	out = torch.zeros(2, len(clips), length, 3, side, side)
	for i, clip in enumerate(clips):
		jitter = rng.uniform(0.3, 1.5)
		for t in range(length):
			box = square_box(clip.box[t] + rng.normal(0, jitter, 4).astype(np.float32), SERVING_MARGIN)
			low = np.clip(np.floor(box[:2]).astype(int) - 2, 0, CANVAS)
			high = np.clip(np.ceil(box[2:]).astype(int) + 2, 0, CANVAS)
			for which in range(2):
				rgb = filmed[which][t, i, low[1] : high[1], low[0] : high[0]]
				out[which, i, t] = crop_faces(rgb, (box - np.tile(low, 2))[None], side)[0]
	return out


# ---- sets ----
