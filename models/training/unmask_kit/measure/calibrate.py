"""Scores -> calibration and thresholds of the manifest entry.

fakeProbability = sigmoid((logit - offset) / temperature), fitted by log loss where true and pseudo-fakes count the same, and reals of clips
and of stills count the same. The dev set takes no part in any of it: the result is only reported on it.

Thresholds are logits first, and stills and videos have their own. Stills: `likely fake` lies above what 1 % of the reals of sources held out of
training exceed, each source counting the same, as they are and filmed, because the zero point of such models drifts between sources. `likely
real` lies below what a quarter of the held-out fakes are below, each kind of them counting the same: pseudo-fakes, Face2Face, talking heads.

Videos (`video_thresholds`): the mean over a clip scatters less than one picture does, and studio portraits, which ask for the highest
threshold, are pictures. There are too few clips for a quantile, so a normal tolerance bound of their means; and the clips are of few kinds, so
never below the highest of them nor below the 2 % quantile of the filmed stills, each held-out source counting the same.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.metrics import log_loss

from ..data.sources import share
from ..make.families import FAMILIES
from ..workspace import Workspace
from .evaluate import Scores, area, read_scores, table
from .statistics import calibration_error, rate_interval, tolerance_threshold

ALARMS = 0.01
"""Of the reals of held-out sources, each counting the same."""
MISSES = 0.25
VIDEO_ALARMS = 0.02
"""Of real clips, at most, with 95 % confidence if their means are normal: less cannot be promised from some thirty clips; and of filmed stills."""
KINDS = ("ffpp", "talking")
"""Of held-out true fakes, as their groups begin."""
STILLS = ("unseen-real", "unseen-filmed")
LEAST_PROBABILITY = 1e-13
"""Keeps the log loss finite, as in `function/eval/metrics.ts`."""


def probability(logit: np.ndarray, temperature: float, offset: float) -> np.ndarray:
	"""The probability of being fake that a calibration gives."""
	return expit((np.asarray(logit, np.float64) - offset) / temperature)


def fit(scores: Scores) -> tuple[float, float]:
	"""(temperature, offset) by weighted log loss."""
	true, pseudo = scores["set"] == "unseen-true", scores["set"] == "pseudo"
	fake = scores["label"] == 1
	still = np.isin(scores["set"], STILLS) | (pseudo & ~fake)
	weight = np.zeros(len(fake))
	for part in (true & fake, pseudo & fake, true & ~fake, still):
		weight[part] = 0.25 / max(part.sum(), 1)
	logit = scores["logit"]

	def loss(values: np.ndarray) -> float:
		z = (logit - values[1]) / np.exp(values[0])
		return float((weight * np.logaddexp(0, np.where(fake, -z, z))).sum())

	best = minimize(loss, np.array([0.0, 0.0]), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-7, "maxiter": 2000}).x
	return float(np.exp(best[0])), float(best[1])


def clip_means(scores: Scores, of: np.ndarray) -> np.ndarray:
	return np.array([scores["logit"][of & (scores["group"] == group)].mean() for group in np.unique(scores["group"][of])])


def fake_threshold(scores: Scores, alarms: float = ALARMS, of: np.ndarray | None = None) -> tuple[float, dict[str, float]]:
	"""(threshold for stills as a logit, what each set of reals alone would ask for)."""
	of = np.ones(len(scores["label"]), bool) if of is None else of
	parts = {}
	for name in STILLS:
		for source in np.unique(scores["source"][scores["set"] == name]):
			reals = scores["logit"][of & (scores["set"] == name) & (scores["source"] == source)]
			if len(reals):
				parts[f"{name} {source} (n {len(reals)})"] = reals
	return quantile_of_kinds(list(parts.values()), 1 - alarms), {name: float(np.quantile(reals, 1 - alarms)) for name, reals in parts.items()}


def fakes_of_each_kind(scores: Scores, clips: bool = False) -> dict[str, np.ndarray]:
	"""Logits of held-out fakes by kind; with `clips` the mean of each clip for true fakes. Pseudo-fakes are pictures in both."""
	fake, true = scores["label"] == 1, scores["set"] == "unseen-true"
	kinds = {"pseudo": scores["logit"][(scores["set"] == "pseudo") & fake]}
	for kind in KINDS:
		of = true & fake & np.char.startswith(scores["group"], kind)
		kinds[kind] = clip_means(scores, of) if clips else scores["logit"][of]
	return {kind: logits for kind, logits in kinds.items() if len(logits)}


def quantile_of_kinds(kinds: list[np.ndarray], share: float) -> float:
	"""The value that this share of a mixture is below in which each of the samples counts the same."""
	values = np.concatenate(kinds)
	weights = np.concatenate([np.full(len(kind), 1 / len(kind) / len(kinds)) for kind in kinds])
	order = np.argsort(values)
	return float(values[order][np.searchsorted(np.cumsum(weights[order]), share)])


def video_thresholds(scores: Scores, alarms: float = VIDEO_ALARMS) -> dict:
	"""{likelyFakeAbove, likelyRealBelow (logits), clips, highest, bound, filmed}: from the mean logits of whole clips held out of training.

	likely fake: the bound that at most `alarms` of real clips exceed, with 95 % confidence if their means are normal, not below the highest of
	them nor below what `alarms` of the filmed stills exceed, each source counting the same. likely real: as for stills, of clips.
	"""
	real = clip_means(scores, (scores["set"] == "unseen-true") & (scores["label"] == 0))
	bound, highest = tolerance_threshold(real, alarms), float(real.max(initial=-np.inf))
	stills = scores["set"] == "unseen-filmed"
	sources = [scores["logit"][stills & (scores["source"] == source)] for source in np.unique(scores["source"][stills])]
	filmed = quantile_of_kinds(sources, 1 - alarms) if sources else float("-inf")
	above = max((value for value in (bound, highest, filmed) if np.isfinite(value)), default=0.0)
	kinds = fakes_of_each_kind(scores, clips=True)
	below = min(above, quantile_of_kinds(list(kinds.values()), MISSES)) if kinds else above
	return {"likelyFakeAbove": above, "likelyRealBelow": below, "clips": len(real), "highest": highest, "bound": bound, "filmed": filmed}


def as_logit(p: float, calibration: dict) -> float:
	"""The raw logit that a manifest's calibration gives the probability p."""
	return float(np.log(p / (1 - p)) * calibration["temperature"] + calibration["offset"])


def rate(hits: np.ndarray, name: str) -> dict:
	low, high = rate_interval(int(hits.sum()), len(hits))
	return {"rate": round(float(hits.mean()), 4), "n": len(hits), "interval": [round(low, 4), round(high, 4)], "set": name}


def cross_fitted(scores: Scores) -> np.ndarray:
	"""Alarms (bool) on each half of the held-out stills at the threshold that the other half asks for; halves by person."""
	half = np.array([share("half" + group) < 0.5 for group in scores["group"]])
	stills = np.isin(scores["set"], STILLS)
	hits = []
	for side in (half, ~half):
		threshold, _ = fake_threshold(scores, of=~side)
		hits.append(scores["logit"][stills & side] > threshold)
	return np.concatenate(hits)


def calibrate(scores: Scores) -> tuple[dict, list[dict]]:
	"""(the manifest's `calibration`, its `metrics`); prints both with what led to them."""
	s = scores
	temperature, offset = fit(s)
	above, asked = fake_threshold(s)
	for name, value in asked.items():
		print(f"calibrate: asked by {name}: logit {value:.3f}")
	at_five, _ = fake_threshold(s, 0.05)
	fake = s["label"] == 1
	kinds = fakes_of_each_kind(s)
	below = min(above, quantile_of_kinds(list(kinds.values()), MISSES)) if kinds else above
	print(f"calibrate: temperature {temperature:.3f} offset {offset:.3f}; likely fake above logit {above:.3f} (5 % rule: {at_five:.3f})")
	missed = ", ".join(f"{kind} {(logits < below).mean():.1%} of {len(logits)}" for kind, logits in kinds.items())
	print(f"calibrate: likely real below logit {below:.3f}, where a quarter of the held-out fakes lie, each kind counting the same: {missed}")

	videos = video_thresholds(s)
	print(f"calibrate: videos: {videos}")
	dev = {kind: s["set"] == f"dev-{kind}" for kind in ("crops", "videos")}
	stills = rate(cross_fitted(s), "stills of sources held out of training, as they are and after H.264, threshold from the other half")
	print(f"calibrate: false alarms {stills}")
	true = s["set"] == "unseen-true"
	held = {label: clip_means(s, true & (s["label"] == label)) for label in (0, 1)}
	limits = {
		"image": {
			**at(s["logit"][dev["crops"] & ~fake], s["logit"][(dev["crops"] | true) & fake], above, below, "dev set's crops and held-out fakes"),
			"falseAlarm": stills,
		},
		"video": at(
			np.concatenate([held[0], s["logit"][dev["videos"] & ~fake]]),
			np.concatenate([held[1], s["logit"][dev["videos"] & fake]]),
			videos["likelyFakeAbove"],
			videos["likelyRealBelow"],
			"clips held out of training, which also set the limits, and the dev set's videos",
		),
	}
	print("calibrate: on the dev set's crops", expected_error(probability(s["logit"][dev["crops"]], temperature, offset), s["label"][dev["crops"]]))
	for threshold, name in ((above, "likely fake"), (at_five, "5 % rule")):
		print(f"calibrate: at the threshold of {name}:")
		table(s, threshold)
	calibration = {"temperature": round(temperature, 4), "offset": round(offset, 4)}
	for kind, found in limits.items():
		p = probability(np.array([found.pop("above"), found.pop("below")]), temperature, offset)
		calibration[kind] = {"likelyFakeAbove": round(float(p[0]), 4), "likelyRealBelow": round(float(p[1]), 4), **found}
	calibration["source"] = (
		"models/training, calibrate: temperature and offset by log loss on generators, identities and sources held out of training; "
		"stills: likely fake above all but 1 % of the reals of held-out sources, each counting the same, likely real below a quarter of "
		"held-out fakes, each kind counting the same; "
		f"videos: likely fake by a 2 % tolerance bound of the means of {videos['clips']} held-out real clips, not below the highest of them "
		"and the 2 % quantile of the filmed stills, likely real below a quarter of held-out fake clips and pseudo-fakes, each kind counting the same"
	)
	return calibration, metrics(s)


def at(real: np.ndarray, fake: np.ndarray, above: float, below: float, name: str) -> dict:
	"""What two limits (logits) do to real and fake scores: {above, below, falseAlarm, missed}; printed with what is caught and cleared."""
	found = {
		"falseAlarm": rate(real > above, f"{name}: genuine called likely fake"),
		"missed": rate(fake < below, f"{name}: manipulated called likely real"),
	}
	shown = (
		*found.values(),
		rate(fake > above, f"{name}: manipulated called likely fake"),
		rate(real < below, f"{name}: genuine called likely real"),
	)
	for line in shown:
		print(f"calibrate: {line}")
	return {"above": above, "below": below, **found}


def expected_error(p: np.ndarray, label: np.ndarray) -> str:
	"""Expected calibration error and log loss, as a sentence."""
	loss = log_loss(label, np.clip(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY), labels=[0, 1])
	return f"ECE {calibration_error(label, p):.3f}, log loss {loss:.3f}, n {len(p)}"


def metrics(s: Scores) -> list[dict]:
	"""The areas that the manifest lists."""
	f2f = (s["set"] == "dev-crops") & np.isin(s["source"], ("Face2Face", "FF++ real"))
	rows = [
		(area(s, "dev-set crops: FF++ Face2Face", f2f, "crops"), "interval by identity; Face2Face of other people is in the training set"),
		(area(s, "dev-set crops: GenD's (FF++, Celeb-DF-v2)", (s["set"] == "dev-crops") & ~f2f, "crops"), "interval by video; 8 videos only"),
		(area(s, "dev-set videos (FF++ c23, DFDC)", s["set"] == "dev-videos", "videos"), "mean of 32 frames' logits; 11 videos decide nothing"),
		(
			area(
				s,
				"talking heads of unseen generators (VASA-1, EMO, StyleHEAT)",
				(s["set"] == "unseen-true") & np.char.startswith(s["group"], "talking"),
				"crops",
			),
			"interval by clip; other talking-head generators are in the training set",
		),
		(
			area(s, "FF++ Face2Face, unseen identities", (s["set"] == "unseen-true") & np.char.startswith(s["group"], "ffpp"), "crops"),
			"interval by identity",
		),
	]
	worst = min(
		(area(s, f"pseudo-fakes of unseen sources: {f}", (s["set"] == "pseudo") & (s["source"] == f), "crops") for f in FAMILIES), key=lambda a: a.auc
	)
	rows.append((worst, "the worst of eight families, all of them trained on"))
	return [
		{"set": a.set, "unit": a.unit, "n": a.n, "auc": round(a.auc, 4), "interval": [round(v, 4) for v in a.interval], "note": text}
		for a, text in rows
	]


HELP = "scores -> temperature, offset, thresholds, metrics (WORK/RUN/calibration.json)"


def arguments(parser: argparse.ArgumentParser) -> None:
	text = "committed score file (training/scores/NAME.csv) instead of the run's: shows how the entry came about"
	parser.add_argument("--scores", type=Path, help=text)


def run(work: Workspace, options: argparse.Namespace) -> None:
	if options.scores:
		print(json.dumps(calibrate(read_scores(options.scores))[0], indent="\t"))
		return
	calibration, found = calibrate(read_scores(work.scores))
	scored = work.scored.read_text().strip() if work.scored.exists() else None
	work.calibration.write_text(json.dumps({"scored": scored, "calibration": calibration, "metrics": found}, indent="\t"))
