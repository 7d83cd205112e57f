"""Packed pictures, read by index."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


class Packed:
	"""WORK/NAME.bin and NAME.npz. `picture(i)` returns uint8 [H, W, 3] RGB; the columns of the npz file are attributes."""

	def __init__(self, root: Path, name: str) -> None:
		with np.load(root / f"{name}.npz") as index:
			for key in index.files:
				setattr(self, key, index[key])
		self.bytes = np.memmap(root / f"{name}.bin", np.uint8, "r")

	def __len__(self) -> int:
		return len(self.start)

	def picture(self, i: int) -> np.ndarray:
		data = self.bytes[self.start[i] : self.start[i] + self.size[i]]
		return cv2.cvtColor(cv2.imdecode(np.asarray(data), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


class Faces(Packed):
	"""The pictures that `prepare` packed."""

	def __init__(self, root: Path) -> None:
		super().__init__(root, "faces")
