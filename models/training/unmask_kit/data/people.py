"""Who appears in which clip: descriptors of the shipped identity model, clustered across all repositories."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from ..sessions import open_session
from .faces import crop_faces, square_box

CROP = 150
SAME_PERSON = 0.36
"""Two clips show the same person if the distance between their mean descriptors is below this. It is lower than the program's threshold because means
lie closer together than single faces. Of pairs from different repositories, the last known person was seen at .32, and the first two similar people
at .35."""


class Identity:
	"""`models/face-identity.onnx`: the descriptor float32 [128] of a face in a picture."""

	def __init__(self, model: Path) -> None:
		self.session = open_session(model)

	def __call__(self, rgb: np.ndarray, box: np.ndarray) -> np.ndarray:
		crop = crop_faces(rgb, square_box(box, 1.0)[None], CROP).numpy()
		return self.session.run(["descriptor"], {"crops": crop})[0][0]


def clusters(descriptors: np.ndarray, limit: float = SAME_PERSON) -> np.ndarray:
	"""A number for each row, the same for all rows of one person: average linkage of Euclidean distances up to `limit`."""
	if len(descriptors) < 2:
		return np.ones(len(descriptors), np.int64)
	return fcluster(linkage(descriptors, "average"), limit, "distance")


def join(*keys: list[str]) -> list[str]:
	"""A group name for each row, the same for rows that share any key, directly or through other rows; it is the first key of the group."""
	parent: dict[str, str] = {}

	def root(key: str) -> str:
		parent.setdefault(key, key)
		while parent[key] != key:
			parent[key] = parent[parent[key]]
			key = parent[key]
		return key

	for row in zip(*keys, strict=True):
		for key in row[1:]:
			low, high = sorted((root(row[0]), root(key)))
			parent[high] = low
	return [root(row[0]) for row in zip(*keys, strict=True)]
