"""Pairs of true fakes and genuine faces, from the DFDC and from collected clips of many generators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from ..data.dfdc import SAME_FRAME
from ..data.packed import Packed
from .degrade import own_sharpness
from .families import Face, Rng

CANVAS = 304
"""Side in px of the canvas for a pair: 1.6 to 3.4 x the face's box, then cropped as in the program."""
SIDES = (90.0, 190.0)
"""Longer side in px of the box on the canvas. The program's crop shows a box at 123 px. Most faces in videos are larger and are shrunk to it, which
hides half of the codec's traces."""
TIGHTNESS = (0.97, 1.13)
"""Side of a DFDC picture / longer side of the detector's box (median of 89 faces 1.05)."""
BORDERS = (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT_101, cv2.BORDER_REFLECT_101)
PORTRAIT_SHARE = 0.12
"""Share of the clips' fakes that are paired with a still portrait."""
SAME_REPOSITORY = 0.55
"""Share of the others that are paired with a genuine clip of the same repository, if it has one: the same encoder and the same size."""


@dataclass(frozen=True)
class Pair:
	"""A genuine and a manipulated face before degradation, with the mask of the difference; `tight`: the pictures end where the face ends."""

	pictures: list[np.ndarray]
	mask: np.ndarray
	faces: list[Face]
	name: str
	tight: bool


def lay(rng: Rng, rgb: np.ndarray, box: np.ndarray, usual: np.ndarray) -> Face:
	"""The picture on a canvas, scaled so that its box is SIDES long, with landmarks at their usual positions (`usual` [68, 2], 0..1)."""
	side = float(max(box[2] - box[0], box[3] - box[1]))
	wanted = min(float(np.exp(rng.uniform(*np.log(SIDES)))), side * 1.15)
	scale = wanted / side
	angle = 0.0 if rng.random() < 0.5 else float(rng.normal(0, 5))
	border, cubic = int(rng.choice(BORDERS)), rng.random() < 0.5
	room = max(0.0, CANVAS / 2 - 0.8 * wanted)
	shift = rng.uniform(-room, room, 2)
	while scale < 0.5:
		rgb, box, scale = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), box / 2, scale * 2
	centre = (box[:2] + box[2:]) / 2
	matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, scale)
	matrix[:, 2] += CANVAS / 2 - centre + shift
	kernel = cv2.INTER_LINEAR if scale < 0.8 or not cubic else cv2.INTER_CUBIC
	canvas = cv2.warpAffine(rgb, matrix, (CANVAS, CANVAS), flags=kernel, borderMode=border)
	middle = matrix @ np.append(centre, 1)
	half = (box[2:] - box[:2]) * scale / 2
	placed = np.concatenate([middle - half, middle + half]).astype(np.float32)
	return Face(canvas, placed, placed[:2] + usual * (placed[2:] - placed[:2]))


def difference_mask(faces: list[Face]) -> np.ndarray:
	"""float32 [C, C] 0..1: where two aligned pictures differ, smoothed."""
	apart = np.abs(faces[0].rgb.astype(np.float32) - faces[1].rgb).mean(2)
	return np.clip((cv2.GaussianBlur(apart, (0, 0), 6) - 2) / 10, 0, 1).astype(np.float32)


class Dfdc:
	"""Pairs of the DFDC, with originals drawn evenly. The crops are tight; half of the samples are cut wider, into the border of the canvas."""

	def __init__(self, work: Path, usual: np.ndarray, split: str = "train") -> None:
		self.packed, self.usual = Packed(work, "dfdc"), usual
		rows = np.where(self.packed.split == split)[0]
		order = rows[np.argsort(self.packed.real[rows], kind="stable")]
		self.by_original = np.split(order, np.where(np.diff(self.packed.real[order]))[0] + 1)

	def pair(self, rng: Rng) -> Pair:
		"""Draws a pair; both pictures are placed in the same way."""
		of = self.by_original[int(rng.integers(len(self.by_original)))]
		k = int(of[int(rng.integers(len(of)))])
		pictures = [self.packed.picture(int(rows[k])) for rows in (self.packed.real, self.packed.fake)]
		middle = pictures[0].shape[0] / 2
		half = middle / rng.uniform(*TIGHTNESS)
		box = np.array([middle - half, middle - half, middle + half, middle + half], np.float32)
		state, faces = rng.bit_generator.state, []
		for rgb in pictures:
			rng.bit_generator.state = state
			faces.append(lay(rng, rgb, box, self.usual))
		tight = bool(rng.random() < 0.5)
		aligned = self.packed.correlation[k] > SAME_FRAME
		mask = difference_mask(faces) if aligned else np.zeros((CANVAS, CANVAS), np.float32)
		return Pair([face.rgb for face in faces], mask, faces, "dfdc" if aligned else "true:dfdc", tight)


class Clips:
	"""Pairs of fakes from collected clips with genuine clips or portraits. Generators and genuine repositories are drawn in proportion to the root of
	their number of clips, and clips evenly. Each picture of a pair is sharpened or softened separately, so that sharpness carries no label."""

	def __init__(self, work: Path, usual: np.ndarray, left_out: tuple[str, ...] = (), split: str = "train") -> None:
		self.packed, self.usual = Packed(work, "collected"), usual
		packed = self.packed
		use = (packed.split == split) & ~np.isin(packed.generator, left_out)
		self.fakes = self._by_clip(use & (packed.label == 1), packed.generator)
		self.reals = self._by_clip(use & (packed.label == 0), packed.source)

	def _by_clip(self, use: np.ndarray, keys: np.ndarray) -> dict[str, list[np.ndarray]]:
		clips: dict[str, list[np.ndarray]] = {}
		for clip in np.unique(self.packed.clip[use]):
			rows = np.where(use & (self.packed.clip == clip))[0]
			clips.setdefault(str(keys[rows[0]]), []).append(rows)
		return clips

	def _draw(self, rng: Rng, clips: dict[str, list[np.ndarray]], key: str = "") -> tuple[str, int]:
		"""(key, row) of a random picture, of this key or of any."""
		if not key:
			weights = np.sqrt([len(of) for of in clips.values()])
			key = str(rng.choice(list(clips), p=weights / weights.sum()))
		rows = clips[key][int(rng.integers(len(clips[key])))]
		return key, int(rows[int(rng.integers(len(rows)))])

	def pair(self, rng: Rng, portrait: Callable[[Rng], Face]) -> Pair:
		"""Draws a pair; `portrait` draws a still."""
		generator, fake = self._draw(rng, self.fakes)
		source = str(self.packed.source[fake])
		same = source if source in self.reals and rng.random() < SAME_REPOSITORY else ""
		real = portrait(rng) if rng.random() < PORTRAIT_SHARE else self._laid(rng, self._draw(rng, self.reals, same)[1])
		faces = [replace(face, rgb=own_sharpness(rng, face.rgb)) for face in (real, self._laid(rng, fake))]
		return Pair([face.rgb for face in faces], np.zeros((CANVAS, CANVAS), np.float32), faces, f"true:{generator}", False)

	def _laid(self, rng: Rng, row: int) -> Face:
		return lay(rng, self.packed.picture(row), self.packed.box[row], self.usual)
