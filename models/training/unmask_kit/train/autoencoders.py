"""Trains the auto-encoders that redraw faces (`make/redraw.py`) on the real faces of the training split."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ..data.packed import Faces
from ..make.generate import Generator, Recipe, put_on_canvas
from ..make.redraw import DIFFUSION, FILE, PATCH, PLANS, REGION, Autoencoder, Plan, cut, region
from ..make.taef2 import read_taef2
from ..workspace import Workspace


def pictures(root: Path, count: int, seed: int) -> Tensor:
	"""uint8 [count, 3, 128, 128]: regions of training reals, cut from their canvases."""
	generator, rng = Generator(root, Recipe(seed=seed, left_out=("redrawn",))), np.random.default_rng((seed, 99))
	faces: Faces = generator.faces
	out = []
	for _ in range(count):
		face = put_on_canvas(rng, faces, generator.pick_real(rng))
		out.append(cut(face.rgb, region(rng, face, rng.random() < 0.3), REGION)[0])
	return torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2).contiguous()


def apart(a: Tensor, b: Tensor) -> Tensor:
	"""Mean absolute difference of pixels, plus three times that of their high-pass filtered versions, so that details count more than light."""

	def details(x: Tensor) -> Tensor:
		return x - F.avg_pool2d(x, 5, 1, 2)

	return F.l1_loss(a, b) + 3 * F.l1_loss(details(a), details(b))


def patch_critic() -> nn.Module:
	"""Scores whether each patch of about 22 px is a photograph; [N, 3, S, S] -> [N, 1, S / 8, S / 8]."""
	layers: list[nn.Module] = []
	for inputs, outputs in ((3, 24), (24, 48), (48, 96)):
		layers += [nn.utils.parametrizations.spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
	return nn.Sequential(*layers, nn.Conv2d(96, 1, 3, padding=1))


def train_autoencoder(plan: Plan, data: Tensor, minutes: float, steps: int, seed: int) -> Autoencoder:
	"""Trains on pixels first, and from 55 % of the time also with a patch critic; ends after `minutes` or, if given, `steps`."""
	torch.manual_seed(seed)
	model, critic = Autoencoder(plan).to(memory_format=torch.channels_last), patch_critic()
	optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=1e-4)
	critic_optimiser = torch.optim.AdamW(critic.parameters(), 4e-4, betas=(0.5, 0.9))
	rng, begin, step = np.random.default_rng(seed), time.monotonic(), 0
	while True:
		share = step / steps if steps else (time.monotonic() - begin) / (60 * minutes)
		if share >= 1:
			return model.eval()
		left, top = rng.integers(0, REGION - PATCH + 1, 2)
		x = data[torch.from_numpy(rng.integers(0, len(data), 16)), :, top : top + PATCH, left : left + PATCH].float() / 255
		x = x.to(memory_format=torch.channels_last)
		for group in optimiser.param_groups:
			group["lr"] = 2e-3 * min(1.0, step / 50 + 0.02) * (0.5 * (1 + np.cos(np.pi * share)) + 0.02)
		y = model(x)
		loss = apart(y, x)
		if share > 0.55:
			loss = loss - 0.02 * critic(y).mean()
		optimiser.zero_grad(set_to_none=True)
		loss.backward()
		nn.utils.clip_grad_norm_(model.parameters(), 1.0)
		optimiser.step()
		if share > 0.55:
			critic_optimiser.zero_grad(set_to_none=True)
			(F.relu(1 - critic(x)).mean() + F.relu(1 + critic(y.detach())).mean()).backward()
			critic_optimiser.step()
		step += 1
		if step % 100 == 0:
			print(f"autoencoders: {plan} {share:.0%} step {step} pixels off by {F.l1_loss(y, x).item():.4f}", flush=True)


def train_autoencoders(root: Path, minutes: float = 4.0, steps: int = 0, seed: int = 3, count: int = 4000) -> Path:
	"""Trains those of PLANS that WORK/autoencoders.pt does not have yet, `minutes` each; resumable between them."""
	path = root / FILE
	done = torch.load(path, map_location="cpu", weights_only=True) if path.exists() else {}
	data = pictures(root, count, seed)
	for name, plan in PLANS.items():
		if name in done:
			continue
		model = train_autoencoder(plan, data, minutes, steps, seed)
		done[name] = model.state_dict()
		temporary = path.with_suffix(".part")
		torch.save(done, temporary)
		temporary.replace(path)
		print(f"autoencoders: {name} done", flush=True)
	return path


def add_taef2(root: Path, clone: Path) -> Path:
	"""Adds TAEF2 to WORK/autoencoders.pt."""
	path = root / FILE
	temporary = path.with_suffix(".part")
	torch.save(torch.load(path, map_location="cpu", weights_only=True) | {DIFFUSION: read_taef2(clone)}, temporary)
	temporary.replace(path)
	print(f"autoencoders: {DIFFUSION} added", flush=True)
	return path


HELP = "train the small auto-encoders behind the family `redrawn` (WORK/autoencoders.pt)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--autoencoder-minutes", type=float, default=4.0, help="minutes of training for each of the three")
	parser.add_argument("--taesd", type=Path, help="a clone of madebyollin/taesd: its TAEF2 draws fakes for training, too")


def run(work: Workspace, options: argparse.Namespace) -> None:
	if work.small:
		train_autoencoders(work.root, steps=20, count=64)
	else:
		train_autoencoders(work.root, options.autoencoder_minutes)
	if options.taesd:
		add_taef2(work.root, options.taesd)
