"""Redraws faces with small auto-encoders that are trained here, on the real faces themselves.

Puppets, lip-sync and face swaps come from a decoder. What decoders have in common (upsampling texture, smooth skin, lost pores, teeth and hairs) is
in no blend of two photographs. Three auto-encoders with different upsampling, depth and width leave different traces. The one in `HELD_OUT` is never
trained on and makes the fakes for evaluation. arXiv 2410.11835 has evidence that reconstructions teach the traces of generators (with the
auto-encoder of latent diffusion); the networks are our own, but for TAEF2 (`taef2.py`), if WORK/autoencoders.pt has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .families import Face, Rng, inside_square
from .taef2 import Taef2

FILE = "autoencoders.pt"


@dataclass(frozen=True)
class Plan:
	"""An auto-encoder: how it doubles the side, how often the side is halved, channels of the first level, channels of the code.

	Four halvings were tried and left nothing of a face after four minutes of training, which is too easy to detect.
	"""

	up: str
	halvings: int
	width: int
	code: int


PLANS: dict[str, Plan] = {
	"transposed": Plan("transposed", 3, 16, 16),
	"nearest": Plan("nearest", 2, 24, 6),
	"shuffled": Plan("shuffle", 3, 16, 12),
}
HELD_OUT = "shuffled"
"""The auto-encoder that makes fakes for evaluation only."""
DIFFUSION = "taef2"
"""The auto-encoder of a diffusion family, whose weights come from elsewhere."""
REGION = 128
"""Side in px of the face regions in training; the networks take any multiple of 8."""
PATCH = 64
"""Side in px of the piece of a region that a training step sees: the codes are local, and it is four times cheaper."""


class Up(nn.Module):
	"""Doubles the side: [N, in, s, s] -> [N, out, 2 s, 2 s]."""

	def __init__(self, kind: str, inputs: int, outputs: int) -> None:
		super().__init__()
		self.kind = kind
		if kind == "transposed":
			self.conv = nn.ConvTranspose2d(inputs, outputs, 4, 2, 1)
		else:
			self.conv = nn.Conv2d(inputs, outputs * (4 if kind == "shuffle" else 1), 3, padding=1)

	def forward(self, x: Tensor) -> Tensor:
		if self.kind == "shuffle":
			return F.pixel_shuffle(self.conv(x), 2)
		if self.kind == "transposed":
			return self.conv(x)
		return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


class Residual(nn.Module):
	def __init__(self, channels: int) -> None:
		super().__init__()
		self.first, self.second = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))

	def forward(self, x: Tensor) -> Tensor:
		return x + self.second(F.silu(self.first(F.silu(x))))


class Autoencoder(nn.Module):
	"""Pictures [N, 3, S, S] RGB 0..1, S a multiple of 8 -> code [N, code, S / 2^halvings, ...] -> the redrawn picture.

	Residual layers are used only where the side is a quarter or less: the full side costs most and needs them least.
	"""

	def __init__(self, plan: Plan) -> None:
		super().__init__()
		widths = [min(plan.width * 2**i, 96) for i in range(plan.halvings)]
		down: list[nn.Module] = []
		inputs = 3
		for level, width in enumerate(widths):
			down += [nn.Conv2d(inputs, width, 4, 2, 1), *([Residual(width)] if level else []), nn.SiLU()]
			inputs = width
		self.encoder = nn.Sequential(*down, nn.Conv2d(inputs, plan.code, 3, padding=1))
		up: list[nn.Module] = [nn.Conv2d(plan.code, inputs, 3, padding=1)]
		for level in reversed(range(len(widths))):
			up += [*([Residual(inputs)] if level else []), nn.SiLU(), Up(plan.up, inputs, widths[max(0, level - 1)])]
			inputs = widths[max(0, level - 1)]
		self.decoder = nn.Sequential(*up, nn.SiLU(), nn.Conv2d(inputs, 3, 3, padding=1))

	def encode(self, pictures: Tensor) -> Tensor:
		return self.encoder(pictures * 2 - 1)

	def decode(self, code: Tensor) -> Tensor:
		return self.decoder(code) * 0.5 + 0.5

	def forward(self, pictures: Tensor) -> Tensor:
		return self.decode(self.encode(pictures))


def region(rng: Rng, face: Face, wide: bool) -> np.ndarray:
	"""The square float32 [4] of the canvas that is redrawn: around the face or, if `wide`, everything that a crop of it shows."""
	side = face.side * (rng.uniform(1.9, 2.2) if wide else rng.uniform(1.25, 1.8))
	centre = (face.box[:2] + face.box[2:]) / 2 + rng.normal(0, 0.02, 2) * face.side
	return np.concatenate([centre - side / 2, centre + side / 2]).astype(np.float32)


def cut(rgb: np.ndarray, square: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
	"""(the square at `side` px, the affine map [2, 3] from the canvas to it)."""
	scale = side / (square[2] - square[0])
	matrix = np.array([[scale, 0, -square[0] * scale], [0, scale, -square[1] * scale]], np.float32)
	soft = cv2.GaussianBlur(rgb, (0, 0), 0.4 / scale) if scale < 0.9 else rgb
	return cv2.warpAffine(soft, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101), matrix


class Redrawer:
	"""Redraws faces on a canvas with one of the auto-encoders of WORK/autoencoders.pt; `unseen` uses the held-out one."""

	def __init__(self, root: Path, unseen: bool = False) -> None:
		path = root / FILE
		if not path.exists():
			raise FileNotFoundError(f"{path}: run `python -m unmask_kit autoencoders` first, or leave the family out: --left-out redrawn")
		self.models = []
		for name, state in torch.load(path, map_location="cpu", weights_only=True).items():
			if (name == HELD_OUT) == unseen:
				model = Taef2() if name == DIFFUSION else Autoencoder(PLANS[name])
				model.load_state_dict(state)
				self.models.append(model.eval())

	def __call__(self, rng: Rng, face: Face, wide: bool = False) -> Face:
		"""The face with its region redrawn; its `box` is that region, and the canvas outside is unchanged."""
		square = region(rng, face, wide)
		length = float(square[2] - square[0])
		side = int(np.clip(round(length * rng.uniform(0.55, 1.0) / 16), 5, 14)) * 16
		small, matrix = cut(face.rgb, square, side)
		model = self.models[int(rng.integers(len(self.models)))]
		with torch.inference_mode():
			code = model.encode(torch.from_numpy(small).permute(2, 0, 1)[None].float() / 255)
			if rng.random() < 0.4:
				noise = torch.from_numpy(rng.standard_normal(code.shape, np.float32))
				code = code + noise * code.std() * float(rng.uniform(0.02, 0.15))
			drawn = model.decode(code)[0].clamp(0, 1)
		picture = (drawn.permute(1, 2, 0).numpy() * 255 + 0.5).astype(np.uint8)
		size = face.rgb.shape[1::-1]
		kernel = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
		back = cv2.warpAffine(picture, matrix, size, flags=kernel | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REFLECT_101)
		inside = inside_square(face.rgb.shape[:2], square, 0.03)[..., None]
		mixed = face.rgb * (1 - inside) + back * inside
		return replace(face, rgb=np.where(inside > 0, np.clip(mixed + 0.5, 0, 255).astype(np.uint8), face.rgb), box=square)


# ---- training ----
