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
"""Side of the crop / longer side of the detector's box (training.md, recipe)."""


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


LOOKS = ((256, 0.0, 0.8), (512, 0.0, 0.5), (512, 1.0, 0.5))
"""(side px, border, least score) of the looks at one picture in `function/vision/detect-faces.ts`: quick, close, and with a border for crops."""


def largest_face(detector: FaceDetector, rgb: np.ndarray) -> np.ndarray | None:
	"""Box of the largest face in the first look that finds one, or None."""
	for side, margin, least in LOOKS:
		boxes, _ = detector(rgb, margin, least, side)
		if len(boxes):
			return boxes[((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])).argmax()]
	return None


def square_box(box: np.ndarray, margin: float = SERVING_MARGIN) -> np.ndarray:
	"""The square, float32 [4], around the centre of `box` with side `margin` x its longer side."""
	centre = (box[:2] + box[2:]) / 2
	half = max(box[2] - box[0], box[3] - box[1]) * margin / 2
	return np.concatenate([centre - half, centre + half]).astype(np.float32)


def crop_faces(rgb: np.ndarray, boxes: np.ndarray, size: int = 160) -> torch.Tensor:
	"""Crops float32 [N, 3, size, size] RGB 0..1 of uint8 [H, W, 3]: what `models/face-crop-160.onnx` gives, bit for bit, at 160 px."""
	picture = torch.from_numpy(np.ascontiguousarray(rgb)).permute(2, 0, 1).unsqueeze(0).float() / 255
	rois = torch.cat([torch.zeros(len(boxes), 1), torch.as_tensor(np.asarray(boxes, np.float32)).reshape(-1, 4)], 1)
	return roi_align(picture, rois, (size, size), 1.0, -1, aligned=True)
