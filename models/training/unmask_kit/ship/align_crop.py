"""The program's crop (`function/model/preprocess/align-crop.ts`) with the same sums in the same order, so that both give the same bits."""

from __future__ import annotations

import math

import numpy as np


def align_crop(rgb: np.ndarray, square: tuple[float, float, float], size: int) -> np.ndarray:
	"""The square (x, y, side) of uint8 [H, W, 3] as float32 [1, 3, size, size] RGB 0..1; black outside the picture."""
	x, y, side = square
	height, width = rgb.shape[:2]
	top, down = taps(y, side, size, height)
	left, across = taps(x, side, size, width)
	begin = int(left[0])
	end = min(width, int(left[-1]) + across.shape[1])
	rows = np.zeros((size, end - begin + across.shape[1], 3))
	for k in range(down.shape[1]):
		rows[:, : end - begin] += down[:, k, None, None] * rgb[np.minimum(top + k, height - 1), begin:end]
	crop = np.zeros((size, size, 3))
	for k in range(across.shape[1]):
		crop += across[:, k, None] * rows[:, left - begin + k]
	return (crop / 255).astype(np.float32).transpose(2, 0, 1)[None]


def taps(start: float, length: float, size: int, limit: int) -> tuple[np.ndarray, np.ndarray]:
	"""For `size` equal parts of a line within a picture of `limit` px: the first px that each part reads, int [size], and its weights float64 [size,
	reach]."""
	part = length / size
	samples = max(1, math.ceil(part))
	firsts = np.zeros(size, int)
	weights = np.zeros((size, math.floor(part) + 3))
	for i in range(size):
		places = [start - 0.5 + (i + (k + 0.5) / samples) * part for k in range(samples)]
		firsts[i] = first = max(0, min(limit - 1, math.floor(places[0])))
		for at in places:
			if at < -1 or at > limit:
				continue
			inside = max(0.0, at)
			low = math.floor(inside)
			if low >= limit - 1:
				weights[i, limit - 1 - first] += 1 / samples
			else:
				weights[i, low - first] += (1 - (inside - low)) / samples
				weights[i, low + 1 - first] += (inside - low) / samples
	return firsts, weights
