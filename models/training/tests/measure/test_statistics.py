"""The kit's statistics match the program's: both read the same golden file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from unmask_kit.measure import statistics

GOLDEN = json.loads((Path(__file__).resolve().parents[4] / "test" / "goldens" / "statistics.json").read_text())


@pytest.mark.parametrize("case", GOLDEN["cases"])
def test_the_program_gives_the_same(case: dict) -> None:
	label, score, probability, group = (np.array(case[key]) for key in ("label", "score", "probability", "group"))
	expected = case["expected"]
	assert statistics.auc(label, score) == pytest.approx(expected["auc"], abs=1e-12)
	assert statistics.equal_error_rate(label, score) == pytest.approx(expected["equalErrorRate"], abs=1e-12)
	assert statistics.calibration_error(label, probability) == pytest.approx(expected["calibrationError"], abs=1e-12)
	interval = statistics.auc_interval(label, score, group, GOLDEN["replicates"], GOLDEN["seed"])
	assert (interval is None) == (expected["interval"] is None)
	assert interval is None or interval == pytest.approx(expected["interval"], abs=1e-12)


@pytest.mark.parametrize("rate", GOLDEN["rates"])
def test_rates_have_the_program_s_interval(rate: dict) -> None:
	assert statistics.rate_interval(rate["count"], rate["n"]) == pytest.approx(rate["interval"], abs=1e-12)


def test_random_numbers_are_the_program_s() -> None:
	assert statistics.uniform(GOLDEN["seed"], len(GOLDEN["uniform"])).tolist() == GOLDEN["uniform"]


def test_weighted_aucs_match_scikit_learn() -> None:
	rng = np.random.default_rng(0)
	label, score, weight = rng.integers(0, 2, 50), rng.integers(0, 9, 50).astype(float), rng.integers(0, 4, (20, 50))
	expected = [roc_auc_score(label, score, sample_weight=row) for row in weight]
	assert statistics.weighted_aucs(label, score, weight) == pytest.approx(expected, abs=1e-12)
	assert np.isnan(statistics.weighted_aucs(label, score, (label == 0)[None])).all()


def test_a_single_label_has_no_auc() -> None:
	assert np.isnan(statistics.auc(np.ones(3), np.arange(3)))
	assert statistics.auc_interval(np.array([0, 1, 1]), np.arange(3), np.array(["a", "b", "c"])) is None
