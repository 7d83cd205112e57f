"""The sequence model: information in the frames of a clip beyond the mean of their logits.

A clip's logit is the mean of its frames' logits plus a gated residual: a bidirectional LSTM over the frames' embeddings, pooled by attention. The
gate starts at 0, and the residual is weighted by 1 - 1/T for T frames, so that a clip of one frame has exactly the mean's logit. The plan `frames` is
the control: the same head without any order (a layer for each frame instead of the LSTM).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional as F

Clips = dict[str, np.ndarray]
"""A row per clip: emb float16 [n, T, D], logit float32 [n, T] (0 after the end), length, label, and kind, family, group, source (strings)."""
WIDTH, EACH_WAY = 64, 32
"""Channels that a frame is projected to, and of the LSTM in each direction; few, because there are only a few hundred pictures to train on."""


@dataclass(frozen=True)
class Plan:
	"""A kind of head: whether it sees the order of the frames, and whether it sees each frame's difference to the one before."""

	order: bool
	differences: bool


PLANS = {"lstm": Plan(True, False), "lstm-differences": Plan(True, True), "frames": Plan(False, False)}


@dataclass(frozen=True)
class Settings:
	"""How a head is trained. Training stops when the AUC of the `check` clips has not risen for `patience` epochs."""

	epochs: int = 8
	patience: int = 3
	pairs: int = 48
	true_clips: int = 12
	"""Number of true clips in each batch beside the pairs; half of them are real."""
	rate: float = 2e-3
	gate_rate: float = 1.5e-2
	decay: float = 1e-2
	dropout: float = 0.3
	seed: int = 1


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


def chosen(clips: Clips, rows: np.ndarray) -> Clips:
	return {key: value[rows] for key, value in clips.items()}


def window(clips: Clips, first: int, length: int) -> Clips:
	"""At most `length` frames of each clip, starting at frame `first`; every clip has that many."""
	emb, logit = (clips[key][:, first : first + length] for key in ("emb", "logit"))
	return clips | {"emb": emb, "logit": logit, "length": np.minimum(clips["length"] - first, length)}


def tensors(clips: Clips) -> tuple[Tensor, Tensor, Tensor]:
	return torch.from_numpy(clips["emb"].astype(np.float32)), torch.from_numpy(clips["logit"]), torch.from_numpy(clips["length"])


def mean_logit(clips: Clips) -> np.ndarray:
	"""The logits [n] without a head: the mean over frames."""
	inside = np.arange(clips["logit"].shape[1]) < clips["length"][:, None]
	return (clips["logit"] * inside).sum(1) / clips["length"]


def score(head: TimeHead, clips: Clips) -> np.ndarray:
	"""Logits [n] of the clips."""
	head.eval()
	with torch.inference_mode():
		parts = [head(*tensors(chosen(clips, np.arange(s, min(s + 64, len(clips["label"])))))) for s in range(0, len(clips["label"]), 64)]
	return torch.cat(parts).numpy()


def without(clips: Clips, left_out: tuple[str, ...]) -> Clips:
	"""The clips without these kinds and families; pairs are removed as a whole."""
	return chosen(clips, ~np.isin(clips["kind"], left_out) & ~np.isin(clips["family"], left_out))


def draw_true(rng: np.random.Generator, true: Clips, count: int) -> list[int]:
	"""Rows of true fakes and of reals of their kind, half each, with both kinds (Face2Face, talking heads) equally often."""
	kinds = np.char.partition(true["group"].astype(str), ":")[:, 0]
	rows = []
	for n in range(count):
		of = np.where((true["label"] == n % 2) & (kinds == np.unique(kinds)[n // 2 % len(np.unique(kinds))]))[0]
		rows.append(int(rng.choice(of)))
	return rows


def batch(rng: np.random.Generator, parts: list[tuple[Clips, list[int]]], longest: int) -> tuple[tuple[Tensor, Tensor, Tensor], Tensor]:
	"""Rows of several sets as one batch with its labels. Each clip is a run of frames of random length, the same for both clips of a pair."""
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


def train_head(plan: Plan, settings: Settings, train: Clips, true: Clips, check: Clips) -> tuple[TimeHead, float, int]:
	"""(the head after the epoch that ranked `check` best, its AUC there, that epoch). The criterion is ranking and not the loss, because the loss
	mostly shows how far the mean's scale is off on the true fakes, which the classifier was trained on."""
	torch.manual_seed(settings.seed)
	rng = np.random.default_rng(settings.seed)
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
		found = float(roc_auc_score(check["label"], score(head, check)))
		if found > best[0]:
			best = (found, epoch, {key: value.clone() for key, value in head.state_dict().items()})
		elif epoch - best[1] >= settings.patience:
			break
	head.load_state_dict(best[2])
	return head.eval(), best[0], best[1]
