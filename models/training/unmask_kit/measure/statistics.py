"""Statistics of scores, where larger means more likely fake. They match the program's (`function/eval`); both are tested on
`test/goldens/statistics.json`."""

from __future__ import annotations

import numpy as np
from scipy.stats import binned_statistic, binomtest
from sklearn.metrics import roc_auc_score, roc_curve

BINS = 15
"""Number of bins in the reliability diagram."""
REPLICATES = 1000


def auc(label: np.ndarray, score: np.ndarray) -> float:
	"""Probability that a fake scores above a real, with ties counted half; NaN unless both labels occur."""
	return float(roc_auc_score(label, score)) if len(np.unique(label)) == 2 else float("nan")


def equal_error_rate(label: np.ndarray, score: np.ndarray) -> float:
	"""The rate at which false positives equal missed fakes, interpolated linearly between the points of the ROC curve."""
	fpr, tpr, _ = roc_curve(label, score, drop_intermediate=False)
	return float(np.interp(1.0, fpr + tpr, fpr))


def calibration_error(label: np.ndarray, probability: np.ndarray, bins: int = BINS) -> float:
	"""Expected calibration error: the mean over items of |mean probability - share of fakes| of their bin; bins of equal width."""
	sums = binned_statistic(probability, [probability, label], "sum", bins, (0, 1)).statistic
	return float(np.abs(sums[0] - sums[1]).sum() / len(label))


def rate_interval(hits: int, n: int) -> tuple[float, float]:
	"""95 % Wilson score interval of a rate."""
	low, high = binomtest(hits, n).proportion_ci(0.95, "wilson")
	return float(low), float(high)


def uniform(seed: int, count: int) -> np.ndarray:
	"""The first numbers in 0..1 of `seededRandom` in `function/statistics.ts` (mulberry32), so that both sides draw the same groups."""
	t = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)).astype(np.uint32)
	t = (t ^ (t >> np.uint32(15))) * (t | np.uint32(1))
	t ^= t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61))
	return (t ^ (t >> np.uint32(14))) / 2**32


def drawn_groups(groups: int, times: int, seed: int) -> np.ndarray:
	"""How often each group occurs in each draw with replacement, int [times, groups]."""
	drawn = np.floor(uniform(seed, times * groups) * groups).astype(int) + groups * np.repeat(np.arange(times), groups)
	return np.bincount(drawn, minlength=times * groups).reshape(times, groups)


def weighted_aucs(label: np.ndarray, score: np.ndarray, weight: np.ndarray) -> np.ndarray:
	"""The AUC for each row of `weight` [times, n], NaN if a label has no weight: `roc_auc_score` with sample weights, all rows at once."""
	values, tie = np.unique(score, return_inverse=True)
	order = np.argsort(tie, kind="stable")
	starts = np.searchsorted(tie[order], np.arange(len(values)))
	reals, fakes = (np.add.reduceat((weight * (label == kind))[:, order], starts, axis=1).astype(float) for kind in (0, 1))
	pairs = reals.sum(1) * fakes.sum(1)
	won = (fakes * (np.cumsum(reals, 1) - reals / 2)).sum(1)
	return np.divide(won, pairs, out=np.full(len(weight), np.nan), where=pairs > 0)


def resampled_aucs(label: np.ndarray, score: np.ndarray, group: np.ndarray, times: int = REPLICATES, seed: int = 1) -> np.ndarray:
	"""AUCs [times]. Whole groups (a video, a person) are drawn with replacement; a draw with only one label gives NaN. The same seed draws the same
	groups, whatever the scores."""
	names, first, which = np.unique(group, return_index=True, return_inverse=True)
	place = np.argsort(np.argsort(first))
	return weighted_aucs(label, score, drawn_groups(len(names), times, seed)[:, place[which]])


def auc_interval(label: np.ndarray, score: np.ndarray, group: np.ndarray, times: int = REPLICATES, seed: int = 1) -> tuple[float, float] | None:
	"""95 % percentile interval of the AUC by bootstrap over groups. Draws with only one label are replaced, up to `times` of them. None if there is
	no interval: a label is missing or has a single group, or the scores separate the labels perfectly."""
	if min(len(np.unique(group[label == kind])) for kind in (0, 1)) < 2 or auc(label, score) in (0.0, 1.0):
		return None
	areas = resampled_aucs(label, score, group, 2 * times, seed)
	low, high = np.quantile(areas[np.isfinite(areas)][:times], (0.025, 0.975))
	return float(low), float(high)
