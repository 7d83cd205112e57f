"""Computes the calibration and the thresholds of the manifest entry from scores.

fakeProbability = sigmoid((logit - offset) / temperature), fitted by log loss. True and pseudo-fakes have equal weight, and so do reals of clips and
of stills. The dev set takes no part; results are only reported on it.

Thresholds are set as logits, separately for stills and videos. Stills: of no source held out of training, as it is or filmed, more than 1 % of the
reals exceed the `likely fake` threshold. The worst source sets it, because the zero point of such models drifts between sources: a source that the
others do not resemble would exceed a mean over them far more often. A quarter of the held-out fakes lie below the `likely real` threshold, where
each kind has equal weight: pseudo-fakes, Face2Face, talking heads.

Videos: both thresholds are split-conformal over *sources* (`new_source_threshold`). On average, at most VIDEO_ALARMS of the clips of a new source of
genuine video exceed the `likely fake` threshold, and at most VIDEO_MISSES of the clips of a new generator lie below the `likely real` threshold. The
stated error rates come from `left_out`: each source is judged by the threshold that the others set, so that no clip sets its own threshold.
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
from .statistics import auc, calibration_error, rate_interval

ALARMS = 0.01
"""Share of the reals of the held-out source that exceeds the threshold most."""
MISSES = 0.25
VIDEO_ALARMS = 0.05
"""Share of the clips of a new source of genuine video. With the scores of K sources, no less than 1 / (K + 1) can be promised."""
VIDEO_MISSES = 0.25
"""Share of the clips of a new generator."""
LEAST_FRAMES = 4
"""Least number of frames of a clip: `minFaces` in function/verdict/judge-track.ts."""
KINDS = ("ffpp", "talking")
"""Kinds of held-out true fakes; the names of their groups begin with these."""
STILLS = ("unseen-real", "unseen-filmed")
TRUE = ("unseen-true", "unseen-clips")
"""Held-out fakes of real generators, and reals of the same kind."""
ALARMS_OF_STILLS = "stills of held-out sources, as they are and after H.264, each source against a threshold set on the others"
MISSES_OF_STILLS = "dev set's crops and held-out fakes: manipulated called likely real"
ALARMS_OF_VIDEOS = "genuine clips of held-out sources, each source against a threshold set on the others"
MISSES_OF_VIDEOS = "clips of held-out generators, each generator against a threshold set on the others"
"""The sets that the stated error rates were measured on; `function/answer/messages` translates these texts."""
LEAST_PROBABILITY = 1e-13
"""Keeps the log loss finite, as in `function/eval/metrics.ts`."""


def probability(logit: np.ndarray, temperature: float, offset: float) -> np.ndarray:
	"""The calibrated fake probability."""
	return expit((np.asarray(logit, np.float64) - offset) / temperature)


def fit(scores: Scores) -> tuple[float, float]:
	"""(temperature, offset) by weighted log loss."""
	true, pseudo = np.isin(scores["set"], TRUE), scores["set"] == "pseudo"
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


def fake_threshold(scores: Scores, alarms: float = ALARMS, of: np.ndarray | None = None) -> tuple[float, dict[str, float]]:
	"""(threshold for stills as a logit, the threshold that each set of reals alone would set)."""
	of = np.ones(len(scores["label"]), bool) if of is None else of
	asked = {}
	for name in STILLS:
		for source in np.unique(scores["source"][scores["set"] == name]):
			reals = scores["logit"][of & (scores["set"] == name) & (scores["source"] == source)]
			if len(reals):
				asked[f"{name} {source} (n {len(reals)})"] = float(np.quantile(reals, 1 - alarms))
	return max(asked.values()), asked


def fakes_of_each_kind(scores: Scores) -> dict[str, np.ndarray]:
	"""Logits of held-out fakes by kind."""
	fake, true = scores["label"] == 1, scores["set"] == "unseen-true"
	kinds = {"pseudo": scores["logit"][(scores["set"] == "pseudo") & fake]}
	kinds |= {kind: scores["logit"][true & fake & np.char.startswith(scores["group"], kind)] for kind in KINDS}
	return {kind: logits for kind, logits in kinds.items() if len(logits)}


def quantile_of_kinds(kinds: list[np.ndarray], share: float) -> float:
	"""The quantile of a mixture in which each of the samples has equal weight."""
	values = np.concatenate(kinds)
	weights = np.concatenate([np.full(len(kind), 1 / len(kind) / len(kinds)) for kind in kinds])
	order = np.argsort(values)
	return float(values[order][np.searchsorted(np.cumsum(weights[order]), share)])


def clips_by_source(scores: Scores, label: int) -> dict[str, np.ndarray]:
	"""Mean logits of the clips that are held out of training, by source: repository or archive of genuine clips, generator of fakes. Stills and clips
	of fewer than LEAST_FRAMES frames are left out, because the program gives no verdict on so few."""
	clips: dict[str, list[float]] = {}
	for name in TRUE:
		of = (scores["set"] == name) & (scores["label"] == label)
		clip = scores["group"] if name == "unseen-true" else scores["name"]
		for source, one in sorted(set(zip(scores["source"][of].tolist(), clip[of].tolist(), strict=True))):
			rows = of & (scores["source"] == source) & (clip == one)
			if scores["frames"][rows].sum() >= LEAST_FRAMES:
				clips.setdefault(source, []).append(float(scores["logit"][rows].mean()))
	return {source: np.array(means) for source, means in clips.items()}


def new_source_threshold(sources: list[np.ndarray], share: float) -> float:
	"""The threshold that on average at most `share` of the items of a new, similar source exceed: split-conformal over sources, the hierarchical
	conformal prediction of Lee, Barber and Willett (2023). Each source has equal weight, and the new one counts as if it were above all. With too few
	sources for the share, it is the highest score of all."""
	values = np.concatenate(sources)
	weights = np.concatenate([np.full(len(source), 1 / len(source)) for source in sources])
	order = np.argsort(values)
	reached = np.cumsum(weights[order]) >= (1 - share) * (len(sources) + 1) - 1e-9
	return float(values[order][reached.argmax() if reached.any() else -1])


def left_out(sources: dict[str, np.ndarray], share: float) -> dict[str, np.ndarray]:
	"""Whether each item (bool) of a source exceeds the threshold that all other sources set."""
	others = {name: [items for other, items in sources.items() if other != name] for name in sources}
	return {name: items > new_source_threshold(others[name], share) for name, items in sources.items() if others[name]}


def negated(sources: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
	"""The negated items, for thresholds that items should be above."""
	return {name: -items for name, items in sources.items()}


def video_limits(scores: Scores) -> dict:
	"""{above, below (logits), falseAlarm, missed, reference}: the thresholds for videos, their error rates on sources and generators that did not set
	them, and the logits of all clips."""
	genuine, fake = clips_by_source(scores, 0), negated(clips_by_source(scores, 1))
	above = new_source_threshold(list(genuine.values()), VIDEO_ALARMS)
	below = min(above, -new_source_threshold(list(fake.values()), VIDEO_MISSES))
	alarms, misses = left_out(genuine, VIDEO_ALARMS), left_out(fake, VIDEO_MISSES)
	for source, items in genuine.items():
		print(f"calibrate: genuine clips of {source}: n {len(items)} mean {items.mean():.2f} highest {items.max():.2f} alarms {alarms[source].sum()}")
	real, made = np.concatenate([*genuine.values()]), -np.concatenate([*fake.values()])
	for source, items in fake.items():
		beside = auc(np.repeat([0, 1], [len(real), len(items)]), np.concatenate([real, -items]))
		found = f"n {len(items)} mean {-items.mean():.2f} lowest {-items.max():.2f} misses {misses[source].sum()} AUC {beside:.2f}"
		print(f"calibrate: fake clips of {source}: {found}")
	for values, name in ((real, "genuine"), (made, "manipulated")):
		print(f"calibrate: videos: {rate(values > above, f'{name} likely fake')}, {rate(values < below, f'{name} likely real')}")
	with_alarm = sum(bool(hits.any()) for hits in alarms.values())
	print(f"calibrate: videos: likely fake above logit {above:.3f}, likely real below {below:.3f}; an alarm in {with_alarm} of {len(alarms)} sources")
	return {
		"above": above,
		"below": below,
		"falseAlarm": rate(np.concatenate([*alarms.values()]), ALARMS_OF_VIDEOS),
		"missed": rate(np.concatenate([*misses.values()]), MISSES_OF_VIDEOS),
		"reference": {"genuine": real, "manipulated": made},
	}


def as_logit(p: float, calibration: dict) -> float:
	"""The raw logit that a manifest's calibration gives the probability p."""
	return float(np.log(p / (1 - p)) * calibration["temperature"] + calibration["offset"])


def rate(hits: np.ndarray, name: str) -> dict:
	low, high = rate_interval(int(hits.sum()), len(hits))
	return {"rate": round(float(hits.mean()), 4), "n": len(hits), "interval": [round(low, 4), round(high, 4)], "set": name}


def cross_fitted(scores: Scores) -> np.ndarray:
	"""Alarms (bool) on each half of the held-out stills at the threshold that the other half sets; halves are split by person."""
	half = np.array([share("half" + group) < 0.5 for group in scores["group"]])
	stills = np.isin(scores["set"], STILLS)
	hits = []
	for side in (half, ~half):
		threshold, _ = fake_threshold(scores, of=~side)
		hits.append(scores["logit"][stills & side] > threshold)
	return np.concatenate(hits)


def calibrate(scores: Scores) -> tuple[dict, list[dict]]:
	"""(the manifest's `calibration`, its `metrics`); prints both with the steps that led to them."""
	s = scores
	temperature, offset = fit(s)
	above, asked = fake_threshold(s)
	for name, value in asked.items():
		print(f"calibrate: {name} alone would set: logit {value:.3f}")
	at_five, _ = fake_threshold(s, 0.05)
	kinds = fakes_of_each_kind(s)
	below = min(above, quantile_of_kinds(list(kinds.values()), MISSES)) if kinds else above
	print(f"calibrate: temperature {temperature:.3f} offset {offset:.3f}; likely fake above logit {above:.3f} (5 % rule: {at_five:.3f})")
	missed = ", ".join(f"{kind} {(logits < below).mean():.1%} of {len(logits)}" for kind, logits in kinds.items())
	print(f"calibrate: likely real below logit {below:.3f}, where a quarter of the held-out fakes lie, with equal weight per kind: {missed}")

	limits = {"image": {"above": above, "below": below, **still_rates(s, above, below)}, "video": video_limits(s)}
	crops = s["set"] == "dev-crops"
	print("calibrate: on the dev set's crops", expected_error(probability(s["logit"][crops], temperature, offset), s["label"][crops]))
	for threshold, name in ((above, "likely fake"), (at_five, "5 % rule")):
		print(f"calibrate: at the threshold of {name}:")
		table(s, threshold)
	calibration = {"temperature": round(temperature, 4), "offset": round(offset, 4)}
	for kind, found in limits.items():
		p = probability(np.array([found.pop("above"), found.pop("below")]), temperature, offset)
		if reference := found.pop("reference", None):
			found["reference"] = {of: sorted(probability(logits, temperature, offset).round(4).tolist()) for of, logits in reference.items()}
		calibration[kind] = {"likelyFakeAbove": round(float(p[0]), 4), "likelyRealBelow": round(float(p[1]), 4), **found}
	counts = [len(clips_by_source(s, label)) for label in (0, 1)]
	calibration["source"] = (
		"models/training, calibrate: temperature and offset by log loss on generators, identities and sources held out of training; "
		"stills: likely fake above all but 1 % of the reals of the worst held-out source, likely real below a quarter of "
		"held-out fakes, each kind counting the same; "
		f"videos, split-conformal over sources: likely fake above all but {VIDEO_ALARMS:.0%} of the clips of a new genuine source, from {counts[0]}; "
		f"likely real below all but {1 - VIDEO_MISSES:.0%} of the clips of a new generator, from {counts[1]}"
	)
	return calibration, metrics(s)


def still_rates(scores: Scores, above: float, below: float) -> dict:
	"""{falseAlarm, missed} of stills at two thresholds (logits); each source's false alarms are counted at the threshold that the other sources
	set."""
	fake, dev, true = scores["label"] == 1, scores["set"] == "dev-crops", scores["set"] == "unseen-true"
	stills, hits = np.isin(scores["set"], STILLS), []
	sources = np.unique(scores["source"][stills])
	for source in sources:
		own = scores["source"] == source
		threshold = fake_threshold(scores, of=~own)[0] if len(sources) > 1 else above
		hits.append(scores["logit"][stills & own] > threshold)
		print(f"calibrate: stills of {source} at the threshold of the others, logit {threshold:.3f}: {rate(hits[-1], 'alarms')}")
	fakes, reals = scores["logit"][(dev | true) & fake], scores["logit"][dev & ~fake]
	for values, said in ((fakes, "dev set's crops and held-out fakes"), (reals, "genuine dev crops")):
		print(f"calibrate: {said}: {rate(values > above, 'likely fake')}, {rate(values < below, 'likely real')}")
	return {"falseAlarm": rate(np.concatenate(hits), ALARMS_OF_STILLS), "missed": rate(fakes < below, MISSES_OF_STILLS)}


def expected_error(p: np.ndarray, label: np.ndarray) -> str:
	"""Expected calibration error and log loss, as a sentence."""
	loss = log_loss(label, np.clip(p, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY), labels=[0, 1])
	return f"ECE {calibration_error(label, p):.3f}, log loss {loss:.3f}, n {len(p)}"


def metrics(s: Scores) -> list[dict]:
	"""The AUCs that the manifest lists."""
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
	if (clips := s["set"] == "unseen-clips").any():
		name = "clips of unseen generators, genuine clips of unseen sources"
		rows.append((area(s, name, clips, "clips"), "interval by person; up to 8 frames each"))
	worst = min(
		(area(s, f"pseudo-fakes of unseen sources: {f}", (s["set"] == "pseudo") & (s["source"] == f), "crops") for f in FAMILIES), key=lambda a: a.auc
	)
	rows.append((worst, "the worst of eight families, all of them trained on"))
	return [
		{"set": a.set, "unit": a.unit, "n": a.n, "auc": round(a.auc, 4), "interval": [round(v, 4) for v in a.interval], "note": text}
		for a, text in rows
	]


HELP = "compute temperature, offset, thresholds and metrics from the scores (WORK/RUN/calibration.json)"


def arguments(parser: argparse.ArgumentParser) -> None:
	text = "committed score file (training/scores/NAME.csv) instead of the run's, to see how the entry was computed"
	parser.add_argument("--scores", type=Path, help=text)


def run(work: Workspace, options: argparse.Namespace) -> None:
	if options.scores:
		print(json.dumps(calibrate(read_scores(options.scores))[0], indent="\t"))
		return
	calibration, found = calibrate(read_scores(work.scores))
	scored = work.scored.read_text().strip() if work.scored.exists() else None
	work.calibration.write_text(json.dumps({"scored": scored, "calibration": calibration, "metrics": found}, indent="\t"))
