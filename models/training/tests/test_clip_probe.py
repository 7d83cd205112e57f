"""Tests of the probe, on random embeddings."""

from __future__ import annotations

import numpy as np

from unmask_kit.measure.statistics import auc
from unmask_kit.studies.clip_probe import Frames, probe, sample_weights


def drawn_frames(seed: int = 1, n: int = 200) -> Frames:
	"""Embeddings whose first number gives the label away."""
	rng = np.random.default_rng(seed)
	label = rng.integers(0, 2, n)
	embedding = rng.normal(0, 1, (n, 8))
	embedding[:, 0] += 2.5 * label
	generator = np.where(label == 1, np.array(["G", "H"])[rng.integers(0, 2, n)], "")
	names = np.array([str(i) for i in range(n)])
	return Frames(label, generator, np.full(n, "r"), names, names, np.arange(n) < n // 2, rng.normal(0, 1, n), embedding)


def test_labels_weigh_the_same() -> None:
	frames = drawn_frames()
	weights = sample_weights(frames, frames.train)
	assert np.isclose(weights[frames.label == 1].sum(), 0.5) and np.isclose(weights[frames.label == 0].sum(), 0.5)
	assert not weights[~frames.train].any()


def test_probe_finds_the_direction_and_carries_over() -> None:
	frames = drawn_frames()
	scores = probe(frames, frames.train, 1e-2)
	assert auc(frames.label[~frames.train], scores[~frames.train]) > 0.9
