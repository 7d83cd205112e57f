"""Leave-one-out: how well a model does on a family, or on a generator of true fakes, that it never saw.

For each seed, short runs of the same length are trained that are otherwise the same: `with` everything, `without` the names, and, if a name is a
generator, `none` of the true fakes, including the names. `without` - `with` is the value of having seen the thing itself. `without` - `none` shows
whether the other true fakes help on one that was left out, which decides whether they belong in the recipe.

A family is scored on its pseudo-fakes of held-out sources. A generator is scored on all its fakes and the held-out reals of its kind. The run `with`
it was trained on most of those fakes, and some generators animate the same person's picture: the generator is left out, not the face.
"""

from __future__ import annotations

import argparse
import dataclasses

import numpy as np

from ..data.faces import FaceDetector
from ..data.packed import Faces
from ..make.families import FAMILIES
from ..make.generate import Recipe
from ..measure.evaluate import Crops, cached, logits, packed, set_makers
from ..measure.statistics import auc, resampled_aucs
from ..train.checkpoint import load_averaged
from ..train.train import train, training_arguments, training_of
from ..workspace import Workspace


def arms(recipe: Recipe, names: tuple[str, ...]) -> dict[str, Recipe]:
	"""The runs of one seed, by name."""
	found = {"with": recipe, "without": dataclasses.replace(recipe, left_out=names)}
	if any(name not in FAMILIES for name in names):
		found["none"] = dataclasses.replace(found["without"], true_share=0.0)
	return found


def generator_crops(work: Workspace, name: str) -> Crops:
	"""All fakes of a generator and the held-out reals of its kind; groups are clips."""
	faces = Faces(work.root)
	usable = np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	fakes = usable & (faces.generator == name)
	reals = usable & (faces.label == 0) & (faces.split == "unseen") & np.isin(faces.source, np.unique(faces.source[fakes]))
	return packed(faces, np.where(fakes | reals)[0][:: 5 if work.small else 1], FaceDetector(work.detector), work.side)


def scored_on(work: Workspace, names: tuple[str, ...]) -> dict[str, Crops]:
	"""The sets that the runs are scored on: each name's own crops, and the dev set's, which show the cost elsewhere."""
	known = np.unique(Faces(work.root).generator)
	unknown = [name for name in names if name not in FAMILIES and (name not in known or not name)]
	if unknown:
		fit = ", ".join((*FAMILIES, *(name for name in known if name)))
		raise SystemExit(f"leave-out: neither a family nor a generator: {', '.join(unknown)}; there are {fit}")
	makers, sets = set_makers(work), {}
	for name in names:
		if name in FAMILIES:
			every = cached(work.sets, "pseudo", makers["pseudo"])
			of = every["source"] == name
			sets[name] = {key: value if key == "failed" else value[of] for key, value in every.items()}
		else:
			sets[name] = cached(work.sets, f"generator-{name}", lambda name=name: generator_crops(work, name))
	return sets | {"dev-crops": cached(work.sets, "dev-crops", makers["dev-crops"])}


def difference(crops: Crops, first: list[np.ndarray], second: list[np.ndarray], times: int = 1000) -> tuple[float, float, float, float, float]:
	"""(mean AUC of the first runs, of the second, mean of second - first over the seeds, its 95 % interval by bootstrap over groups).

	The interval covers the pictures that were drawn; each seed's own line shows the effect of the seed.
	"""
	label, group = crops["label"], crops["group"]
	areas = [np.mean([auc(label, score) for score in runs]) for runs in (first, second)]
	drawn = [np.mean([resampled_aucs(label, score, group, times) for score in runs], 0) for runs in (first, second)]
	low, high = np.nanquantile(drawn[1] - drawn[0], (0.025, 0.975))
	return float(areas[0]), float(areas[1]), float(areas[1] - areas[0]), float(low), float(high)


def leave_out(work: Workspace, options: argparse.Namespace) -> None:
	"""Trains the missing runs in WORK/leave-out-NAMES/ARM-SEED, and prints each set's AUCs and differences."""
	settings, recipe = training_of(work, options)
	names = tuple(options.names)
	sets = scored_on(work, names)
	scores: dict[str, dict[str, list[np.ndarray]]] = {name: {} for name in sets}
	for seed in options.seeds:
		for arm, changed in arms(recipe, names).items():
			run = work.of_run(f"leave-out-{'-'.join(names)}/{arm}-{seed}")
			print(f"leave-out: {arm}, seed {seed}", flush=True)
			model = load_averaged(train(run, settings, dataclasses.replace(changed, seed=seed), options.start))
			for name, crops in sets.items():
				score = logits(model, crops["crops"])
				scores[name].setdefault(arm, []).append(score)
				print(f"leave-out: {arm:8s} seed {seed} {name:14s} n {len(score):5d} AUC {auc(crops['label'], score):.4f}", flush=True)
	for name, crops in sets.items():
		for other in ("with", "none"):
			if other in scores[name]:
				before, after, gap, low, high = difference(crops, scores[name][other], scores[name]["without"])
				text = f"{other} {before:.4f} -> without {after:.4f}: {gap:+.4f} [{low:+.4f}, {high:+.4f}]"
				print(f"leave-out: {name:14s} n {len(crops['label']):5d} {text}", flush=True)


HELP = "train short runs with and without families or generators, and compare them"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("names", nargs="+", help="families (squeeze-lower ...) or generators of true fakes (AniTalker ...)")
	parser.add_argument("--seeds", nargs="+", type=int, default=[1], help="seeds, with a pair of runs each; use three before you conclude")
	training_arguments(parser, 20_000)


def run(work: Workspace, options: argparse.Namespace) -> None:
	leave_out(work, options)
