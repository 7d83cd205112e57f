"""Measurements for the model card beyond one AUC: under which treatments of the picture it holds, for whom it raises false alarms, and whether its
map points at the change. Nothing here chooses or sets anything.

- treatments: the dev set's crops after H.264, resizing, JPEG, blur and noise; faces are found before the treatment;
- slices: reals of sources held out of training, by face size, brightness and skin tone (ITA of the cheeks, which also depends on light and camera);
- maps: pseudo-fakes of held-out sources, whose mask is known. Hit: the map's highest cell lies in the mask. Restored: how far the logit moves from
  the fake towards its real twin when the map's highest cells get the real's pixels back. This is compared with cells in random order, and with the
  cells that masks cover most often: faces are in the middle, so a map that knows only that also hits well.
"""

from __future__ import annotations

import argparse
import json
import math
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from ..data.faces import FaceDetector, crop_faces, largest_face, square_box
from ..data.packed import Faces
from ..data.sources import UNSEEN_SOURCES
from ..make.degrade import encode
from ..make.families import FAMILIES
from ..make.generate import Generator, Recipe
from ..train.onnx_model import scoring_model
from ..workspace import Workspace
from .calibrate import as_logit, fake_threshold, rate
from .evaluate import NOTHING_KNOWN, dev_item, logits, read_scores
from .statistics import auc, auc_interval, rate_interval

IN_MASK = 0.25
"""A cell lies in the mask if this share of it does."""
TONES = ((-90, 10, "ITA under 10 (brown, dark)"), (10, 28, "ITA 10-28 (tan)"), (28, 41, "ITA 28-41 (intermediate)"), (41, 91, "ITA over 41 (light)"))
SIZES = ((0, 80, "face under 80 px"), (80, 120, "face 80-120 px"), (120, 200, "face 120-200 px"), (200, 9999, "face over 200 px"))
LIGHTS = ((0, 80, "dark (under 80 of 255)"), (80, 150, "middle (80-150)"), (150, 256, "bright (over 150)"))
Treatment = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(picture uint8 [H, W, 3], box) -> picture of the same size."""


def filmed_at(crf: int) -> Treatment:
	return lambda rgb, _: encode([rgb] * 3, ("libx264", {"crf": str(crf), "preset": "medium"}))[1]


def shrunk_to(side: int) -> Treatment:
	def change(rgb: np.ndarray, box: np.ndarray) -> np.ndarray:
		scale = min(1.0, side / max(box[2] - box[0], box[3] - box[1]))
		small = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
		return cv2.resize(small, rgb.shape[1::-1], interpolation=cv2.INTER_CUBIC)

	return change


def jpeg_at(quality: int) -> Treatment:
	return lambda rgb, _: cv2.imdecode(cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def noisy(deviation: float) -> Treatment:
	def change(rgb: np.ndarray, _: np.ndarray) -> np.ndarray:
		grain = np.random.default_rng(rgb.shape[0] + int(rgb.sum() % 9973)).standard_normal(rgb.shape, np.float32)
		return np.clip(np.round(rgb + grain * np.float32(deviation)), 0, 255).astype(np.uint8)

	return change


TREATMENTS: dict[str, Treatment] = {
	"as it is": lambda rgb, _: rgb,
	**{f"H.264 CRF {crf}": filmed_at(crf) for crf in (18, 23, 28, 34, 40)},
	**{f"face shrunk to {side} px": shrunk_to(side) for side in (96, 64, 48)},
	**{f"JPEG quality {quality}": jpeg_at(quality) for quality in (90, 70, 50, 30)},
	**{f"blur, deviation {sigma} px": (lambda rgb, _, sigma=sigma: cv2.GaussianBlur(rgb, (0, 0), sigma)) for sigma in (1, 2, 3)},
	**{f"noise, deviation {deviation}": noisy(deviation) for deviation in (4, 8, 16)},
}


def dev_pictures(data: Path, detector: FaceDetector, every: int) -> Iterator[tuple[np.ndarray, np.ndarray, int, str]]:
	"""(picture with even sides, box, label, group) for each of the dev set's crops in which a face is found."""
	with tarfile.open(data / "dev-set.tar") as tar:
		members = [member for member in tar if member.name.endswith(".jpg")][::every]
		for member in members:
			rgb = cv2.cvtColor(cv2.imdecode(np.frombuffer(tar.extractfile(member).read(), np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
			box = largest_face(detector, rgb)
			if box is not None:
				label, group, _ = dev_item(member.name)
				yield np.ascontiguousarray(rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2]), box, label, group


def treatments(model: torch.nn.Module, work: Workspace, threshold: float) -> None:
	"""Prints the AUC and the alarms of the dev crops under each treatment."""
	rows = list(dev_pictures(work.data, FaceDetector(work.detector), 20 if work.small else 1))
	label, group = np.array([row[2] for row in rows]), np.array([row[3] for row in rows])
	for name, change in TREATMENTS.items():
		crops = np.stack([crop_faces(change(rgb, box), square_box(box)[None], work.side)[0].numpy() for rgb, box, *_ in rows])
		score = logits(model, crops)
		low, high = auc_interval(label, score, group, 500) or NOTHING_KNOWN
		alarms = rate(score[label == 0] > threshold, "")
		shift = float(score[label == 0].mean())
		print(
			f"conditions: {name:24s} n {len(rows)} AUC {auc(label, score):.3f} [{low:.3f}, {high:.3f}] mean real logit {shift:5.2f} "
			f"alarms {alarms['rate']:.1%} [{alarms['interval'][0]:.1%}, {alarms['interval'][1]:.1%}]",
			flush=True,
		)


def skin_tone(crop: np.ndarray) -> float:
	"""ITA in degrees of the cheeks in a crop float [3, S, S] RGB 0..1 at the program's margin: atan((L - 50) / b), larger = lighter."""
	at = [round(share * crop.shape[-1]) for share in (0.525, 0.65, 0.275, 0.4, 0.6, 0.725)]
	patch = np.concatenate([crop[:, at[0] : at[1], at[2] : at[3]], crop[:, at[0] : at[1], at[4] : at[5]]], 2).astype(np.float32)
	lab = cv2.cvtColor(np.ascontiguousarray(patch.transpose(1, 2, 0)), cv2.COLOR_RGB2LAB).reshape(-1, 3)
	light, _, yellow = np.median(lab, 0)
	return float(np.degrees(np.arctan2(light - 50, max(yellow, 1e-3))))


def slices(scores: dict[str, np.ndarray], sets: Path, faces, thresholds: tuple[float, float]) -> None:
	"""Prints false alarms by slice; `thresholds`: logits of `likely fake` and of the 5 % rule."""
	side = dict(zip(faces.name, np.maximum(faces.box[:, 2] - faces.box[:, 0], faces.box[:, 3] - faces.box[:, 1]), strict=True))
	for name in ("unseen-real", "unseen-filmed"):
		crops = np.load(sets / f"{name}.npz")
		pixels, names = crops["crops"], crops["name"]
		of, quarter = scores["set"] == name, pixels.shape[-1] // 4
		middle = slice(quarter, 3 * quarter)
		if not np.array_equal(scores["name"][of], names):
			raise ValueError(f"{name}: the scores belong to other pictures")
		logit = scores["logit"][of]
		values = {
			"source": None,
			"tone": (TONES, np.array([skin_tone(crop) for crop in pixels])),
			"light": (LIGHTS, pixels[:, :, middle, middle].astype(np.float32).mean((1, 2, 3)) * 255),
			"size": (SIZES, np.array([side[n] for n in names])),
		}
		for found in values.values():
			bins = [(scores["source"][of] == s, s) for s in UNSEEN_SOURCES] if found is None else bins_of(*found)
			for inside, text in bins:
				if inside.any():
					print(
						f"conditions: {name:13s} {text:28s} n {inside.sum():5d} mean logit {logit[inside].mean():5.2f}"
						+ alarms_of(logit[inside], thresholds)
					)


def bins_of(bins: tuple[tuple[float, float, str], ...], values: np.ndarray) -> list[tuple[np.ndarray, str]]:
	return [((values >= low) & (values < high), text) for low, high, text in bins]


def alarms_of(logit: np.ndarray, thresholds: tuple[float, float]) -> str:
	text = ""
	for name, threshold in zip(("alarms", "5 % rule"), thresholds, strict=True):
		hits = int((logit > threshold).sum())
		low, high = rate_interval(hits, len(logit))
		text += f" {name} {hits / len(logit):.1%} [{low:.1%}, {high:.1%}]"
	return text


def cells_of(mask: torch.Tensor, across: int) -> torch.Tensor:
	"""Masks [N, 1, h, w] -> whether each cell of an `across` x `across` map lies in the mask, bool [N, across^2]."""
	return F.adaptive_avg_pool2d(mask, across).flatten(1) > IN_MASK


def restore(fake: torch.Tensor, real: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
	"""The fakes [N, 3, S, S] with the real's pixels in the cells bool [N, across^2]."""
	across = math.isqrt(cells.shape[1])
	where = F.interpolate(cells.float().view(-1, 1, across, across), fake.shape[-2:], mode="nearest")
	return fake + where * (real - fake)


def maps(model: torch.nn.Module, root: Path, side: int, batches: int = 2, steps: tuple[int, ...] = (1, 2, 4, 8, 16)) -> None:
	recipe = Recipe(seed=505, true_share=0, codec="x264", weights={source: 1.0 for source in UNSEEN_SOURCES}, margins=(1.25, 1.35))
	generator, rng = Generator(root, recipe, "unseen"), np.random.default_rng(505)
	across, half, drawn = side // 32, recipe.pairs, {family: [] for family in FAMILIES}
	for family in FAMILIES:
		drawn[family] = [generator.batch(n, side, family) for n in range(batches)]
	covered = torch.cat([cells_of(batch["mask"][half:], across) for of_family in drawn.values() for batch in of_family]).float().mean(0)
	middle = covered.argsort(descending=True)
	hits, usual, chance, ways = [], [], [], {order: [] for order in ("map", "random", "usual place")}
	for family in FAMILIES:
		of_family = []
		for batch in drawn[family]:
			real, fake, inside = batch["crops"][:half], batch["crops"][half:], cells_of(batch["mask"][half:], across)
			some = inside.any(1)
			real, fake, inside = real[some], fake[some], inside[some]
			with torch.inference_mode():
				logit, cam, _ = model(fake)
				target = model(real)[0]
			order = cam.flatten(1).argsort(1, descending=True)
			of_family += inside.gather(1, order[:, :1])[:, 0].tolist()
			chance += inside.float().mean(1).tolist()
			usual += inside[:, middle[0]].tolist()
			apart = (logit - target) > 0.5
			for name in ways:
				random = torch.from_numpy(np.stack([rng.permutation(across**2) for _ in order]))
				ranks = {"map": order, "random": random, "usual place": middle.expand_as(order)}[name]
				curve = []
				for k in steps:
					cells = torch.zeros_like(inside).scatter_(1, ranks[:, :k], True)
					with torch.inference_mode():
						changed = model(restore(fake, real, cells))[0]
					curve.append(((logit - changed) / (logit - target).clamp(min=0.5))[apart])
				ways[name].append(torch.stack(curve, 1))
		low, high = rate_interval(sum(of_family), len(of_family))
		print(f"conditions: map: {family:14s} n {len(of_family)} hits {np.mean(of_family):.1%} [{low:.1%}, {high:.1%}]")
		hits += of_family
	low, high = rate_interval(sum(hits), len(hits))
	print(
		f"conditions: map: all families   n {len(hits)} hits {np.mean(hits):.1%} [{low:.1%}, {high:.1%}], a random cell {np.mean(chance):.1%}, "
		f"the cell that masks cover most often {np.mean(usual):.1%}"
	)
	for name, curves in ways.items():
		every = torch.cat(curves).numpy()
		again = np.random.default_rng(0).integers(0, len(every), (500, len(every)))
		text = []
		for i, k in enumerate(steps):
			low, high = np.quantile(every[:, i][again].mean(1), (0.025, 0.975))
			text.append(f"{k}: {every[:, i].mean():.2f} [{low:.2f}, {high:.2f}]")
		print(f"conditions: restored by {name} (n {len(every)}; cells: share of the way to the real): {', '.join(text)}")


HELP = "for the card: treatments of the dev crops, false alarms by slice, faithfulness of the map"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--model", type=Path, help="ONNX file instead of the run's checkpoint")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step, after evaluate and calibrate of the same run."""
	model, scores = scoring_model(work, options.model), read_scores(work.scores)
	found = json.loads(work.calibration.read_text())["calibration"]
	threshold = as_logit(found["image"]["likelyFakeAbove"], found)
	slices(scores, work.sets, Faces(work.root), (threshold, fake_threshold(scores, 0.05)[0]))
	maps(model, work.root, work.side, 1 if work.small else 2)
	treatments(model, work, threshold)
