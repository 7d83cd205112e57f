"""Writes statistics.json: labelled items and what `unmask_kit.measure.statistics` gives for them. The TypeScript side must give the same.

From the root of the repository: `PYTHONPATH=models/training python test/goldens/statistics.py`
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from unmask_kit.measure import statistics


def items_of(seed: int, n: int, apart: float, groups: int) -> dict[str, list]:
	"""Made-up items: scores with ties, groups of several items, probabilities on and between the borders of bins."""
	rng = np.random.default_rng(seed)
	group = rng.integers(0, groups, n)
	label = (rng.permutation(groups)[group] < groups // 2).astype(int)
	score = np.round(rng.normal(apart * label, 1), 1)
	probability = np.round(1 / (1 + np.exp(-score)), 3)
	probability[:3] = (0.0, 1.0, 0.2)
	return {
		"label": label.tolist(),
		"score": score.tolist(),
		"probability": probability.tolist(),
		"group": [f"g{g}" for g in group],
	}


def measures(items: dict[str, list]) -> dict:
	label, score, probability, group = (np.array(items[key]) for key in ("label", "score", "probability", "group"))
	interval = statistics.auc_interval(label, score, group, 200, 7)
	return {
		"auc": statistics.auc(label, score),
		"interval": interval and list(interval),
		"equalErrorRate": statistics.equal_error_rate(label, score),
		"calibrationError": statistics.calibration_error(label, probability),
	}


def main() -> None:
	cases = [items_of(1, 60, 1.0, 20), items_of(2, 200, 0.3, 40), items_of(3, 30, 6.0, 10), items_of(4, 25, 0.5, 4)]
	rates = [{"count": count, "n": n, "interval": list(statistics.rate_interval(count, n))} for count, n in ((0, 7), (3, 10), (12, 12), (1, 400))]
	uniform = statistics.uniform(7, 5).tolist()
	golden = {"replicates": 200, "seed": 7, "uniform": uniform, "cases": [case | {"expected": measures(case)} for case in cases], "rates": rates}
	(Path(__file__).parent / "statistics.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
	main()
