"""Face boxes and face crops, by the same two operators as the program that uses the model.

A box is (x1, y1, x2, y2) in px of the picture. The serving crop is the square around the box's centre with side = margin x its longer side,
cut by RoiAlign (mode avg, sampling_ratio adaptive, half-pixel), and 0 outside the picture.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torchvision.ops import roi_align

from ..sessions import open_session

SERVING_MARGIN = 1.3
"""Side of the crop / longer side of the detector's box."""


class FaceDetector:
	"""`models/face-detector.onnx`, and `face-finder.onnx` beside it for the faces that it misses.

	`side` 512 is the original network. 256 is four times faster, for faces over a tenth of the picture; the program uses it for videos.
	Calls take uint8 [H, W, 3] RGB and return boxes float32 [K, 4] and scores float32 [K], best first.
	"""

	def __init__(self, model: Path, threads: int = 1) -> None:
		self.session, self.finder = (open_session(path, threads) for path in (model, model.with_name("face-finder.onnx")))

	def __call__(self, rgb: np.ndarray, margin: float = 0.0, min_score: float = 0.3, side: int = 512) -> tuple[np.ndarray, np.ndarray]:
		feed = {
			"frame": np.ascontiguousarray(rgb),
			"side": np.array(side, np.int64),
			"margin": np.array(margin, np.float32),
			"min_score": np.array(min_score, np.float32),
		}
		boxes, scores = self.session.run(["boxes", "scores"], feed)
		order = np.argsort(-scores, kind="stable")
		return boxes[order], scores[order]

	def find(self, rgb: np.ndarray, side: int, min_score: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
		"""The finder's upright faces, with boxes float64 [K, 4] scaled to match the detector's. float64 is as exact as the program, because float32
		rounding moves the logit of an 8-bit file. `side` is the longer side of its input: 640, or 160 for faces that fill the frame."""
		feed = {"frame": np.ascontiguousarray(rgb), "side": np.array(side, np.int64), "min_score": np.array(min_score, np.float32)}
		boxes, scores, marks = self.finder.run(["boxes", "scores", "landmarks"], feed)
		down = marks[:, 3:].sum(1) - marks[:, :2].sum(1)
		upright = down[:, 1] > np.abs(down[:, 0])
		boxes, scores = boxes[upright].astype(np.float64), scores[upright]
		length = boxes[:, 2:] - boxes[:, :2]
		wanted = length * FINDER_TO_DETECTOR
		corner = boxes[:, :2] + (length - wanted) / 2
		return np.concatenate([corner, corner + wanted], 1), scores


FINDER_TO_DETECTOR = (1.02, 0.925)
FILLED_SIDE, USUAL_SIDE, MOST_SIDE, SMALL_PX = 160, 640, 1280, 32
CLOSE_PASS_EVERY = 12
APART_S = 2.0
SURE_SCORE, NEW_FACE_SCORE, KNOWN_FACE_SCORE = 0.8, 0.5, 0.3
SAME_FACE_IOU, SAME_FACE_INSIDE = 0.3, 0.7
CERTAIN_SCORE, SURROUNDINGS, SURROUNDINGS_SIDE, MOST_AGAIN, AGAIN_FROM_PX = 0.87, 6, 320, 12, 36
"""The rules of `function/vision/detect-faces.ts` and `function/model/operators.ts`, where each is explained."""
Found = tuple[np.ndarray, float]
"""A box, float32 [4] from the detector or float64 [4] from the finder, and the score of the network that found it."""


def shared_area(a: np.ndarray, b: np.ndarray) -> float:
	"""The area that two boxes share, in square px."""
	return float(np.prod(np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
	"""Intersection over union of two boxes."""
	shared = shared_area(a, b)
	return shared / float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared) if shared > 0 else 0.0


def is_inside(a: np.ndarray, b: np.ndarray) -> bool:
	"""Whether the smaller of two boxes lies mostly inside the other."""
	return shared_area(a, b) > SAME_FACE_INSIDE * float(min(np.prod(a[2:] - a[:2]), np.prod(b[2:] - b[:2])))


class FaceFinder:
	"""Finds faces in the pictures of one clip, or in one picture, as the program does (`unmask_kit parity` compares them).

	Calls take the next picture that gets a detection pass, uint8 [H, W, 3] RGB, with its time in seconds, and return the faces found in it.
	"""

	def __init__(self, detector: FaceDetector) -> None:
		self.detector, self.passes, self.known = detector, 0, []
		self.last_s = -np.inf

	def __call__(self, rgb: np.ndarray, time_s: float = 0.0) -> list[Found]:
		due = self.passes % CLOSE_PASS_EVERY == 0 or time_s - self.last_s > APART_S
		self.passes += 1
		self.last_s = time_s
		quick = found(*self.detector(rgb, 0.0, KNOWN_FACE_SCORE, 256))
		longer = max(rgb.shape[:2])
		small = any(max(box[2:] - box[:2]) * USUAL_SIDE / longer < SMALL_PX for box, _ in self.known)
		side = min(MOST_SIDE, max(USUAL_SIDE, 32 * -(-longer // 32))) if due or small else USUAL_SIDE
		self.known = self._with_finder(rgb, quick, side) if due or self._needs_finder(quick) else self._believed(quick)
		return self.known

	def _needs_finder(self, quick: list[Found]) -> bool:
		doubtful = any(not self._is_known(face) and NEW_FACE_SCORE <= face[1] < SURE_SCORE for face in quick)
		return doubtful or not self._believed(quick) or any(same(face, quick) is None for face in self.known)

	def _believed(self, faces: list[Found]) -> list[Found]:
		return [face for face in faces if self._is_known(face) or face[1] >= SURE_SCORE]

	def _with_finder(self, rgb: np.ndarray, quick: list[Found], side: int) -> list[Found]:
		everything = found(*self.detector.find(rgb, side, KNOWN_FACE_SCORE))
		wide = [face for face in everything if face[1] >= NEW_FACE_SCORE]
		pairs = [(face, same(face, wide)) for face in quick]
		seen = [(face[0], max(face[1], other[1] if other else 0.0)) for face, other in pairs if self._is_credible(face, other)]
		added = self._confirmed(
			rgb, [face for face in everything if same(face, seen) is None and not any(is_inside(face[0], other[0]) for other in seen)]
		)
		return seen + added or self._believed(found(*self.detector.find(rgb, FILLED_SIDE, NEW_FACE_SCORE)))

	def _confirmed(self, rgb: np.ndarray, faces: list[Found]) -> list[Found]:
		"""The faces that are known, certain, or found again in an enlarged crop of their surroundings; best first."""
		kept, again = [], 0
		for face in faces:
			longer = max(face[0][2:] - face[0][:2])
			side = int(SURROUNDINGS * longer + 0.5)
			may_again = longer >= AGAIN_FROM_PX and side <= max(rgb.shape[:2])
			if self._is_known(face) or face[1] >= (CERTAIN_SCORE if may_again else SURE_SCORE):
				kept.append(face)
			elif may_again and again < MOST_AGAIN:
				again += 1
				part, corner = surroundings(rgb, face[0], side)
				if any(
					same((box + np.tile(corner, 2), score), [face]) for box, score in found(*self.detector.find(part, SURROUNDINGS_SIDE, SURE_SCORE))
				):
					kept.append(face)
		return kept

	def _is_known(self, face: Found) -> bool:
		return same(face, self.known) is not None

	def _is_credible(self, face: Found, other: Found | None) -> bool:
		best = max(face[1], other[1] if other else 0.0)
		return self._is_known(face) or best >= SURE_SCORE or (other is not None and best >= NEW_FACE_SCORE)


def surroundings(rgb: np.ndarray, box: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
	"""A square of `side` px around a box, shifted and cropped to lie within the picture, and its upper left corner."""
	height, width = min(side, rgb.shape[0]), min(side, rgb.shape[1])
	lengths, most = np.array([width, height]), np.array([rgb.shape[1] - width, rgb.shape[0] - height])
	x, y = np.clip(np.floor((box[:2] + box[2:] - lengths) / 2 + 0.5), 0, most).astype(int)
	return np.ascontiguousarray(rgb[y : y + height, x : x + width]), np.array([x, y], np.float32)


def found(boxes: np.ndarray, scores: np.ndarray) -> list[Found]:
	"""Boxes with their scores, one pair per face."""
	return [(box, float(score)) for box, score in zip(boxes, scores, strict=True)]


def same(face: Found, others: list[Found]) -> Found | None:
	"""The first of the others that is the same face."""
	return next((other for other in others if overlap(face[0], other[0]) > SAME_FACE_IOU), None)


def largest_face(detector: FaceDetector, rgb: np.ndarray) -> np.ndarray | None:
	"""Box of the largest face of a single picture, or None."""
	faces = FaceFinder(detector)(rgb)
	return max((box for box, _ in faces), key=lambda box: (box[2] - box[0]) * (box[3] - box[1]), default=None)


def square_box(box: np.ndarray, margin: float = SERVING_MARGIN) -> np.ndarray:
	"""The square, float32 [4], around the centre of `box` with side `margin` x its longer side."""
	centre = (box[:2] + box[2:]) / 2
	half = max(box[2] - box[0], box[3] - box[1]) * margin / 2
	return np.concatenate([centre - half, centre + half]).astype(np.float32)


def crop_faces(rgb: np.ndarray, boxes: np.ndarray, size: int) -> torch.Tensor:
	"""Crops float32 [N, 3, size, size] RGB 0..1 from uint8 [H, W, 3]; equal to the output of `models/face-crop-SIZE.onnx` bit for bit."""
	picture = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1).unsqueeze(0).float() / 255
	rois = torch.cat([torch.zeros(len(boxes), 1), torch.as_tensor(np.asarray(boxes, np.float32)).reshape(-1, 4)], 1)
	return roi_align(picture, rois, (size, size), 1.0, -1, aligned=True)
