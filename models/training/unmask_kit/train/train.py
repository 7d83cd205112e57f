"""The training run: resumable after any kill, with a checkpoint every few minutes, averaged weights (EMA) and a CSV line every few seconds.

The schedule runs until a clock time (`until`), for some time (`minutes`) or over image passes (`passes`), whichever is given. The learning rate
warms up over 3 % of the schedule and falls along a cosine. The crop's side grows over it: small pictures are cheap, and the last part uses the
program's size. A stopped process (SIGSTOP) spends no time. SIGTERM ends the run after the current step, with a checkpoint.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import math
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, IterableDataset

from ..make.degrade import codec_argument
from ..make.generate import Generator, Recipe
from ..workspace import Workspace
from .checkpoint import load_averaged, read, save
from .clip import ClipClassifier
from .model import Ensemble
from .networks import NAMES, Network, load_pretrained, network


@dataclass(frozen=True)
class Settings:
	"""Everything that a run depends on besides data and recipe."""

	minutes: float = 0.0
	until: float = 0.0
	"""Unix time in seconds at which the run ends."""
	passes: int = 160_000
	sizes: tuple[tuple[float, int], ...] = ((0.0, 128), (0.2, 192), (0.65, 224))
	"""(share of the run at which it begins, side of the crops in px)."""
	trunk_rate: float = 4e-4
	head_rate: float = 1e-3
	decay: float = 1e-4
	warm_up: float = 0.03
	smoothing: float = 0.05
	mask_weight: float = 0.5
	map_weight: float = 0.2
	"""Weight of `map_loss`. At 0 the network chooses where in the map it writes its evidence, and it writes it into a corner."""
	teacher_weight: float = 0.5
	"""Weight of the teacher's probability in the labels, if there is a teacher."""
	teacher_true: bool = False
	"""The teacher reads only true fakes and their reals: a CLIP teacher costs more than a step, and the labels of pseudo-fakes are certain."""
	trunk: str = "lite0"
	dropout: float = 0.1
	ema: float = 0.999
	frozen: int = 0
	"""Number of stages or blocks of the trunk, from the first, that are frozen. With three stages an image costs a third less."""
	compiled: bool = False
	"""Compiles the blocks of a CLIP network with torch.compile: a third faster after a minute or two; needs a C++ compiler."""
	checkpoint_s: float = 180.0
	threads: int = 2


LONGEST_STEP_S = 30.0
"""The longest time that a step counts: anything longer means that the process was stopped."""


class Progress:
	"""The progress of a run; `share` 0..1 determines the rate and the size."""

	def __init__(self, settings: Settings) -> None:
		self.settings, self.step, self.passes, self.elapsed_s = settings, 0, 0, 0.0

	def spent(self, seconds: float) -> None:
		self.elapsed_s += min(seconds, LONGEST_STEP_S)

	@property
	def share(self) -> float:
		until, minutes = self.settings.until, self.settings.minutes
		if until:
			left = until - time.time()
			return self.elapsed_s / (self.elapsed_s + left) if left > 0 else 1.0
		return self.elapsed_s / (minutes * 60) if minutes else self.passes / self.settings.passes


class Batches(IterableDataset):
	"""Batches starting at number `first`; the side of the crops is read from a shared integer that the training loop sets."""

	def __init__(self, root: Path, recipe: Recipe, first: int, size: torch.Tensor) -> None:
		self.root, self.recipe, self.first, self.size = root, recipe, first, size

	def __iter__(self) -> Iterator[dict]:
		import cv2

		cv2.setNumThreads(1)
		torch.set_num_threads(1)
		generator, n = Generator(self.root, self.recipe), self.first
		while True:
			yield generator.batch(n, int(self.size))
			n += 1


FLATNESS = 0.1
"""Weight of the flatness of real maps, relative to the direction of fake maps."""


def map_loss(cam: torch.Tensor, mask: torch.Tensor, label: torch.Tensor, has_mask: torch.Tensor) -> torch.Tensor:
	"""How far the map, relative to its mean, is from pointing to the mask (1 - cosine, for pseudo-fakes), and how uneven it is (for reals).

	The mean of the map, which is the logit, is left alone. cam [N, 1, s, s], mask [N, 1, h, w], label and has_mask [N].
	"""
	wanted = F.adaptive_avg_pool2d(mask, cam.shape[-2:]).flatten(1)
	wanted = wanted - wanted.mean(1, keepdim=True)
	given = cam.flatten(1)
	given = given - given.mean(1, keepdim=True)
	fake = has_mask * label * (wanted.norm(dim=1) > 0.1)
	off = 1 - F.cosine_similarity(given, wanted, eps=1e-3)
	real = 1 - label
	return (off * fake).sum() / fake.sum().clamp(min=1) + FLATNESS * (given.abs().mean(1) * real).sum() / real.sum().clamp(min=1)


def true_rows(families: list[str]) -> torch.Tensor:
	"""Rows (int64) of a batch of P pairs, reals first, whose pair has a true fake."""
	true = [i for i, name in enumerate(families) if name.startswith(("true:", "dfdc"))]
	return torch.tensor(true + [i + len(families) for i in true], dtype=torch.long)


def load_teacher(checkpoint: Path) -> Network | Ensemble:
	"""Loads a checkpoint's networks for inference; those on CLIP compute in bfloat16, as in training."""
	teacher = load_averaged(checkpoint).to(memory_format=torch.channels_last)
	for part in teacher.modules():
		if isinstance(part, ClipClassifier):
			part.encoder.prepare(torch.bfloat16)
	return teacher


def losses(
	model: Network, batch: dict, settings: Settings, teacher: Network | Ensemble | None = None
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
	"""(frame loss, mask loss, map loss, logits [N]). With a teacher, the labels are partly its probabilities for the same crops (distillation,
	arXiv 1503.02531)."""
	crops = batch["crops"].contiguous(memory_format=torch.channels_last)
	logit, mask_logit, cam = model.forward_training(crops, settings.dropout)
	label = batch["label"]
	wanted = label * (1 - settings.smoothing) + settings.smoothing / 2
	if teacher is not None:
		read = true_rows(batch["family"]) if settings.teacher_true else torch.arange(len(label))
		if len(read):
			with torch.no_grad():
				wanted[read] = torch.lerp(wanted[read], torch.sigmoid(teacher(crops[read])[0]), settings.teacher_weight)
	frame = F.binary_cross_entropy_with_logits(logit, wanted)
	each = F.binary_cross_entropy_with_logits(mask_logit, batch["mask"], reduction="none").mean((1, 2, 3))
	mask = (each * batch["has_mask"]).sum() / batch["has_mask"].sum().clamp(min=1)
	place = map_loss(cam, batch["mask"], label, batch["has_mask"]) if settings.map_weight else torch.zeros(())
	return frame, mask, place, logit.detach()


LOW_RANK_RATE = 0.25
"""Rate of low-rank additions / rate of the trunk, whose rate was set for vectors; these tolerate a larger one."""


def parameter_groups(model: Network, settings: Settings) -> list[dict]:
	"""Parameter groups of trunk and heads with their rates; normalisation and biases have no weight decay."""
	groups: dict[tuple[float, float], list] = {}
	for name, parameter in model.named_parameters():
		if not parameter.requires_grad:
			continue
		rate = settings.head_rate if name.startswith(("head", "mask_head")) else settings.trunk_rate
		rate *= LOW_RANK_RATE if name.endswith((".up", ".down")) else 1
		groups.setdefault((rate, settings.decay if parameter.ndim > 1 else 0.0), []).append(parameter)
	return [{"params": parameters, "lr": rate, "base": rate, "weight_decay": decay} for (rate, decay), parameters in groups.items()]


def rate_factor(progress: float, warm_up: float) -> float:
	if progress < warm_up:
		return (progress + 1e-3) / (warm_up + 1e-3)
	return 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm_up) / (1 - warm_up)))) + 0.01


@dataclass(frozen=True)
class Step:
	"""The result of a step: the losses of frames, masks and maps, the logits [N], the trunk's learning rate."""

	frame: torch.Tensor
	mask: torch.Tensor
	place: torch.Tensor
	logit: torch.Tensor
	rate: float


LOG_EVERY_S = 20.0
LOG_COLUMNS = ("step", "passes", "elapsed_s", "size", "rate", "frame_loss", "mask_loss", "accuracy", "accuracy_true", "images_per_s")


class Log:
	"""log.csv of a run: a line every LOG_EVERY_S, with the means of the steps since the previous line."""

	def __init__(self, path: Path) -> None:
		self.file = path.open("a", newline="")
		self.writer = csv.writer(self.file)
		if self.file.tell() == 0:
			self.writer.writerow(LOG_COLUMNS)
		self.recent: list[tuple[float, ...]] = []
		self.last = time.monotonic()

	def add(self, step: Step, batch: dict) -> None:
		"""Records the result of a step."""
		right = ((step.logit > 0) == (batch["label"] > 0.5)).float()
		true = batch["has_mask"] == 0
		of_true = float(right[true].mean()) if true.any() else math.nan
		self.recent.append((step.frame.item(), step.mask.item(), float(right.mean()), of_true, step.place.item(), len(right)))

	def write(self, progress: Progress, size: int, rate: float) -> None:
		"""Writes a line if one is due."""
		now = time.monotonic()
		if now - self.last <= LOG_EVERY_S:
			return
		means = np.nanmean(np.array(self.recent), 0)
		speed = sum(row[5] for row in self.recent) / (now - self.last)
		numbers = (*(f"{v:.4f}" for v in means[:4]), f"{speed:.1f}")
		self.writer.writerow([progress.step, progress.passes, round(progress.elapsed_s), size, f"{rate:.2e}", *numbers])
		self.file.flush()
		print(
			f"train: {progress.share:.1%} step {progress.step} passes {progress.passes} {size} px loss {means[0]:.3f} mask {means[1]:.3f} "
			f"map {means[4]:.3f} right {means[2]:.3f} (true fakes {means[3]:.3f}) {speed:.0f} img/s",
			flush=True,
		)
		self.recent, self.last = [], now


class Training:
	"""A run in memory: the model, its averaged weights, the optimiser and the progress."""

	def __init__(self, settings: Settings, recipe: Recipe, start: Path | None, teacher: Path | None) -> None:
		torch.manual_seed(recipe.seed)
		torch.set_num_threads(settings.threads)
		self.settings, self.recipe, self.progress = settings, recipe, Progress(settings)
		model = network(settings.trunk, training=True)
		self.teacher = None if teacher is None else load_teacher(teacher)
		if start is None:
			load_pretrained(model)
		else:
			model.load_state_dict(read(start)["ema"])
		self.model = model.to(memory_format=torch.channels_last).train()
		model.freeze(settings.frozen)
		for block in model.encoder.blocks if settings.compiled and isinstance(model, ClipClassifier) else ():
			block.compile()
		self.optimiser = torch.optim.AdamW(parameter_groups(self.model, settings))
		self.ema = {name: value.detach().clone() for name, value in self.model.state_dict().items()}

	def resume(self, checkpoint: Path) -> None:
		"""Resumes from a checkpoint."""
		state, progress = read(checkpoint), self.progress
		self.model.load_state_dict(state["model"])
		self.optimiser.load_state_dict(state["optimiser"])
		self.ema, progress.step, progress.passes, progress.elapsed_s = (state[key] for key in ("ema", "step", "passes", "elapsed_s"))
		print(f"train: resumed at step {progress.step}, {progress.passes} passes, {progress.elapsed_s / 60:.1f} min", flush=True)

	def save(self, checkpoint: Path) -> None:
		"""Writes everything that `resume` needs."""
		state = {"model": self.model.state_dict(), "optimiser": self.optimiser.state_dict(), "ema": self.ema}
		progress = self.progress
		state |= {"step": progress.step, "passes": progress.passes, "elapsed_s": progress.elapsed_s}
		save(checkpoint, {**state, "settings": asdict(self.settings), "recipe": asdict(self.recipe)})

	@property
	def side(self) -> int:
		"""Side of the crops at this point of the run."""
		return [size for begin, size in self.settings.sizes if self.progress.share >= begin][-1]

	def step(self, batch: dict) -> Step:
		"""Trains on a batch."""
		settings, progress = self.settings, self.progress
		factor = rate_factor(progress.share, settings.warm_up)
		for group in self.optimiser.param_groups:
			group["lr"] = group["base"] * factor
		frame, mask, place, logit = losses(self.model, batch, settings, self.teacher)
		self.optimiser.zero_grad(set_to_none=True)
		(frame + settings.mask_weight * mask + settings.map_weight * place).backward()
		torch.nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
		self.optimiser.step()
		progress.step, progress.passes = progress.step + 1, progress.passes + len(logit)
		keep = min(settings.ema, 1 - 1 / (1 + 0.1 * progress.step))
		with torch.no_grad():
			for name, value in self.model.state_dict().items():
				self.ema[name].lerp_(value, 1 - keep)
		return Step(frame.detach(), mask.detach(), place.detach(), logit, settings.trunk_rate * factor)


def train(work: Workspace, settings: Settings, recipe: Recipe, start: Path | None = None, teacher: Path | None = None) -> Path:
	"""Trains the workspace's run until the schedule ends; returns the checkpoint's path. `start`: initial weights from another run instead of
	ImageNet; `teacher`: a checkpoint, for example of an ensemble, whose scores are learned together with the labels."""
	work.folder.mkdir(parents=True, exist_ok=True)
	training = Training(settings, recipe, start, teacher)
	if work.checkpoint.exists():
		training.resume(work.checkpoint)
	progress, size = training.progress, torch.tensor(training.side).share_memory_()
	loader = iter(DataLoader(Batches(work.root, recipe, progress.step, size), batch_size=None, num_workers=1, prefetch_factor=3))
	log, stop = Log(work.log), []
	signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
	last_save = clock = time.monotonic()
	while progress.share < 1 and not stop:
		batch = next(loader)
		step = training.step(batch)
		now = time.monotonic()
		progress.spent(now - clock)
		clock = now
		log.add(step, batch)
		log.write(progress, batch["crops"].shape[-1], step.rate)
		size.fill_(training.side)
		if now - last_save > settings.checkpoint_s or progress.share >= 1 or stop:
			training.save(work.checkpoint)
			last_save = now
	log.file.close()
	return work.checkpoint


HELP = "train, or resume a run that was stopped"
SMALL_PASSES = 320


def arguments(parser: argparse.ArgumentParser) -> None:
	training_arguments(parser, Settings.passes)
	parser.add_argument("--left-out", nargs="*", default=[], help="families or generators not to train on")
	parser.add_argument("--seed", type=int, default=1)
	parser.add_argument("--teacher", type=Path, help="checkpoint whose scores are learned together with the labels, for example of an ensemble")


def training_arguments(parser: argparse.ArgumentParser, passes: int) -> None:
	"""Adds the options of the recipe; its current settings are the defaults."""
	parser.add_argument("--passes", type=int, default=passes, help=f"images to train on ({passes})")
	parser.add_argument("--minutes", type=float, default=0, help="train for this many minutes instead")
	parser.add_argument("--until", help="train until this time instead: 2026-01-31T04:35 (UTC)")
	sizes = [f"{begin:g}:{size}" for begin, size in Settings.sizes]
	parser.add_argument("--sizes", nargs="*", default=sizes, help=f"crop sides, each with its starting share of the run ({' '.join(sizes)})")
	parser.add_argument("--trunk-rate", type=float, default=Settings.trunk_rate)
	parser.add_argument("--head-rate", type=float, default=Settings.head_rate)
	parser.add_argument("--map-weight", type=float, default=Settings.map_weight, help="weight of the loss that makes the map point to the mask")
	parser.add_argument("--smoothing", type=float, default=Settings.smoothing, help="label smoothing")
	parser.add_argument("--trunk", choices=NAMES, default=Settings.trunk)
	parser.add_argument("--teacher-weight", type=float, default=Settings.teacher_weight, help="weight of the teacher's probability in the labels")
	parser.add_argument("--teacher-true", action="store_true", help="the teacher reads only true fakes and their reals, which costs less")
	parser.add_argument("--true-share", type=float, default=Recipe.true_share, help="share of pairs that are true fakes; 0 for the control run")
	parser.add_argument("--true-kinds", nargs="*", default=list(Recipe.true_kinds), help="kinds of true fakes to draw")
	parser.add_argument("--dfdc-share", type=float, default=Recipe.dfdc_share, help="share of DFDC pairs (made by `dfdc`)")
	parser.add_argument("--clip-share", type=float, default=Recipe.clip_share, help="share of pairs from collected clips (`pack-clips`)")
	parser.add_argument("--frozen", type=int, default=Settings.frozen, help="number of stages of the trunk, from the first, that are frozen")
	parser.add_argument("--compiled", action="store_true", help="compile the blocks of a CLIP network: a third faster after a minute or two")
	parser.add_argument("--ema", type=float, default=Settings.ema, help="decay of the averaged weights at each step")
	parser.add_argument("--hard-share", type=float, default=0.0, help="share of the reals that come from those that `mine` found")
	parser.add_argument("--start", type=Path, help="checkpoint to start from instead of ImageNet")
	codec_argument(parser)


def training_of(work: Workspace, options: argparse.Namespace) -> tuple[Settings, Recipe]:
	"""The settings and the recipe from the options of `training_arguments`."""
	settings = Settings(
		minutes=options.minutes,
		until=datetime.datetime.fromisoformat(options.until).replace(tzinfo=datetime.UTC).timestamp() if options.until else 0.0,
		passes=SMALL_PASSES if work.small else options.passes,
		sizes=tuple((float(begin), int(size)) for begin, size in (text.split(":") for text in options.sizes)),
		trunk_rate=options.trunk_rate,
		head_rate=options.head_rate,
		map_weight=options.map_weight,
		smoothing=options.smoothing,
		trunk=options.trunk,
		teacher_weight=options.teacher_weight,
		teacher_true=options.teacher_true,
		frozen=options.frozen,
		compiled=options.compiled,
		ema=options.ema,
		threads=work.threads,
	)
	recipe = Recipe(
		true_share=options.true_share,
		true_kinds=tuple(options.true_kinds),
		dfdc_share=options.dfdc_share,
		clip_share=options.clip_share,
		codec=options.codec,
		hard_share=options.hard_share,
	)
	return settings, recipe


def run(work: Workspace, options: argparse.Namespace) -> None:
	settings, recipe = training_of(work, options)
	recipe = replace(recipe, seed=options.seed, left_out=tuple(options.left_out))
	train(work, settings, recipe, options.start, options.teacher)
