"""Families of pseudo-fakes: a face blended inside a mask with a changed copy of itself or of another face.

The idea is self-blended images (arXiv 2204.08376); the code is our own. Every family is a function
`(rng, face, other) -> (target, source, mask)`: uint8 [C, C, 3] RGB pictures and a float32 [C, C] mask 0..1. The pair is then the target (real)
and `target + mask * ratio * (source - target)` (fake), bit-identical wherever the mask is 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

Rng = np.random.Generator
RATIOS = (0.25, 0.5, 0.75, 1.0, 1.0, 1.0)
"""How much of the source is blended in (SBI, section 3)."""
INTERPOLATIONS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA, cv2.INTER_LANCZOS4)


@dataclass(frozen=True)
class Face:
	"""A face on a canvas: rgb uint8 [C, C, 3], box float32 [4] and landmarks float32 [68, 2] in px of the canvas."""

	rgb: np.ndarray
	box: np.ndarray
	landmarks: np.ndarray

	@property
	def side(self) -> float:
		"""Longer side of the box in px."""
		return float(max(self.box[2] - self.box[0], self.box[3] - self.box[1]))


# ---- masks ----


def polygon(shape: tuple[int, int], points: np.ndarray) -> np.ndarray:
	"""Filled convex hull of `points` [n, 2], float32 0 or 1."""
	mask = np.zeros(shape, np.uint8)
	cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points).astype(np.int32)), 1)
	return mask.astype(np.float32)


def hull_points(rng: Rng, face: Face, forehead: bool) -> np.ndarray:
	"""Outline of the whole face, with part of the forehead or cut off at the brows; the jaw line is drawn in by up to 12 %."""
	points = face.landmarks.copy()
	centre = points[27:36].mean(0)
	points[:17] = centre + (points[:17] - centre) * rng.uniform(0.88, 1.03)
	if forehead:
		up = (points[27] - points[8]) * rng.uniform(0.15, 0.45)
		return np.concatenate([points, points[17:27] + up])
	return points


def part_points(rng: Rng, face: Face) -> list[np.ndarray]:
	"""Outlines of one part of the face: mouth, eyes, nose and mouth, one half, or the lower face."""
	points = face.landmarks
	grow = rng.uniform(1.15, 1.7)

	def around(which: np.ndarray) -> np.ndarray:
		centre = which.mean(0)
		return centre + (which - centre) * grow

	part = rng.choice(["mouth", "eyes", "nose-mouth", "half", "lower"], p=[0.35, 0.2, 0.2, 0.1, 0.15])
	if part == "mouth":
		return [around(points[48:68])]
	if part == "eyes":
		return [around(points[36:42]), around(points[42:48])] if rng.random() < 0.5 else [around(points[36:48])]
	if part == "nose-mouth":
		return [around(np.concatenate([points[29:36], points[48:60]]))]
	if part == "half":
		side = slice(0, 9) if rng.random() < 0.5 else slice(8, 17)
		return [np.concatenate([points[side], points[27:31]])]
	return [lower_points(rng, face)]


def lower_points(rng: Rng, face: Face) -> np.ndarray:
	"""Outline of the lower face, from the jaw up to a point on the nose."""
	points = face.landmarks
	first = int(rng.integers(1, 4))
	return np.concatenate([points[first : 17 - first], points[[int(rng.integers(28, 34))]]])


def smooth_field(rng: Rng, size: int, sigma: float, strength: float) -> np.ndarray:
	"""A smooth random displacement, float32 [size, size, 2], with standard deviation `strength` px and wavelength about 4 `sigma` px."""
	coarse = max(3, round(size / max(sigma, 1)))
	field = rng.standard_normal((coarse, coarse, 2)).astype(np.float32) * strength
	return cv2.resize(field, (size, size), interpolation=cv2.INTER_CUBIC)


def move(picture: np.ndarray, field: np.ndarray, interpolation: int = cv2.INTER_LINEAR) -> np.ndarray:
	"""The picture, with each px read from its own position + field."""
	size = picture.shape[0]
	y, x = np.mgrid[:size, :size].astype(np.float32)
	return cv2.remap(picture, x + field[..., 0], y + field[..., 1], interpolation, borderMode=cv2.BORDER_REFLECT_101)


def soften(rng: Rng, mask: np.ndarray, side: float, allowed: np.ndarray | None = None) -> np.ndarray:
	"""Deforms the mask's outline elastically, then softens its edges by a random width."""
	mask = move(mask, smooth_field(rng, mask.shape[0], side / 5, side * rng.uniform(0.0, 0.02)))
	first = max(1, int(side * rng.uniform(0.005, 0.07))) * 2 + 1
	mask = cv2.GaussianBlur(mask, (first, first), 0)
	if rng.random() < 0.6:
		mask = np.clip((mask - rng.uniform(0.0, 0.5)) / rng.uniform(0.3, 0.6), 0, 1)
		second = max(1, int(side * rng.uniform(0.005, 0.05))) * 2 + 1
		mask = cv2.GaussianBlur(mask.astype(np.float32), (second, second), 0)
	if allowed is not None:
		mask = mask * allowed
	mask = np.minimum(mask, 1)
	mask[mask < 1 / 255] = 0
	return np.minimum(mask, 1).astype(np.float32)


def hull_mask(rng: Rng, face: Face, forehead: bool | None = None) -> np.ndarray:
	forehead = bool(rng.random() < 0.5) if forehead is None else forehead
	return soften(rng, polygon(face.rgb.shape[:2], hull_points(rng, face, forehead)), face.side)


def parts_mask(rng: Rng, face: Face) -> np.ndarray:
	mask = np.maximum.reduce([polygon(face.rgb.shape[:2], points) for points in part_points(rng, face)])
	return soften(rng, mask, face.side * 0.7)


# ---- changes of a picture ----


def recolour(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""Shifts hue, saturation, value, channels and contrast slightly, as between two cameras or lights."""
	if rng.random() < 0.5:
		hsv = cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV).astype(np.float32)
		hsv[..., 0] = (hsv[..., 0] + rng.uniform(-7, 7)) % 180
		hsv[..., 1] *= rng.uniform(0.75, 1.3)
		hsv[..., 2] *= rng.uniform(0.85, 1.15)
		out = cv2.cvtColor(np.clip(hsv, 0, 255).astype(np.uint8), cv2.COLOR_HSV2RGB).astype(np.float32)
	else:
		out = rgb.astype(np.float32) + rng.uniform(-16, 16, 3).astype(np.float32)
	if rng.random() < 0.5:
		mean = out.mean((0, 1))
		out = mean + (out - mean) * rng.uniform(0.85, 1.18) + rng.uniform(-10, 10)
	return np.clip(out, 0, 255).astype(np.uint8)


def shrink_and_back(rng: Rng, rgb: np.ndarray, scale: float) -> np.ndarray:
	"""Shrinks the picture and enlarges it to the same size, with random kernels."""
	small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=int(rng.choice(INTERPOLATIONS)))
	return cv2.resize(small, rgb.shape[1::-1], interpolation=int(rng.choice(INTERPOLATIONS[:2])))


def sharpen(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	blurred = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.6, 2.0))
	amount = rng.uniform(0.3, 1.2)
	return cv2.addWeighted(rgb, 1 + amount, blurred, -amount, 0)


def refilter(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""Changes the sharpness: shrinks and enlarges, blurs, or sharpens."""
	kind = rng.random()
	if kind < 0.45:
		return shrink_and_back(rng, rgb, rng.uniform(0.3, 0.85))
	if kind < 0.65:
		return cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.6))
	return sharpen(rng, rgb)


def shift_slightly(rng: Rng, rgb: np.ndarray, side: float, amount: float = 1.0) -> np.ndarray:
	"""Misplaces the picture, affinely and elastically, by a few hundredths of the face."""
	size = rgb.shape[0]
	matrix = cv2.getRotationMatrix2D((size / 2, size / 2), rng.normal(0, 1.5 * amount), 1 + rng.uniform(-0.04, 0.04) * amount)
	matrix[:, 2] += rng.uniform(-0.03, 0.03, 2) * side * amount
	rgb = cv2.warpAffine(rgb, matrix, (size, size), flags=int(rng.choice(INTERPOLATIONS[:2])), borderMode=cv2.BORDER_REFLECT_101)
	if rng.random() < 0.5:
		rgb = move(rgb, smooth_field(rng, size, side / 4, side * 0.008 * amount))
	return rgb


def match_colour(source: np.ndarray, target: np.ndarray, mask: np.ndarray) -> np.ndarray:
	"""The source with the mean and spread (L*a*b*) of the target inside the mask."""
	inside = mask > 0.5
	if inside.sum() < 20:
		return source
	a, b = (cv2.cvtColor(p, cv2.COLOR_RGB2LAB).astype(np.float32) for p in (source, target))
	ratio = np.clip(b[inside].std(0) / (a[inside].std(0) + 1e-3), 0.5, 2.0)
	out = (a - a[inside].mean(0)) * ratio + b[inside].mean(0)
	return cv2.cvtColor(np.clip(out, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)


# ---- families ----


def self_blend(rng: Rng, face: Face, other: Face, mask: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Blends the face with itself: one copy is recoloured and refiltered, and the source is misplaced."""
	target = source = face.rgb
	if rng.random() < 0.5:
		source = recolour(rng, source)
		if rng.random() < 0.7:
			source = refilter(rng, source)
	else:
		target = recolour(rng, target)
		if rng.random() < 0.5:
			target = refilter(rng, target)
	source = shift_slightly(rng, source, face.side)
	return target, source, hull_mask(rng, face) if mask is None else mask


def part_blend(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""A self-blend of one part: mouth, eyes, nose and mouth, half, or lower face."""
	return self_blend(rng, face, other, parts_mask(rng, face))


def squeeze_lower(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Shrinks the lower face to 32-96 px of face width and enlarges it again, as lip-sync models do (Wav2Lip works at 96 px)."""
	source = shrink_and_back(rng, face.rgb, min(0.8, rng.uniform(32, 96) / face.side))
	if rng.random() < 0.6:
		source = mouth_moved(rng, face, source)
	if rng.random() < 0.3:
		source = recolour(rng, source)
	if rng.random() < 0.4:
		points = lower_points(rng, face)
		low, high = points.min(0), points.max(0)
		points = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
	else:
		points = lower_points(rng, face)
	return face.rgb, source, soften(rng, polygon(face.rgb.shape[:2], points), face.side * 0.6)


def smooth_inside(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Makes skin look rendered: bilateral, Gaussian or median smoothing, sometimes sharpened again."""
	kind = rng.random()
	if kind < 0.4:
		source = cv2.bilateralFilter(face.rgb, 7, rng.uniform(20, 60), rng.uniform(3, 8))
	elif kind < 0.7:
		source = cv2.GaussianBlur(face.rgb, (0, 0), rng.uniform(0.8, 2.2))
	else:
		source = cv2.medianBlur(face.rgb, int(rng.choice([3, 5])))
	if rng.random() < 0.4:
		source = sharpen(rng, source)
	if rng.random() < 0.4:
		source = shift_slightly(rng, source, face.side, 0.5)
	return face.rgb, source, hull_mask(rng, face) if rng.random() < 0.7 else parts_mask(rng, face)


def other_face(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Places another person's face on the landmarks, in the colours of the target: a plain face swap."""
	matrix, _ = cv2.estimateAffinePartial2D(other.landmarks[17:], face.landmarks[17:], method=cv2.LMEDS)
	if matrix is None:
		return self_blend(rng, face, other)
	if rng.random() < 0.5:
		fit = np.c_[other.landmarks[17:], np.ones(51)]
		matrix = np.linalg.lstsq(fit, face.landmarks[17:], rcond=None)[0].T
	size = face.rgb.shape[0]
	source = cv2.warpAffine(other.rgb, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
	shown = polygon(other.rgb.shape[:2], hull_points(rng, other, forehead=bool(rng.random() < 0.2)))
	shown = cv2.erode(cv2.warpAffine(shown, matrix, (size, size)), np.ones((3, 3)), iterations=2)
	mask = hull_mask(rng, face, forehead=False) * cv2.GaussianBlur(shown, (0, 0), max(0.8, face.side * rng.uniform(0.005, 0.03)))
	source = match_colour(source, face.rgb, mask)
	if rng.random() < 0.4:
		source = refilter(rng, source)
	mask = np.minimum(mask, 1)
	mask[mask < 1 / 255] = 0
	return face.rgb, source, mask


EXPRESSION = np.r_[4:13, 17:27, 36:68, 48:68]
"""Landmarks that an expression moves: jaw, brows, eyes, mouth (twice as often)."""


def expression(rng: Rng, face: Face, where: np.ndarray = EXPRESSION) -> np.ndarray:
	"""Displacement in a few bumps at some of the landmarks `where`, up to 5 % of the face: float32 [C, C, 2] in px."""
	size = face.rgb.shape[0]
	field = np.zeros((size, size, 2), np.float32)
	y, x = np.mgrid[:size, :size].astype(np.float32)
	for _ in range(int(rng.integers(1, 5))):
		point = face.landmarks[int(rng.choice(where))]
		width = face.side * rng.uniform(0.05, 0.15)
		bump = np.exp(-((x - point[0]) ** 2 + (y - point[1]) ** 2) / (2 * width**2))
		field += bump[..., None] * (rng.standard_normal(2) * face.side * 0.03).astype(np.float32)
	return field


def mouth_moved(rng: Rng, face: Face, rgb: np.ndarray) -> np.ndarray:
	"""Changes the expression in a picture with the landmarks of `face`."""
	return move(rgb, expression(rng, face), int(rng.choice(INTERPOLATIONS[:2])))


def warp_only(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Moves and resamples parts without any change of colour, as reenactment by warping does."""
	source = mouth_moved(rng, face, face.rgb)
	if rng.random() < 0.5:
		source = shift_slightly(rng, source, face.side, 0.6)
	if rng.random() < 0.4:
		source = shrink_and_back(rng, source, rng.uniform(0.5, 0.9))
	return face.rgb, source, hull_mask(rng, face) if rng.random() < 0.6 else parts_mask(rng, face)


def upsampled(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Imitates the texture of decoders that double their size: nearest or zero-insertion upsampling with an uneven kernel, by 2 or twice by 2."""
	source = face.rgb
	times = 1 if rng.random() < 0.7 else 2
	size = source.shape[0]
	for _ in range(times):
		source = cv2.resize(source, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
	for _ in range(times):
		if rng.random() < 0.5:
			wide = cv2.resize(source, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST).astype(np.float32)
			kernel = np.ones((3, 3), np.float32) + rng.normal(0, 0.3, (3, 3)).astype(np.float32)
			wide = cv2.filter2D(wide, -1, kernel / kernel.sum())
		else:
			wide = np.zeros((source.shape[0] * 2, source.shape[1] * 2, 3), np.float32)
			wide[::2, ::2] = source
			kernel = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5]).astype(np.float32) * (1 + rng.normal(0, 0.05, (3, 3)).astype(np.float32))
			wide = cv2.filter2D(wide, -1, kernel)
		source = np.clip(wide, 0, 255).astype(np.uint8)
	source = source[:size, :size]
	if rng.random() < 0.5:
		source = sharpen(rng, source)
	return face.rgb, source, hull_mask(rng, face) if rng.random() < 0.7 else parts_mask(rng, face)


def redrawn(rng: Rng, face: Face, other: Face) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Blends in `other`, the face redrawn by an auto-encoder inside the square `other.box`. It takes the whole square (puppets), or only the face,
	a part of it, or its lower half (swaps, lip-sync), sometimes with other colours or sharpness."""
	source, kind = other.rgb, rng.random()
	if kind < 0.25 or other.side > 1.85 * face.side:
		return face.rgb, source, inside_square(face.rgb.shape[:2], other.box, 0.03)
	if rng.random() < 0.25:
		source = recolour(rng, source)
	if rng.random() < 0.25:
		source = sharpen(rng, source) if rng.random() < 0.6 else shrink_and_back(rng, source, rng.uniform(0.4, 0.9))
	if kind < 0.65:
		mask = hull_mask(rng, face)
	elif kind < 0.85:
		mask = parts_mask(rng, face)
	else:
		mask = soften(rng, polygon(face.rgb.shape[:2], lower_points(rng, face)), face.side * 0.6)
	return face.rgb, source, mask * inside_square(face.rgb.shape[:2], other.box, 0.03)


def inside_square(shape: tuple[int, int], square: np.ndarray, edge: float) -> np.ndarray:
	"""float32 [H, W]: 1 inside the square (x1, y1, x2, y2), falling to 0 at its border over `edge` of its side."""
	y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
	depth = np.minimum.reduce([x - square[0], square[2] - x, y - square[1], square[3] - y])
	return np.clip(depth / (edge * (square[2] - square[0])), 0, 1).astype(np.float32)


FAMILIES: dict[str, tuple[float, Callable]] = {
	"self-blend": (0.38, self_blend),
	"part-blend": (0.13, part_blend),
	"squeeze-lower": (0.08, squeeze_lower),
	"smooth-inside": (0.07, smooth_inside),
	"other-face": (0.10, other_face),
	"warp-only": (0.06, warp_only),
	"upsampled": (0.04, upsampled),
	"redrawn": (0.14, redrawn),
}
"""Share and function of each family."""
REDRAWN_OTHERS = 0.4
"""Share of the source faces of `other-face` that are redrawn before blending, as a swap's decoder does."""


def blend(target: np.ndarray, source: np.ndarray, mask: np.ndarray, ratio: float) -> np.ndarray:
	"""target + mask * ratio * (source - target), uint8; the target's own bytes where the mask is 0."""
	weight = (mask * ratio)[..., None]
	mixed = target.astype(np.float32) * (1 - weight) + source.astype(np.float32) * weight
	out = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)
	return np.where(weight > 0, out, target)


def pick_family(rng: Rng, left_out: tuple[str, ...] = ()) -> str:
	"""Draws a family's name by the shares; never one of `left_out`."""
	shares = {name: part for name, (part, _) in FAMILIES.items() if name not in left_out}
	return str(rng.choice(list(shares), p=np.array(list(shares.values())) / sum(shares.values())))


def draw_ratio(rng: Rng, family: str) -> float:
	"""Draws the share of the source in a fake of this family."""
	if family in ("self-blend", "other-face"):
		return float(rng.choice(RATIOS))
	if family in ("part-blend", "redrawn"):
		return float(rng.choice(RATIOS[1:]))
	return 1.0


def make_pair(rng: Rng, face: Face, other: Face, family: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""(real, fake, mask) of a face: uint8 [C, C, 3] twice and float32 [C, C]; bit-identical wherever the mask is 0."""
	target, source, mask = FAMILIES[family][1](rng, face, other)
	return target, blend(target, source, mask, draw_ratio(rng, family)), mask
