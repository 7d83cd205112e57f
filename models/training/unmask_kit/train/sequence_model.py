"""The sequence model as the program runs it: it reads the frames of a person together, and adds a residual to each frame's logit and to the mean.

The residual is gated. With the gate at 0, every frame keeps exactly its logit and the video its mean. A single frame always keeps its logit.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .sequence import EACH_WAY, WIDTH, TimeHead

LONGEST_GAP_S = 3600.0
"""Longer gaps are clipped to this."""


class SequenceModel(nn.Module):
	"""emb float32 [N, T, D], frame_logit [N, T], time_s [N, T] -> frame_logit' [N, T], video_logit [N]."""

	def __init__(self, mean: Tensor, deviation: Tensor, width: int = WIDTH, each_way: int = EACH_WAY) -> None:
		super().__init__()
		self.register_buffer("mean", mean)
		self.register_buffer("deviation", deviation)
		self.project = nn.Linear(len(mean), width)
		self.pace = nn.Linear(1, width, bias=False)
		nn.init.zeros_(self.pace.weight)
		self.lstm = nn.LSTM(width, each_way, batch_first=True, bidirectional=True)
		self.attention, self.out = nn.Linear(2 * each_way, 1), nn.Linear(2 * each_way, 1)
		self.gate = nn.Parameter(torch.zeros(()))

	def forward(self, emb: Tensor, frame_logit: Tensor, time_s: Tensor) -> tuple[Tensor, Tensor]:
		z = ((emb - self.mean) / self.deviation).clamp(-8, 8)
		gap = torch.cat([torch.zeros_like(time_s[:, :1]), time_s[:, 1:] - time_s[:, :-1]], 1)
		pace = torch.log(1 + gap.clamp(0, LONGEST_GAP_S))
		x, _ = self.lstm(nn.functional.silu(self.project(z) + self.pace(pace[..., None])))
		weight, residual = self.attention(x)[..., 0].softmax(1), self.out(x)[..., 0]
		gate = self.gate * (1 - 1 / torch.ones_like(frame_logit).sum(1))
		return frame_logit + gate[:, None] * residual, frame_logit.mean(1) + gate * (weight * residual).sum(1)


def sequence_model(head: TimeHead) -> SequenceModel:
	"""Converts a trained TimeHead: the same logit per clip, and each frame's share of it. Raises ValueError for a head without an LSTM over the
	embeddings themselves."""
	if head.lstm is None or head.plan.differences:
		raise ValueError("only a head with the plan 'lstm' can be served")
	linear = next(layer for layer in head.project if isinstance(layer, nn.Linear))
	model = SequenceModel(head.mean, head.deviation, linear.out_features, head.lstm.hidden_size)
	for name, part in (("project", linear), ("lstm", head.lstm), ("attention", head.attention), ("out", head.out)):
		getattr(model, name).load_state_dict(part.state_dict())
	model.gate.data.copy_(head.gate.data)
	return model.eval()
