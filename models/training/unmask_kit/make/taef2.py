"""TAEF2, a small auto-encoder of the latent space of FLUX.2, from its weights in the public repository madebyollin/taesd (MIT).

What a diffusion model draws comes from the decoder of its latent space. This one imitates the decoder of such a family, at a hundredth of the cost:
a genuine face goes through it and keeps its place, and with it the labels of every pixel. The order of the layers is that of the weights.
"""

from __future__ import annotations

import io
from pathlib import Path

import torch
from torch import Tensor, nn

from ..data.repositories import git

FILES = {"encoder": "8d738aba02f7ba9d156712489322dc5c43d5db1c", "decoder": "f4da1ec48cb805b5ee8deb22cfad03f48fe52f64"}
"""The git blobs `taef2_encoder.pth` and `taef2_decoder.pth`."""
WIDTH, CODE = 64, 32
"""Channels of every layer, and of the code, which has an eighth of the side."""


def convolution(inputs: int, outputs: int, stride: int = 1, bias: bool = True) -> nn.Conv2d:
	return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=bias)


class Block(nn.Module):
	"""Three convolutions around which the input is added; where the side is smallest, means over groups of channels come first (`pool`)."""

	def __init__(self, pooled: bool = False) -> None:
		super().__init__()
		layers = [convolution(WIDTH, WIDTH) for _ in range(3)]
		self.conv = nn.Sequential(layers[0], nn.ReLU(), layers[1], nn.ReLU(), layers[2])
		wide = 4 * WIDTH
		ends = (nn.Conv2d(WIDTH, wide, 1, bias=False), nn.Conv2d(wide, WIDTH, 1, bias=False))
		self.pool = nn.Sequential(ends[0], nn.GroupNorm(4, wide), nn.ReLU(), ends[1]) if pooled else None

	def forward(self, x: Tensor) -> Tensor:
		if self.pool is not None:
			x = x + self.pool(x)
		return torch.relu(self.conv(x) + x)


class Limit(nn.Module):
	"""Keeps a code within -3..3."""

	def forward(self, x: Tensor) -> Tensor:
		return torch.tanh(x / 3) * 3


class Taef2(nn.Module):
	"""Pictures [N, 3, S, S] RGB 0..1, S a multiple of 8 -> code [N, 32, S / 8, S / 8] -> the redrawn picture; like `redraw.Autoencoder`."""

	def __init__(self) -> None:
		super().__init__()
		down: list[nn.Module] = [convolution(3, WIDTH), Block()]
		for pooled in (False, False, True):
			down += [convolution(WIDTH, WIDTH, 2, bias=False), *(Block(pooled) for _ in range(3))]
		self.encoder = nn.Sequential(*down, convolution(WIDTH, CODE))
		up: list[nn.Module] = [Limit(), convolution(CODE, WIDTH), nn.ReLU()]
		for pooled in (True, False, False):
			up += [*(Block(pooled) for _ in range(3)), nn.Upsample(scale_factor=2), convolution(WIDTH, WIDTH, bias=False)]
		self.decoder = nn.Sequential(*up, Block(), convolution(WIDTH, 3))

	def encode(self, pictures: Tensor) -> Tensor:
		return self.encoder(pictures)

	def decode(self, code: Tensor) -> Tensor:
		return self.decoder(code)

	def forward(self, pictures: Tensor) -> Tensor:
		return self.decode(self.encode(pictures))


def read_taef2(clone: Path) -> dict[str, Tensor]:
	"""The weights from a clone of madebyollin/taesd, bare or not; raises if its files are not the two blobs of FILES."""
	folder = clone / ".git" if (clone / ".git").exists() else clone
	state = {}
	for half, blob in FILES.items():
		data = git(folder, "cat-file", "blob", blob)
		if data is None:
			raise SystemExit(f"autoencoders: {clone} has no taef2_{half}.pth (blob {blob})")
		weights = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
		state |= {f"{half}.{name}": value.float() for name, value in weights.items()}
	Taef2().load_state_dict(state)
	return state
