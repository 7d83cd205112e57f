"""The time head: what the frames of a clip say together beyond the mean of their logits; and whether it says anything on what was left out.

A clip's logit is the mean of its frames' logits plus a gated residual: a bidirectional LSTM over the frames' embeddings, pooled by attention. The
gate starts at 0, and the residual counts 1 - 1/T with T frames: a clip of one frame has exactly the mean's logit.

What it is compared with: the mean, on the same clips, with the interval of the difference by bootstrap over pictures, identities or clips; and
`frames`, the same head without any order (a layer for each frame instead of the LSTM), which shows what is not about time.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..make.clips import KINDS
from ..measure.calibrate import as_logit
from ..measure.statistics import auc, rate_interval, resampled_aucs
from ..train.sequence import PLANS, Columns, Settings, TimeHead, chosen, mean_logit, score, train_head, window, without
from ..workspace import MODELS, Workspace
from .clips import load_clips, shuffled_in_time

MOST_LOST = 0.0
"""How much lower than the mean the AUC of held-out true fakes, and of clips of one and of forty frames, may be (issue 6)."""


CONTROL = "frames"
NOTHING = "nothing"


# ---- clips as tensors ----


# ---- training ----


# ---- what is asked of it ----


@dataclass(frozen=True)
class Line:
	"""AUC of the mean and of the heads (mean over seeds; each seed's) on a set, and the 95 % interval of heads - mean over the same groups.
	`left_out` is the kind or family that they were not trained on, or NOTHING."""

	left_out: str
	head: str
	set: str
	n: int
	mean: float
	auc: float
	seeds: tuple[float, ...]
	gain: tuple[float, float]


def line(left_out: str, name: str, set_name: str, clips: Columns, scores: list[np.ndarray], times: int) -> Line:
	label, group, plain = clips["label"], clips["group"], mean_logit(clips)
	drawn = resampled_aucs(label, plain, group, times)
	gains = np.mean([resampled_aucs(label, one, group, times) for one in scores], 0) - drawn
	low, high = np.nanquantile(gains, (0.025, 0.975))
	each = tuple(auc(label, one) for one in scores)
	found = Line(left_out, name, set_name, len(label), auc(label, plain), float(np.mean(each)), each, (float(low), float(high)))
	print(
		f"time-head: without {left_out:13s} {name:16s} {set_name:24s} n {len(label):4d}  mean {found.mean:.4f}  head {found.auc:.4f} "
		f"({' '.join(f'{value:.3f}' for value in each)})  difference {found.auc - found.mean:+.4f} [{low:+.4f}, {high:+.4f}]",
		flush=True,
	)
	return found


def trials(work: Path) -> dict[str, Columns]:
	"""The clips that heads are tried on, none of them of a picture, person or generator that was trained on."""
	unseen, long, true = (load_clips(work, name) for name in ("unseen", "long", "true-unseen"))
	out = {f"unseen: {kind}": chosen(unseen, unseen["kind"] == kind) for kind in KINDS}
	out |= {"unseen": unseen, "unseen, 1 frame": window(unseen, 0, 1), "unseen, 3 frames": window(unseen, 0, 3), "long, 40 frames": long}
	order = np.stack(list(shuffled_in_time(unseen)))
	mixed = {key: np.take_along_axis(unseen[key], order[..., None] if key == "emb" else order, 1) for key in ("emb", "logit")}
	out["unseen, frames shuffled"] = unseen | mixed
	for kind in ("ffpp", "talking"):
		out[f"true: {kind}"] = chosen(true, np.char.startswith(true["group"].astype(str), kind))
	return out | {"true": true, "dev videos": load_clips(work, "dev-videos")}


def alarms(sets: dict[str, Columns], heads: list[TimeHead], limit: float) -> None:
	"""Prints how many real clips are above the limit of videos by the mean, and by each seed's head."""
	for name in ("unseen", "long, 40 frames", "true", "dev videos"):
		real = chosen(sets[name], sets[name]["label"] == 0)
		hits = [int((one > limit).sum()) for one in (mean_logit(real), *(score(head, real) for head in heads))]
		fakes = chosen(sets[name], sets[name]["label"] == 1)
		caught = [int((one > limit).sum()) for one in (mean_logit(fakes), *(score(head, fakes) for head in heads))]
		low, high = rate_interval(hits[0], len(real["label"]))
		print(
			f"time-head: {name}: real clips above {limit:.2f}: mean {hits[0]} of {len(real['label'])} [{low:.1%}, {high:.1%}], heads {hits[1:]}; "
			f"fake ones: mean {caught[0]} of {len(fakes['label'])}, heads {caught[1:]}"
		)


def decide(lines: list[Line]) -> list[tuple[str, bool]]:
	"""What the issue asks, and whether it is so: better than the mean, with the whole interval, on each kind and family that was left out; not
	lower on held-out true fakes, nor on clips of one frame or forty."""
	left = [one for one in lines if one.left_out != NOTHING]
	whole = {one.set: one for one in lines if one.left_out == NOTHING}
	asked = [(f"without {one.left_out}: {one.auc - one.mean:+.4f}, interval above 0", one.gain[0] > 0) for one in left]
	for name in ("true: ffpp", "true: talking", "unseen, 1 frame", "long, 40 frames"):
		if name in whole:
			gap = whole[name].auc - whole[name].mean
			asked.append((f"{name}: {gap:+.4f}, not below 0", gap >= -MOST_LOST))
	return asked


def limit_of(models: Path, name: str) -> float:
	"""The logit above which a video is called likely fake."""
	entry = next(file for file in json.loads((models / "manifest.json").read_text())["files"] if file["id"] == name)
	return as_logit(entry["calibration"]["video"]["likelyFakeAbove"], entry["calibration"])


def time_head(work: Path, limit: float, seeds: tuple[int, ...], left_out: tuple[str, ...], small: bool) -> bool:
	"""Trains every plan, compares each with the mean, then the better LSTM (by the AUC on `check`) without each of `left_out`; prints whether
	one is worth shipping. Heads go to WORK/time, the table to WORK/time/lines.csv."""
	settings = dataclasses.replace(Settings(), epochs=2) if small else Settings()
	times = 50 if small else 300
	train, true, check = (load_clips(work, name) for name in ("train", "true-train", "check"))
	sets, folder = trials(work), work / "time"
	folder.mkdir(parents=True, exist_ok=True)
	print(f"time-head: {len(train['label']) // 2} pairs of clips and {len(true['label'])} true ones to train on, {len(check['label']) // 2} to check")

	def heads_of(name: str, missing: tuple[str, ...]) -> tuple[list[TimeHead], float]:
		heads, areas = [], []
		for seed in seeds:
			head, area, epoch = train_head(PLANS[name], settings, without(train, missing), true, without(check, missing), seed)
			gate = float(head.gate.detach())
			trained = f"without {', '.join(missing) or NOTHING}"
			print(f"time-head: {name} {trained}, seed {seed}: check AUC {area:.4f} at epoch {epoch}, gate {gate:+.2f}", flush=True)
			torch.save(head.state_dict(), folder / f"{name}{''.join('-' + one for one in missing)}-{seed}.pt")
			heads.append(head)
			areas.append(area)
		return heads, float(np.mean(areas))

	made = {name: heads_of(name, ()) for name in PLANS}
	best = max((name for name in PLANS if name != CONTROL), key=lambda name: made[name][1])
	print(f"time-head: check AUC of the mean {auc(check['label'], mean_logit(check)):.4f}; the better of the LSTMs there: {best}")
	every = [
		line(NOTHING, name, set_name, clips, [score(head, clips) for head in made[name][0]], times)
		for name in (best, CONTROL)
		for set_name, clips in sets.items()
	]
	alarms(sets, made[best][0], limit)
	judged = [one for one in every if one.head == best]
	for missing in left_out:
		of = sets["unseen"]
		of = chosen(of, (of["kind"] == missing) | (of["family"] == missing))
		if not len(of["label"]):
			print(f"time-head: no clip of {missing} to try it on")
			continue
		found = line(missing, best, f"unseen: {missing}", of, [score(head, of) for head in heads_of(best, (missing,))[0]], times)
		every.append(found)
		judged.append(found)
	with (folder / "lines.csv").open("w", newline="") as file:
		writer = csv.writer(file, lineterminator="\n")
		writer.writerow([*(field.name for field in dataclasses.fields(Line)[:-1]), "low", "high"])
		writer.writerows([*dataclasses.astuple(one)[:-2], " ".join(f"{v:.4f}" for v in one.seeds), *one.gain] for one in every)
	asked = decide(judged)
	for text, fine in asked:
		print(f"time-head: {'yes' if fine else 'NO '} {text}")
	fine = all(fine for _, fine in asked)
	print(f"time-head: {'worth shipping' if fine else 'the mean stays'}")
	return fine


LEFT_OUT = ("flicker", "drift", "jitter", "lips", "redrawn", "squeeze-lower")
"""What is left out in turn: each kind but `steady`, and two families with enough clips to say something."""


HELP = "trains heads over the frames of a clip and compares them with the mean of the frames (after `clips`)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
	parser.add_argument("--names", nargs="*", default=list(LEFT_OUT), help="kinds and families to leave out in turn")


def run(work: Workspace, options: argparse.Namespace) -> None:
	seeds = options.seeds[:1] if work.small else options.seeds
	time_head(work.root, limit_of(MODELS, work.name), tuple(seeds), tuple(options.names), work.small)
