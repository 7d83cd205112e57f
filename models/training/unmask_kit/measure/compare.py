"""Compares two runs' scores on the same sets, and applies the rule that decides whether one replaces the other.

The rule says to publish if all three of these hold:
- The sum of the AUC on clips of unseen generators and the AUC on the dev set's crops is higher with its whole 95 % interval, and neither is lower by
  .02. Without collected clips: the AUC on the dev crops is higher.
- False alarms on the reals of sources held out of training are at most 3 % at the new threshold, which aims at 1 %. Each half of these reals is
  measured at the threshold that the other half sets.
- No held-out set shows a loss, which means a difference below -.02 with its whole 95 % interval. The dev set is not one of them: it decides nothing
  else.
"""

from __future__ import annotations

import argparse
import dataclasses

import numpy as np

from ..make.families import FAMILIES
from ..workspace import Workspace
from .calibrate import cross_fitted, rate
from .evaluate import Scores, read_scores, select
from .statistics import auc, resampled_aucs

UNSEEN, DEV = "unseen-clips", "dev-crops"
HELD_OUT = ("unseen-true: ffpp", "unseen-true: talking", *(f"pseudo: {family}" for family in FAMILIES))
SHOWN = (UNSEEN, DEV, "dev-crops: Face2Face", "dev-crops: GenD's", "dev-videos", "pseudo", *HELD_OUT)
MOST_ALARMS = 0.03
MOST_LOST = 0.02


@dataclasses.dataclass(frozen=True)
class Line:
	"""A set's AUCs for the old and the new model, and new - old in each draw of the bootstrap, with the same groups drawn for both."""

	set: str
	n: int
	old: float
	new: float
	drawn: np.ndarray

	@property
	def gain(self) -> tuple[float, float]:
		"""The 95 % interval of new - old."""
		return middle(self.drawn)


def middle(drawn: np.ndarray) -> tuple[float, float]:
	"""The interval that contains 95 % of the draws."""
	low, high = np.nanquantile(drawn, (0.025, 0.975))
	return float(low), float(high)


def same_items(old: Scores, new: Scores) -> None:
	"""Raises ValueError unless both score the same items in the same order."""
	if not all(np.array_equal(old[key], new[key]) for key in ("set", "name", "label", "group")):
		raise ValueError("the two runs were not evaluated on the same items: score both with the same work folder")


def compare(old: Scores, new: Scores, times: int = 1000) -> list[Line]:
	same_items(old, new)
	lines = []
	for name in SHOWN:
		of = select(old, name)
		if not of.any():
			continue
		label, group = old["label"][of], old["group"][of]
		drawn = [resampled_aucs(label, scores["logit"][of], group, times) for scores in (old, new)]
		lines.append(Line(name, int(of.sum()), auc(label, old["logit"][of]), auc(label, new["logit"][of]), drawn[1] - drawn[0]))
	return lines


def decide(lines: list[Line], alarms: float) -> list[tuple[str, bool]]:
	"""The rule's conditions, and whether each holds."""
	found = {line.set: line for line in lines}
	lost = [line for name in HELD_OUT if (line := found.get(name)) and line.gain[1] < -MOST_LOST]
	return [
		better(found[DEV], found.get(UNSEEN)),
		(f"false alarms on held-out sources {alarms:.2%}: at most {MOST_ALARMS:.0%}", alarms <= MOST_ALARMS),
		(f"held-out sets that lost more than {MOST_LOST} with their whole interval: {', '.join(line.set for line in lost) or 'none'}", not lost),
	]


def better(dev: Line, unseen: Line | None) -> tuple[str, bool]:
	"""Whether the dev crops and, if there are any, the clips of unseen generators have improved together."""
	if not unseen:
		return f"AUC of dev crops {dev.old:.4f} -> {dev.new:.4f}: higher", dev.new > dev.old
	low, high = middle(unseen.drawn + dev.drawn)
	worst = min(line.new - line.old for line in (dev, unseen))
	together = dev.new - dev.old + unseen.new - unseen.old
	text = f"AUC of unseen generators and of dev crops together {together:+.4f} [{low:+.4f}, {high:+.4f}]: above 0, neither below -{MOST_LOST}"
	return text, low > 0 and worst > -MOST_LOST


def report(old: Scores, new: Scores) -> bool:
	"""Prints the table and the decision; returns whether to publish the new one."""
	lines = compare(old, new)
	for line in lines:
		low, high = line.gain
		gap = f"{line.new - line.old:+.4f} [{low:+.4f}, {high:+.4f}]"
		print(f"compare: {line.set:28s} n {line.n:5d}  {line.old:.4f} -> {line.new:.4f}  difference {gap}")
	for name, scores in (("old", old), ("new", new)):
		print(f"compare: {name}: false alarms of the threshold, half against half: {rate(cross_fitted(scores), 'held-out stills')}")
	asked = decide(lines, float(cross_fitted(new).mean()))
	for text, fine in asked:
		print(f"compare: {'yes' if fine else 'NO '} {text}")
	publish = all(fine for _, fine in asked)
	print(f"compare: the rule says: {'publish' if publish else 'keep the old one'}")
	return publish


HELP = "compare a run's scores with another's, and say whether to publish it"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--old", default="shipped", help="run to compare with, evaluated in the same work folder")


def run(work: Workspace, options: argparse.Namespace) -> None:
	report(read_scores(work.of_run(options.old).scores), read_scores(work.scores))
