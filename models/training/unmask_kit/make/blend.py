"""Applies the family `other_face` to a whole portrait (the demo's manipulated picture).

`python -m unmask_kit.make.blend FACE.jpg OTHER.jpg LANDMARKS.dat OUT.jpg [SEED]`
"""

from __future__ import annotations

import sys

import cv2
import numpy as np

from ..data.faces import FaceDetector
from ..data.prepare import face_landmarks
from ..workspace import Workspace
from .families import Face, blend, other_face

DETECTOR = Workspace.detector


def read_face(path: str, detector: FaceDetector, predictor) -> Face:
	"""The face of a picture with its landmarks; the picture is the canvas."""
	rgb = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
	box = detector(rgb)[0][0]
	return Face(rgb, box, face_landmarks(predictor, rgb, box)[0])


def main(face_path: str, other_path: str, landmarks: str, out: str, seed: str = "0") -> None:
	"""Writes the portrait of FACE with OTHER's face blended in."""
	import dlib

	detector, predictor = FaceDetector(DETECTOR), dlib.shape_predictor(landmarks)
	face, other = (read_face(path, detector, predictor) for path in (face_path, other_path))
	target, source, mask = other_face(np.random.default_rng(int(seed)), face, other)
	fake = blend(target, source, mask, 1.0)
	cv2.imwrite(out, cv2.cvtColor(fake, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92])


if __name__ == "__main__":
	main(*sys.argv[1:])
