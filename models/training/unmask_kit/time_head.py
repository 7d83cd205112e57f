"""The time head: what the frames of a clip say together beyond the mean of their logits; and whether it says anything on what was left out.

A clip's logit is the mean of its frames' logits plus a gated residual: a bidirectional LSTM over the frames' embeddings, pooled by attention. The
gate starts at 0, and the residual counts 1 - 1/T with T frames: a clip of one frame has exactly the mean's logit.

What it is compared with: the mean, on the same clips, with the interval of the difference by bootstrap over pictures, identities or clips; and
`frames`, the same head without any order (a layer for each frame instead of the LSTM), which shows what is not about time.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .calibrate import as_logit
from .clips import KINDS, Columns, load_clips, shuffled_in_time
from .statistics import auc, rate_interval, resampled_aucs

WIDTH, EACH_WAY = 64, 32
"""Channels that a frame is brought down to, and of the LSTM in each direction: few, as there are a few hundred pictures to learn from."""
MOST_LOST = 0.0
"""How much lower than the mean the AUC of held-out true fakes, and of clips of one and of forty frames, may be (issue 6)."""


@dataclass(frozen=True)
class Plan:
	"""A kind of head: whether it sees the order of the frames, and each frame's difference to the one before."""

	order: bool
	differences: bool


PLANS = {"lstm": Plan(True, False), "lstm-differences": Plan(True, True), "frames": Plan(False, False)}
CONTROL = "frames"
NOTHING = "nothing"


@dataclass(frozen=True)
class Settings:
	"""How a head is trained. Stops when the AUC of the `check` clips has not risen for `patience` epochs."""

	epochs: int = 8
	patience: int = 3
	pairs: int = 48
	true_clips: int = 12
	"""In each batch beside the pairs, half of them real."""
	rate: float = 2e-3
	gate_rate: float = 1.5e-2
	decay: float = 1e-2
	dropout: float = 0.3


class TimeHead(nn.Module):
	"""emb float32 [N, T, D], logit [N, T], length [N] (frames that count) -> the clips' logits [N]."""

	def __init__(self, plan: Plan, mean: Tensor, deviation: Tensor, dropout: float = 0.0) -> None:
		super().__init__()
		self.plan, features = plan, len(mean)
		self.register_buffer("mean", mean)
		self.register_buffer("deviation", deviation)
		self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(features * (2 if plan.differences else 1), WIDTH), nn.SiLU(), nn.Dropout(dropout))
		self.lstm = nn.LSTM(WIDTH, EACH_WAY, batch_first=True, bidirectional=True) if plan.order else None
		self.alone = None if plan.order else nn.Sequential(nn.Linear(WIDTH, 2 * EACH_WAY), nn.Tanh())
		self.attention, self.out = nn.Linear(2 * EACH_WAY, 1), nn.Linear(2 * EACH_WAY, 1)
		self.gate = nn.Parameter(torch.zeros(()))

	def forward(self, emb: Tensor, logit: Tensor, length: Tensor) -> Tensor:
		inside = torch.arange(logit.shape[1])[None] < length[:, None]
		mean = (logit * inside).sum(1) / length
		z = ((emb - self.mean) / self.deviation).clamp(-8, 8)
		if self.plan.differences:
			z = torch.cat([z, z - torch.cat([z[:, :1], z[:, :-1]], 1)], -1)
		x = self.project(z)
		if self.lstm is not None:
			packed = nn.utils.rnn.pack_padded_sequence(x, length, batch_first=True, enforce_sorted=False)
			x, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=logit.shape[1])
		else:
			x = self.alone(x)
		weight = self.attention(x)[..., 0].masked_fill(~inside, -torch.inf).softmax(1)
		residual = self.out((weight[..., None] * x).sum(1))[:, 0]
		return mean + self.gate * (1 - 1 / length) * residual


# ---- clips as tensors ----


def chosen(clips: Columns, rows: np.ndarray) -> Columns:
	return {key: value[rows] for key, value in clips.items()}


def window(clips: Columns, first: int, length: int) -> Columns:
	"""At most `length` frames of each clip from frame `first` on; clips are that long."""
	emb, logit = (clips[key][:, first : first + length] for key in ("emb", "logit"))
	return clips | {"emb": emb, "logit": logit, "length": np.minimum(clips["length"] - first, length)}


def tensors(clips: Columns) -> tuple[Tensor, Tensor, Tensor]:
	return torch.from_numpy(clips["emb"].astype(np.float32)), torch.from_numpy(clips["logit"]), torch.from_numpy(clips["length"])


def mean_logit(clips: Columns) -> np.ndarray:
	"""What is served without a head: [n]."""
	inside = np.arange(clips["logit"].shape[1]) < clips["length"][:, None]
	return (clips["logit"] * inside).sum(1) / clips["length"]


def score(head: TimeHead, clips: Columns) -> np.ndarray:
	"""Logits [n] of the clips."""
	head.eval()
	with torch.inference_mode():
		parts = [head(*tensors(chosen(clips, np.arange(s, min(s + 64, len(clips["label"])))))) for s in range(0, len(clips["label"]), 64)]
	return torch.cat(parts).numpy()


def without(clips: Columns, left_out: tuple[str, ...]) -> Columns:
	"""Clips of none of these kinds and families; a pair goes as a whole."""
	return chosen(clips, ~np.isin(clips["kind"], left_out) & ~np.isin(clips["family"], left_out))


# ---- training ----


def draw_true(rng: np.random.Generator, true: Columns, count: int) -> list[int]:
	"""Rows of true fakes and of reals of their kind, half each, both kinds (Face2Face, talking heads) as often."""
	kinds = np.char.partition(true["group"].astype(str), ":")[:, 0]
	rows = []
	for n in range(count):
		of = np.where((true["label"] == n % 2) & (kinds == np.unique(kinds)[n // 2 % len(np.unique(kinds))]))[0]
		rows.append(int(rng.choice(of)))
	return rows


def batch(rng: np.random.Generator, parts: list[tuple[Columns, list[int]]], longest: int) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
	"""Rows of several sets as one batch, each clip a run of frames of random length, the same for the two of a pair; and its labels."""
	count = sum(len(rows) for _, rows in parts)
	emb, logit = np.zeros((count, longest, parts[0][0]["emb"].shape[2]), np.float32), np.zeros((count, longest), np.float32)
	lengths, labels = np.ones(count, np.int64), np.zeros(count, np.float32)
	n = 0
	for clips, rows in parts:
		for k, row in enumerate(rows):
			if k % 2 == 0:
				whole = int(min(clips["length"][row], longest))
				length = whole if whole < 3 or rng.random() < 0.4 else int(rng.integers(2, whole))
				first = int(rng.integers(0, whole - length + 1))
			taken = min(length, int(clips["length"][row]))
			start = min(first, int(clips["length"][row]) - taken)
			emb[n, :taken], logit[n, :taken] = (clips[key][row, start : start + taken] for key in ("emb", "logit"))
			lengths[n], labels[n] = taken, clips["label"][row]
			n += 1
	return (torch.from_numpy(emb), torch.from_numpy(logit), torch.from_numpy(lengths)), torch.from_numpy(labels)


def train_head(plan: Plan, settings: Settings, train: Columns, true: Columns, check: Columns, seed: int) -> tuple[TimeHead, float, int]:
	"""(the head as it was after the epoch that ranked `check` best, its AUC there, that epoch). Ranking, not the loss: that only says how far the
	mean's scale is off on the true fakes, which the classifier was trained on."""
	torch.manual_seed(seed)
	rng = np.random.default_rng(seed)
	frames = train["emb"][np.arange(train["emb"].shape[1])[None] < train["length"][:, None]].astype(np.float32)
	head = TimeHead(plan, torch.from_numpy(frames.mean(0)), torch.from_numpy(frames.std(0) + 1e-3), settings.dropout)
	gate = [head.gate]
	others = [p for p in head.parameters() if p is not head.gate]
	groups = [{"params": others, "weight_decay": settings.decay}, {"params": gate, "lr": settings.gate_rate, "weight_decay": 0.0}]
	optimiser = torch.optim.AdamW(groups, settings.rate)
	pairs = len(train["label"]) // 2
	best: tuple[float, int, dict[str, Tensor]] = (-1.0, 0, {})
	for epoch in range(1, settings.epochs + 1):
		head.train()
		order = rng.permutation(pairs)
		for start in range(0, max(1, pairs - settings.pairs + 1), settings.pairs):
			rows = [row for pair in order[start : start + settings.pairs] for row in (2 * int(pair), 2 * int(pair) + 1)]
			inputs, label = batch(rng, [(train, rows), (true, draw_true(rng, true, settings.true_clips))], train["emb"].shape[1])
			loss = F.binary_cross_entropy_with_logits(head(*inputs), label)
			optimiser.zero_grad(set_to_none=True)
			loss.backward()
			nn.utils.clip_grad_norm_(head.parameters(), 1.0)
			optimiser.step()
		found = auc(check["label"], score(head, check))
		if found > best[0]:
			best = (found, epoch, {key: value.clone() for key, value in head.state_dict().items()})
		elif epoch - best[1] >= settings.patience:
			break
	head.load_state_dict(best[2])
	return head.eval(), best[0], best[1]


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
