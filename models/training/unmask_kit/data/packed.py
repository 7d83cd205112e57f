"""The packed pictures that `prepare` made, read by index."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np


class Faces:
	"""The packed file, read by index. `picture(i)` gives uint8 [H, W, 3] RGB; the columns of faces.npz are attributes."""

	def __init__(self, work: Path) -> None:
		self.work = work
		with np.load(work / "faces.npz") as index:
			for key in index.files:
				setattr(self, key, index[key])
		self.bytes = np.memmap(work / "faces.bin", np.uint8, "r")

	def __len__(self) -> int:
		return len(self.start)

	def picture(self, i: int) -> np.ndarray:
		data = self.bytes[self.start[i] : self.start[i] + self.size[i]]
		return cv2.cvtColor(cv2.imdecode(np.asarray(data), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
