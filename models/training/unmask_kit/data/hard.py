"""False-alarm mining: finds the real training faces that a checkpoint scores highest, to be drawn more often (`train --hard-share`).

Only reals of the training split are scored. Those of held-out sources, which set the thresholds, are never scored here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

FILE = "hard.npz"


def hard_rows(root: Path) -> np.ndarray:
	"""The rows that `mine` found. Raises FileNotFoundError with the command to run."""
	path = root / FILE
	if not path.exists():
		raise FileNotFoundError(f"{path}: run `python -m unmask_kit mine --run RUN` first, or train with --hard-share 0")
	with np.load(path) as found:
		return found["rows"]
