"""Draws batches of pairs for training. Batch n of a seed is always the same, so that a run resumes where it stopped."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torchvision.ops import roi_align

from ..data.faces import square_box
from ..data.hard import hard_rows
from ..data.packed import Faces
from .degrade import degrade_pair, film, own_sharpness
from .families import REDRAWN_OTHERS, Face, Rng, make_pair, mouth_moved, pick_family
from .redraw import Redrawer
from .true_pairs import CANVAS, SIDES, Clips, Dfdc, Pair

TIGHT = ("utk", "ffpp")
"""Sources whose pictures end where the face ends; a wide crop of them lies mostly outside the picture."""
PORTRAITS = ("ukmp", "usgov")
AMONG_PORTRAITS = 0.5
"""Share of the talking heads that are paired with a portrait. Real clips of their kind are few, and all more compressed than the generated ones."""
STEADY = 0.06
"""Landmarks that move by more than this share of the face's width between two readings are not used for masks."""


@dataclass(frozen=True)
class Recipe:
	"""How a batch is drawn. Shares are of pairs; `weights` of sources for pseudo-fakes."""

	seed: int = 1
	pairs: int = 16
	true_share: float = 0.18
	film_share: float = 0.6
	margins: tuple[float, float] = (1.1, 1.55)
	tight_margins: tuple[float, float] = (1.0, 1.35)
	weights: dict[str, float] = field(default_factory=lambda: {"utk": 0.4, "ukmp": 0.2, "usgov": 0.2, "ffpp": 0.1, "talking": 0.1})
	true_kinds: tuple[str, ...] = ("ffpp", "talking", "talking")
	"""Kinds of true fakes, drawn evenly; a kind that is listed twice is drawn twice as often."""
	dfdc_share: float = 0.0
	"""Share of DFDC pairs."""
	clip_share: float = 0.0
	"""Share of pairs from collected clips of many generators."""
	codec: str = "varied"
	"""Video compression of the pairs: degrade.draw_coding."""
	hard_share: float = 0.0
	"""Share of the reals of pseudo-fakes that come from the mined ones (hard.py)."""
	left_out: tuple[str, ...] = ()
	"""Pseudo-fake families or generators not to train on (leave-one-out runs)."""


def put_on_canvas(rng: Rng, faces: Faces, i: int, centred: bool = False) -> Face:
	"""Picture i on a canvas, scaled so that its box is SIDES long (never enlarged by more than 1.15); black or mirrored outside."""
	rgb, box, points = faces.picture(i), faces.box[i], faces.landmarks[i]
	side = float(max(box[2] - box[0], box[3] - box[1]))
	wanted = min(110.0 if centred else float(np.exp(rng.uniform(*np.log(SIDES)))), side * 1.15)
	scale = wanted / side
	while scale < 0.5:
		rgb, box, points, scale = cv2.resize(rgb, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), box / 2, points / 2, scale * 2
	angle = 0.0 if centred or rng.random() < 0.5 else float(rng.normal(0, 5))
	centre = (box[:2] + box[2:]) / 2
	matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, scale)
	room = max(0.0, CANVAS / 2 - 0.8 * wanted)
	matrix[:, 2] += CANVAS / 2 - centre + (0 if centred else rng.uniform(-room, room, 2))
	border = cv2.BORDER_CONSTANT if rng.random() < 0.6 else cv2.BORDER_REFLECT_101
	kernel = cv2.INTER_LINEAR if scale < 0.8 or rng.random() < 0.5 else cv2.INTER_CUBIC
	canvas = cv2.warpAffine(rgb, matrix, (CANVAS, CANVAS), flags=kernel, borderMode=border)

	def moved(where: np.ndarray) -> np.ndarray:
		return (np.c_[where, np.ones(len(where))] @ matrix.T).astype(np.float32)

	middle = moved(centre[None])[0]
	half = (box[2:] - box[:2]) * scale / 2
	return Face(canvas, np.concatenate([middle - half, middle + half]).astype(np.float32), moved(points))


class Generator:
	"""Draws batches; `batch(n, size)` returns a dict of tensors."""

	def __init__(self, root: Path, recipe: Recipe, split: str = "train") -> None:
		self.faces, self.recipe = Faces(root), recipe
		f = self.faces
		usable = (f.split == split) & np.isfinite(f.box).all(1) & (f.score > 0.3)
		masked = usable & (f.steady < STEADY) & (f.label == 0)
		self.reals = {source: np.where(masked & (f.source == source))[0] for source in recipe.weights}
		self.reals = {source: rows for source, rows in self.reals.items() if len(rows)}
		fakes = usable & (f.label == 1) & ~np.isin(f.generator, recipe.left_out)
		hard = hard_rows(root) if recipe.hard_share else np.zeros(0, np.int64)
		self.hard = {source: some for source, rows in self.reals.items() if len(some := np.intersect1d(rows, hard))}
		self.redraw = None if "redrawn" in recipe.left_out else Redrawer(root, unseen=split == "unseen")
		places = (f.landmarks[masked] - f.box[masked, None, :2]) / (f.box[masked, None, 2:] - f.box[masked, None, :2])
		self.usual = places.mean(0).astype(np.float32)
		self.dfdc = Dfdc(root, self.usual) if recipe.dfdc_share else None
		self.clips = Clips(root, self.usual, recipe.left_out) if recipe.clip_share else None
		self.true_fakes = {kind: self._by_clip(np.where(fakes & (f.source == kind))[0]) for kind in recipe.true_kinds}
		self.true_reals = {kind: self._by_clip(np.where(usable & (f.label == 0) & (f.source == kind))[0]) for kind in recipe.true_kinds}

	def _by_clip(self, rows: np.ndarray) -> dict[str, np.ndarray]:
		keys = np.array([f"{self.faces.group[i]}/{self.faces.generator[i]}" for i in rows])
		return {key: rows[keys == key] for key in np.unique(keys)}

	def pick_real(self, rng: Rng) -> int:
		weights = np.array([self.recipe.weights[source] for source in self.reals])
		source = rng.choice(list(self.reals), p=weights / weights.sum())
		if source in self.hard and rng.random() < self.recipe.hard_share:
			return int(rng.choice(self.hard[source]))
		return int(rng.choice(self.reals[source]))

	def _pick_like(self, rng: Rng, i: int, tries: int = 24) -> int:
		"""Of some random reals, the one whose normalised landmarks are closest to those of picture i, which means roughly the same pose."""
		few = np.array([self.pick_real(rng) for _ in range(tries)])
		few = few[self.faces.group[few] != self.faces.group[i]]

		def shape(rows: np.ndarray) -> np.ndarray:
			points = self.faces.landmarks[rows]
			points = points - points.mean(1, keepdims=True)
			return points / np.linalg.norm(points, axis=(1, 2), keepdims=True)

		gap = np.linalg.norm(shape(few) - shape(np.array([i])), axis=(1, 2))
		return int(few[gap.argmin()])

	def subject(self, rng: Rng, family: str | None = None) -> tuple[int, Face, Face, str]:
		"""(row of the picture, its face, the other face that the family needs, the family)."""
		i = self.pick_real(rng)
		face = put_on_canvas(rng, self.faces, i)
		family = pick_family(rng, self.recipe.left_out) if family is None else family
		other = face
		if family == "other-face":
			other = put_on_canvas(rng, self.faces, self._pick_like(rng, i))
			if self.redraw and rng.random() < REDRAWN_OTHERS:
				other = replace(self.redraw(rng, other), box=other.box)
		elif family == "redrawn":
			moved = replace(face, rgb=mouth_moved(rng, face, face.rgb)) if rng.random() < 0.4 else face
			other = self.redraw(rng, moved, wide=rng.random() < 0.4)
		return i, face, other, family

	def draw_pair(self, rng: Rng, family: str | None, true_share: float) -> Pair:
		"""Draws a pair of any kind by the recipe's shares, or a pseudo-fake of the given family."""
		drawn = rng.random() if family is None else 1.0
		if drawn < true_share:
			return self.true_pair(rng)
		if self.dfdc and drawn < true_share + self.recipe.dfdc_share:
			return self.dfdc.pair(rng)
		if self.clips and drawn < true_share + self.recipe.dfdc_share + self.recipe.clip_share:
			return self.clips.pair(rng, self.portrait)
		return self.pseudo_pair(rng, family)

	def portrait(self, rng: Rng) -> Face:
		"""A still of one of the sources in PORTRAITS."""
		sources = [source for source in PORTRAITS if source in self.reals] or list(self.reals)
		return put_on_canvas(rng, self.faces, int(rng.choice(self.reals[str(rng.choice(sources))])))

	def pseudo_pair(self, rng: Rng, family: str | None = None) -> Pair:
		"""A genuine face and a fake made from it."""
		i, face, other, family = self.subject(rng, family)
		real, fake, mask = make_pair(rng, face, other, family)
		return Pair([real, fake], mask, [face, face], family, bool(self.faces.source[i] in TIGHT))

	def true_pair(self, rng: Rng) -> Pair:
		"""A true fake and a real of the same kind (Face2Face: of the same person), with clips drawn evenly. Talking heads are also paired with
		portraits, and each picture of such a pair is sharpened or softened separately."""
		kind = str(rng.choice([kind for kind in self.recipe.true_kinds if self.true_fakes[kind]]))
		fake_clip = str(rng.choice(list(self.true_fakes[kind])))
		real_clip = fake_clip.split("/")[0] + "/"
		portraits = [source for source in PORTRAITS if source in self.reals]
		if kind == "talking" and portraits and rng.random() < AMONG_PORTRAITS:
			reals = self.reals[str(rng.choice(portraits))]
		else:
			if kind == "talking" or real_clip not in self.true_reals[kind]:
				real_clip = str(rng.choice(list(self.true_reals[kind])))
			reals = self.true_reals[kind][real_clip]
		rows = [int(rng.choice(reals)), int(rng.choice(self.true_fakes[kind][fake_clip]))]
		state = rng.bit_generator.state
		placed = []
		for row in rows:
			rng.bit_generator.state = state
			placed.append(put_on_canvas(rng, self.faces, row))
		nowhere = np.zeros((CANVAS, CANVAS), np.float32)
		if kind == "talking":
			placed = [replace(face, rgb=own_sharpness(rng, face.rgb)) for face in placed]
		return Pair([face.rgb for face in placed], nowhere, placed, f"true:{self.faces.generator[rows[1]]}", kind in TIGHT)

	def batch(self, n: int, size: int, family: str | None = None, degraded: bool = True, true_share: float | None = None) -> dict:
		"""Batch n: `crops` float32 [2 P, 3, size, size] RGB 0..1 (P reals, then their P fakes), `label` [2 P], `mask` [2 P, 1, size/16, size/16]
		0..1, `has_mask` [2 P] (0 for true fakes and their reals), `family` list of P names."""
		recipe = self.recipe
		rng = np.random.default_rng((recipe.seed, n))
		true_share = recipe.true_share if true_share is None else true_share
		drawn, pairs = [], []
		for _ in range(recipe.pairs):
			drawn.append(self.draw_pair(rng, family, true_share))
			pairs.append(degrade_pair(rng, *drawn[-1].pictures, drawn[-1].faces[0]) if degraded else drawn[-1].pictures)
		if degraded:
			for start in range(0, len(pairs), 4):
				if rng.random() < recipe.film_share:
					pairs[start : start + 4] = film(rng, pairs[start : start + 4], recipe.codec)
		crops, small_masks = [[], []], [[], []]
		for one, pair in zip(drawn, pairs, strict=True):
			margin = rng.uniform(*(recipe.tight_margins if one.tight else recipe.margins))
			shift, flip = rng.normal(0, 0.03, 2), rng.random() < 0.5
			for which in range(2):
				box = square_box(one.faces[which].box, margin) + np.tile(shift * one.faces[which].side, 2).astype(np.float32)
				rois = torch.cat([torch.zeros(1), torch.from_numpy(box.astype(np.float32))])[None]
				picture = torch.from_numpy(np.ascontiguousarray(pair[which])).permute(2, 0, 1)[None].float() / 255
				crop = roi_align(picture, rois, (size, size), 1.0, -1, aligned=True)[0]
				seen = roi_align(torch.from_numpy(one.mask)[None, None], rois, (size // 16, size // 16), 1.0, -1, aligned=True)[0]
				crops[which].append(crop.flip(-1) if flip else crop)
				small_masks[which].append((seen.flip(-1) if flip else seen) * which)
		names = [one.name for one in drawn]
		has_mask = torch.tensor([0.0 if name.startswith("true:") else 1.0 for name in names])
		return {
			"crops": torch.stack(crops[0] + crops[1]),
			"label": torch.cat([torch.zeros(len(pairs)), torch.ones(len(pairs))]),
			"mask": torch.stack(small_masks[0] + small_masks[1]).clamp(0, 1),
			"has_mask": torch.cat([has_mask, has_mask]),
			"family": names,
		}
