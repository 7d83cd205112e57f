"""Area under the ROC curve, intervals by bootstrap over groups, rates with exact intervals. Scores: larger = more likely fake."""

from __future__ import annotations

import numpy as np
from scipy.stats import beta, nct, norm, rankdata


def auc(label: np.ndarray, score: np.ndarray) -> float:
	"""Probability that a fake scores above a real, ties counted half; NaN without both kinds."""
	positives = int((label == 1).sum())
	negatives = len(label) - positives
	if not positives or not negatives:
		return float("nan")
	ranks = rankdata(score)
	return float((ranks[label == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def resampled_aucs(label: np.ndarray, score: np.ndarray, group: np.ndarray, times: int = 1000, seed: int = 0) -> np.ndarray:
	"""AUCs [times]: whole groups (video, person) are drawn again, reals and fakes apart where a group is of one kind. The same seed draws the
	same groups, whatever the scores."""
	rng = np.random.default_rng(seed)
	names, which = np.unique(group, return_inverse=True)
	rows = [np.where(which == g)[0] for g in range(len(names))]
	kinds: dict[tuple[bool, bool], list[int]] = {}
	for g, members in enumerate(rows):
		kinds.setdefault((bool((label[members] == 1).any()), bool((label[members] == 0).any())), []).append(g)
	values = []
	for _ in range(times):
		drawn = np.concatenate([rows[g] for groups in kinds.values() for g in rng.choice(groups, len(groups))])
		values.append(auc(label[drawn], score[drawn]))
	return np.array(values)


def auc_interval(label: np.ndarray, score: np.ndarray, group: np.ndarray, times: int = 1000, seed: int = 0) -> tuple[float, float]:
	"""95 % interval of the AUC by bootstrap over groups."""
	low, high = np.nanquantile(resampled_aucs(label, score, group, times, seed), (0.025, 0.975))
	return float(low), float(high)


def rate_interval(hits: int, n: int) -> tuple[float, float]:
	"""Clopper-Pearson 95 % interval of a rate."""
	low = 0.0 if hits == 0 else float(beta.ppf(0.025, hits, n - hits + 1))
	high = 1.0 if hits == n else float(beta.ppf(0.975, hits + 1, n - hits))
	return low, high


def tolerance_threshold(real: np.ndarray, alarms: float, confidence: float = 0.95) -> float:
	"""For few reals, where no quantile exists: the score that at most a share `alarms` of normally distributed reals exceeds, with the given
	confidence (one-sided normal tolerance bound, exact by the non-central t). Infinite for fewer than two."""
	n = len(real)
	if n < 2:
		return float("inf")
	factor = nct.ppf(confidence, n - 1, norm.ppf(1 - alarms) * np.sqrt(n)) / np.sqrt(n)
	return float(np.mean(real) + factor * np.std(real, ddof=1))


def equal_error_rate(label: np.ndarray, score: np.ndarray) -> float:
	thresholds = np.unique(score)
	missed = np.array([(score[label == 1] <= t).mean() for t in thresholds])
	alarms = np.array([(score[label == 0] > t).mean() for t in thresholds])
	at = int(np.abs(missed - alarms).argmin())
	return float((missed[at] + alarms[at]) / 2)
