"""Does a sequence model say more about a clip than the mean of its frames' logits, even on material that it never saw?

Each plan of `train/sequence.py` is trained and compared with the mean on the same clips, with the interval of the difference by bootstrap over
pictures, identities or clips. Then the better LSTM is trained again, leaving out one kind of clip or one family at a time. The plan `frames`, which
sees no order, shows gains that have nothing to do with time. README.md, Time, has the results so far.
"""

from __future__ import annotations

import argparse
import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..make.clips import KINDS
from ..measure.statistics import auc, resampled_aucs
from ..train.sequence import PLANS, Clips, Settings, TimeHead, chosen, mean_logit, score, train_head, window, without
from ..workspace import Workspace
from .clips import load_clips, shuffled_in_time

HELP = "train sequence models over the frames of a clip and compare them with the mean of the frames (after `clips`)"
CONTROL = "frames"
NOTHING = "nothing"
LEFT_OUT = ("flicker", "drift", "jitter", "lips", "redrawn", "squeeze-lower")
"""Left out one at a time: each kind except `steady`, and two families with enough clips to be informative."""


@dataclass(frozen=True)
class Line:
	"""AUC of the mean and of the heads (mean over seeds) on a set, and the 95 % interval of heads - mean over the same groups. `left_out` is the
	kind or family that the heads were not trained on, or NOTHING."""

	left_out: str
	head: str
	set: str
	n: int
	mean: float
	auc: float
	gain: tuple[float, float]


def line(names: tuple[str, str, str], clips: Clips, scores: list[np.ndarray], times: int) -> Line:
	"""Makes and prints the line of (left out, head, set); `scores` has one array per seed."""
	label, group, plain = clips["label"], clips["group"], mean_logit(clips)
	gains = np.mean([resampled_aucs(label, one, group, times) for one in scores], 0) - resampled_aucs(label, plain, group, times)
	low, high = np.nanquantile(gains, (0.025, 0.975))
	each = [auc(label, one) for one in scores]
	found = Line(*names, len(label), auc(label, plain), float(np.mean(each)), (float(low), float(high)))
	print(
		f"time-head: without {found.left_out:13s} {found.head:16s} {found.set:24s} n {found.n:4d}  mean {found.mean:.4f}  head {found.auc:.4f} "
		f"({' '.join(f'{value:.3f}' for value in each)})  difference {found.auc - found.mean:+.4f} [{low:+.4f}, {high:+.4f}]",
		flush=True,
	)
	return found


def trials(folder: Path) -> dict[str, Clips]:
	"""The clips that heads are tested on; none shows a picture, person or generator that was trained on."""
	unseen, long, true = (load_clips(folder, name) for name in ("unseen", "long", "true-unseen"))
	out = {f"unseen: {kind}": chosen(unseen, unseen["kind"] == kind) for kind in KINDS}
	out |= {"unseen": unseen, "unseen, 1 frame": window(unseen, 0, 1), "unseen, 3 frames": window(unseen, 0, 3), "long, 40 frames": long}
	order = np.stack(list(shuffled_in_time(unseen)))
	mixed = {key: np.take_along_axis(unseen[key], order[..., None] if key == "emb" else order, 1) for key in ("emb", "logit")}
	out["unseen, frames shuffled"] = unseen | mixed
	for kind in ("ffpp", "talking"):
		out[f"true: {kind}"] = chosen(true, np.char.startswith(true["group"].astype(str), kind))
	return out | {"true": true, "dev videos": load_clips(folder, "dev-videos")}


def decide(lines: list[Line]) -> list[tuple[str, bool]]:
	"""The conditions, and whether each holds: better than the mean, with the whole interval, on each kind and family that was left out; not lower on
	held-out true fakes, nor on clips of one frame or forty."""
	whole = {one.set: one for one in lines if one.left_out == NOTHING}
	asked = [(f"without {one.left_out}: {one.auc - one.mean:+.4f}, interval above 0", one.gain[0] > 0) for one in lines if one.left_out != NOTHING]
	for name in ("true: ffpp", "true: talking", "unseen, 1 frame", "long, 40 frames"):
		if name in whole:
			gap = whole[name].auc - whole[name].mean
			asked.append((f"{name}: {gap:+.4f}, not below 0", gap >= 0))
	return asked


class Study:
	"""Heads over the clips of a workspace, one per plan, left-out name and seed."""

	def __init__(self, work: Workspace, seeds: list[int]) -> None:
		self.seeds, self.times, self.folder = seeds, 50 if work.small else 300, work.root / "time"
		self.settings = Settings(epochs=2) if work.small else Settings()
		self.train, self.true, self.check = (load_clips(work.clips, name) for name in ("train", "true-train", "check"))
		self.sets = trials(work.clips)
		self.folder.mkdir(parents=True, exist_ok=True)

	def heads(self, name: str, missing: str = NOTHING) -> tuple[list[TimeHead], float]:
		"""(the heads of a plan, the mean of their AUCs on the clips for early stopping)."""
		heads, areas = [], []
		for seed in self.seeds:
			settings = dataclasses.replace(self.settings, seed=seed)
			head, area, epoch = train_head(PLANS[name], settings, without(self.train, (missing,)), self.true, without(self.check, (missing,)))
			gate = float(head.gate.detach())
			print(f"time-head: {name} without {missing}, seed {seed}: check AUC {area:.4f} at epoch {epoch}, gate {gate:+.2f}", flush=True)
			torch.save(head.state_dict(), self.folder / f"{name}-without-{missing}-{seed}.pt")
			heads.append(head)
			areas.append(area)
		return heads, float(np.mean(areas))

	def line(self, names: tuple[str, str, str], heads: list[TimeHead], clips: Clips) -> Line:
		"""The line of these heads on these clips."""
		return line(names, clips, [score(head, clips) for head in heads], self.times)

	def run(self, left_out: list[str]) -> bool:
		"""Prints everything; returns whether a head is worth shipping."""
		made = {name: self.heads(name) for name in PLANS}
		best = max((name for name in PLANS if name != CONTROL), key=lambda name: made[name][1])
		lines = {name: [self.line((NOTHING, name, each), made[name][0], clips) for each, clips in self.sets.items()] for name in (best, CONTROL)}
		found = lines[best]
		for missing in left_out:
			of = self.sets["unseen"]
			of = chosen(of, (of["kind"] == missing) | (of["family"] == missing))
			if len(of["label"]):
				found.append(self.line((missing, best, f"unseen: {missing}"), self.heads(best, missing)[0], of))
			else:
				print(f"time-head: no clip of {missing} to test it on")
		asked = decide(found)
		for text, fine in asked:
			print(f"time-head: {'yes' if fine else 'NO '} {text}")
		fine = all(fine for _, fine in asked)
		print(f"time-head: {'worth shipping' if fine else 'the mean stays'}")
		return fine


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
	parser.add_argument("--names", nargs="*", default=list(LEFT_OUT), help="kinds and families to leave out in turn")


def run(work: Workspace, options: argparse.Namespace) -> None:
	Study(work, options.seeds[:1] if work.small else options.seeds).run(options.names)
