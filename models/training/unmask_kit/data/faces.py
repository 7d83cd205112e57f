"""Face boxes and face crops, by the same two operators as the program that serves the model.

A box is (x1, y1, x2, y2) in px of the picture. The serving crop is the square around the box's centre with side = margin x its longer side,
cut by RoiAlign (mode avg, sampling_ratio adaptive, half-pixel), 0 outside of the picture.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torchvision.ops import roi_align

SERVING_MARGIN = 1.3
"""Side of the crop / longer side of the detector's box."""


class FaceDetector:
	"""`models/face-detector.onnx`.

	`side` 512 is the original network; 256 is four times faster, for faces over a tenth of the picture (what the service uses in videos).
	Calls take uint8 [H, W, 3] RGB and give boxes float32 [K, 4] and scores float32 [K], best first.
	"""

	def __init__(self, model: Path, threads: int = 1) -> None:
		options = onnxruntime.SessionOptions()
		options.intra_op_num_threads = threads
		options.add_session_config_entry("session.intra_op.allow_spinning", "0")
		self.session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

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


CLOSE_PASS_EVERY = 12
SURE_SCORE, NEW_FACE_SCORE, KNOWN_FACE_SCORE = 0.8, 0.5, 0.3
SAME_FACE_IOU = 0.3
FILLED_MARGIN = 1.0
"""The rules of `function/vision/detect-faces.ts`, where each is explained."""
Found = tuple[np.ndarray, float]
"""A box float32 [4] and the detector's score."""


def overlap(a: np.ndarray, b: np.ndarray) -> float:
	"""Intersection over union of two boxes."""
	shared = float(np.prod(np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)))
	return shared / float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared) if shared > 0 else 0.0


class FaceFinder:
	"""Finds faces in the pictures of one clip, or in one picture, as the program that serves the model does (`unmask_kit parity` compares).

	Calls take the next picture that gets a detection pass, uint8 [H, W, 3] RGB, and give the faces found in it.
	"""

	def __init__(self, detector: FaceDetector) -> None:
		self.detector, self.passes, self.known = detector, 0, []
		self.small_faces = self.filled = self.any_face = False

	def __call__(self, rgb: np.ndarray) -> list[Found]:
		scheduled = self.passes % CLOSE_PASS_EVERY == 0
		self.passes += 1
		faces = [] if self.filled else self._pass(rgb, scheduled or self.small_faces)
		if self.filled or (scheduled and not self.any_face and not faces):
			faces = self._seen(rgb, 512, FILLED_MARGIN, NEW_FACE_SCORE)
			self.filled = bool(faces)
		self.any_face |= bool(faces)
		self.known = faces
		return faces

	def _seen(self, rgb: np.ndarray, side: int, margin: float = 0.0, least: float = KNOWN_FACE_SCORE) -> list[Found]:
		return [(box, float(score)) for box, score in zip(*self.detector(rgb, margin, least, side), strict=True)]

	def _pass(self, rgb: np.ndarray, due: bool) -> list[Found]:
		"""A quick detection pass, and a close one where it is due or the quick one is in doubt about a new face."""
		quick = self._seen(rgb, 256)
		if not due and not any(not self._is_known(f) and NEW_FACE_SCORE <= f[1] < SURE_SCORE for f in quick):
			return [face for face in quick if self._is_known(face) or face[1] >= SURE_SCORE]
		close = self._seen(rgb, 512)
		only = [face for face in close if same(face, quick) is None and self._is_credible(face, None)]
		self.small_faces = bool(only)
		return [face for face in quick if self._is_credible(face, same(face, close))] + only

	def _is_known(self, face: Found) -> bool:
		return same(face, self.known) is not None

	def _is_credible(self, face: Found, other: Found | None) -> bool:
		best = max(face[1], other[1] if other else 0.0)
		return self._is_known(face) or best >= SURE_SCORE or (other is not None and best >= NEW_FACE_SCORE)


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
	"""Crops float32 [N, 3, size, size] RGB 0..1 of uint8 [H, W, 3]: what `models/face-crop-SIZE.onnx` gives, bit for bit."""
	picture = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1).unsqueeze(0).float() / 255
	rois = torch.cat([torch.zeros(len(boxes), 1), torch.as_tensor(np.asarray(boxes, np.float32)).reshape(-1, 4)], 1)
	return roi_align(picture, rois, (size, size), 1.0, -1, aligned=True)
