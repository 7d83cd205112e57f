"""Pictures of the families for the README: real, fake and mask of public-domain portraits, without degradations. `sheet` shows the same on the
training faces, which may not be shown.

The first part of a change can be hard to see: that is what the network has to learn.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from .blend import read_face
from .faces import FaceDetector
from .families import FAMILIES, Face, Rng, make_pair, mouth_moved
from .generate import CANVAS
from .redraw import Redrawer

FACE_PX = 150
"""Longer side of a face's box on the canvas."""
SIDE = 192
"""Of a tile, px: the middle of the canvas, 1.3 times the box."""
EDGE = (CANVAS - SIDE) // 2
QUALITY = 80
SHOWN = 3
"""Examples of each family, one a portrait."""
TRIES = 12
"""Draws an example is chosen from: the one that changes most inside of its mask, so that a picture can show it."""


def on_canvas(face: Face) -> Face:
	"""The face in the middle of a training canvas."""
	scale, centre = FACE_PX / face.side, (face.box[:2] + face.box[2:]) / 2
	soft = cv2.GaussianBlur(face.rgb, (0, 0), 0.4 / scale) if scale < 0.9 else face.rgb
	matrix = np.array([[scale, 0, CANVAS / 2 - centre[0] * scale], [0, scale, CANVAS / 2 - centre[1] * scale]])
	rgb = cv2.warpAffine(soft, matrix, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
	move = matrix[:, 2]
	return Face(rgb, (face.box * scale + np.tile(move, 2)).astype(np.float32), (face.landmarks * scale + move).astype(np.float32))


def example(rng: Rng, face: Face, other: Face, family: str, redraw: Redrawer) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""(real, fake, mask) as `Generator.pseudo_pair` makes them."""
	if family == "redrawn":
		moved = replace(face, rgb=mouth_moved(rng, face, face.rgb)) if rng.random() < 0.4 else face
		other = redraw(rng, moved, wide=rng.random() < 0.4)
	return make_pair(rng, face, other, family)


def changed(pair: tuple[np.ndarray, np.ndarray, np.ndarray]) -> float:
	"""Mean change inside of the mask, of 255."""
	real, fake, mask = pair
	inside = mask > 0.5
	return float(np.abs(real.astype(int) - fake)[inside].mean()) if inside.any() else 0.0


def picture(faces: list[Face], family: str, redraw: Redrawer, seed: int) -> np.ndarray:
	"""uint8 [SHOWN * SIDE, 3 * SIDE, 3] RGB: a row a portrait: real, fake, mask."""
	rows = []
	for i, face in enumerate(faces[:SHOWN]):
		draws = [example(np.random.default_rng((seed, i, n)), face, faces[(i + 2) % len(faces)], family, redraw) for n in range(TRIES)]
		real, fake, mask = max(draws, key=changed)
		rows.append(
			np.hstack([tile[EDGE : EDGE + SIDE, EDGE : EDGE + SIDE] for tile in (real, fake, np.dstack([(mask * 255).astype(np.uint8)] * 3))])
		)
	return np.vstack(rows)


def pictures(portraits: Path, work: Path, detector: Path, landmarks: Path, out: Path, seed: int = 1) -> list[Path]:
	"""Writes FAMILY.webp for each family into `out`; `redrawn` is drawn by the auto-encoders of WORK. The same inputs give the same pictures."""
	import dlib

	finder, predictor, redraw = FaceDetector(detector), dlib.shape_predictor(str(landmarks)), Redrawer(work)
	faces = [on_canvas(read_face(str(portraits / f"{name}.jpg"), finder, predictor)) for name in "abc"]
	out.mkdir(parents=True, exist_ok=True)
	written = []
	for family in FAMILIES:
		path = out / f"{family}.webp"
		shown = picture(faces, family, redraw, seed)
		cv2.imwrite(str(path), cv2.cvtColor(shown, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
		print(f"pictures: {path.name} {path.stat().st_size} bytes")
		written.append(path)
	return written
