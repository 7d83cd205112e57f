"""Makes the pictures of the families for the README: real, fake and mask of public-domain portraits, without degradations. `sheet` shows the same on
the training faces, which may not be published. Also makes one picture for the model card: the model's map on genuine portraits after treatments that
mislead it.

Some changes are hard to see: these are what the network has to learn.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch

from ..data import prepare
from ..data.faces import FaceDetector, crop_faces, square_box
from ..make.blend import read_face
from ..make.families import FAMILIES, Face, Rng, make_pair, mouth_moved
from ..make.redraw import Redrawer
from ..make.true_pairs import CANVAS
from ..measure.conditions import TREATMENTS
from ..train.onnx_model import Exported
from ..workspace import MODELS, Workspace

FACE_PX = 150
"""Longer side of a face's box on the canvas."""
SIDE = 192
"""Side of a tile in px: the middle of the canvas, 1.3 times the box."""
EDGE = (CANVAS - SIDE) // 2
QUALITY = 80
SHOWN = 3
"""Examples of each family, one per portrait."""
TRIES = 12
"""Number of draws per example. The one that changes most inside its mask is shown, so that the change is visible."""

MISLEADING = ("as it is", "blur, deviation 3 px", "face shrunk to 48 px", "noise, deviation 16", "JPEG quality 30")
"""Treatments (conditions.py) that are applied to genuine portraits."""
HOT = 4.0
"""Raw map value that gets the strongest colour."""


def on_canvas(face: Face) -> Face:
	"""Places the face in the middle of a training canvas."""
	scale, centre = FACE_PX / face.side, (face.box[:2] + face.box[2:]) / 2
	soft = cv2.GaussianBlur(face.rgb, (0, 0), 0.4 / scale) if scale < 0.9 else face.rgb
	matrix = np.array([[scale, 0, CANVAS / 2 - centre[0] * scale], [0, scale, CANVAS / 2 - centre[1] * scale]])
	rgb = cv2.warpAffine(soft, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
	move = matrix[:, 2]
	return Face(rgb, (face.box * scale + np.tile(move, 2)).astype(np.float32), (face.landmarks * scale + move).astype(np.float32))


def example(rng: Rng, face: Face, other: Face, family: str, redraw: Redrawer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""(real, fake, mask), made as in `Generator.pseudo_pair`."""
	if family == "redrawn":
		moved = replace(face, rgb=mouth_moved(rng, face, face.rgb)) if rng.random() < 0.4 else face
		other = redraw(rng, moved, wide=rng.random() < 0.4)
	return make_pair(rng, face, other, family)


def changed(pair: tuple[np.ndarray, np.ndarray, np.ndarray]) -> float:
	"""Mean change inside the mask, of 255."""
	real, fake, mask = pair
	inside = mask > 0.5
	return float(np.abs(real.astype(int) - fake)[inside].mean()) if inside.any() else 0.0


def picture(faces: list[Face], family: str, redraw: Redrawer, seed: int) -> np.ndarray:
	"""uint8 [SHOWN * SIDE, 3 * SIDE, 3] RGB: one row per portrait with real, fake and mask."""
	rows = []
	for i, face in enumerate(faces[:SHOWN]):
		draws = [example(np.random.default_rng((seed, i, n)), face, faces[(i + 2) % len(faces)], family, redraw) for n in range(TRIES)]
		real, fake, mask = max(draws, key=changed)
		rows.append(
			np.hstack([tile[EDGE : EDGE + SIDE, EDGE : EDGE + SIDE] for tile in (real, fake, np.dstack([(mask * 255).astype(np.uint8)] * 3))])
		)
	return np.vstack(rows)


def misled(faces: list[Face], model: torch.nn.Module, side: int) -> np.ndarray:
	"""uint8 RGB: one row per genuine portrait, one column per treatment of MISLEADING; each shows the crop under the map, and its logit below."""
	rows = []
	for face in faces:
		tiles = []
		for name in MISLEADING:
			rgb = TREATMENTS[name](face.rgb, face.box)
			crop = crop_faces(rgb, square_box(face.box)[None], side)
			with torch.inference_mode():
				logit, cam, _ = model(crop)
			tiles.append(np.vstack([heated(crop[0].numpy(), cam[0, 0].numpy()), caption(f"{name}: {float(logit[0]):+.2f}")]))
		rows.append(np.hstack(tiles))
	return np.vstack(rows)


def heated(crop: np.ndarray, cam: np.ndarray) -> np.ndarray:
	"""uint8 [SIDE, SIDE, 3]: the crop [3, S, S] RGB 0..1 under the map [s, s]: orange where it points to a fake, blue where it points to a real face,
	no colour at 0."""
	picture = cv2.resize(np.ascontiguousarray(crop.transpose(1, 2, 0)), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
	heat = cv2.resize(cam.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)[..., None]
	strength = np.clip(np.abs(heat) / HOT, 0, 1) * 0.6
	colour = np.where(heat > 0, np.float32([0.9, 0.45, 0.0]), np.float32([0.0, 0.35, 0.75]))
	return np.clip((picture * (1 - strength) + colour * strength) * 255, 0, 255).astype(np.uint8)


def caption(text: str) -> np.ndarray:
	"""uint8 [22, SIDE, 3]: the text on a white strip."""
	strip = np.full((22, SIDE, 3), 255, np.uint8)
	cv2.putText(strip, text, (4, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.38, (20, 20, 20), 1, cv2.LINE_AA)
	return strip


def write(path: Path, shown: np.ndarray) -> Path:
	cv2.imwrite(str(path), cv2.cvtColor(shown, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
	print(f"pictures: {path.name} {path.stat().st_size} bytes")
	return path


def pictures(work: Workspace, landmarks: Path, portraits: Path, out: Path, seed: int = 1) -> list[Path]:
	"""Writes FAMILY.webp for each family and misled.webp, made with the shipped model, into `out`. The auto-encoders of WORK draw `redrawn`. The same
	inputs give the same pictures."""
	import dlib

	finder, predictor, redraw = FaceDetector(work.detector), dlib.shape_predictor(str(landmarks)), Redrawer(work.root)
	faces = [on_canvas(read_face(str(portraits / f"{name}.jpg"), finder, predictor)) for name in "abc"]
	out.mkdir(parents=True, exist_ok=True)
	written = []
	for family in FAMILIES:
		written.append(write(out / f"{family}.webp", picture(faces, family, redraw, seed)))
	return [*written, write(out / "misled.webp", misled(faces, Exported(MODELS / f"{work.name}.onnx"), work.side))]


HELP = "pictures for the README: each family on public-domain portraits (models/training/docs)"


def arguments(parser: argparse.ArgumentParser) -> None:
	prepare.arguments(parser)


def run(work: Workspace, options: argparse.Namespace) -> None:
	portraits, out = MODELS.parent / "test" / "fixtures" / "portraits", MODELS / "training" / "docs"
	pictures(work, prepare.landmarks_of(options), portraits, out)
