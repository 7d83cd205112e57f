"""Quantises a classifier's convolutions to 8 bits, and says what that does to its logits.

Usage: python quantise_classifier.py CLASSIFIER.onnx MODELS_FOLDER CALIBRATION_FOLDER CHECK_FOLDER OUT.onnx

CALIBRATION_FOLDER: pictures (any depth) whose activations set the ranges; about 300 are taken, evenly. CHECK_FOLDER: real/** and fake/** crops, on which
AUC and logits before and after are compared; never used for the ranges. Faces are found and cut by the detector and crop of MODELS_FOLDER.
The first convolution and the head stay in float, so that the mean of the map is still exactly the logit.
"""

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from quantise_detector import with_float_weights

LOOKS = ((256, 0.0, 0.8), (512, 1.0, 0.5))  # side, border, least score: as function/vision/detect-faces.ts looks at a single picture
MARGIN = 1.3
PICTURES = 300


class Cutter:
    """Cuts the first face of a picture as the program does: float32 [1, 3, 160, 160], or None."""

    def __init__(self, models: Path) -> None:
        self.detector = onnxruntime.InferenceSession(str(models / "face-detector.onnx"))
        self.cropper = onnxruntime.InferenceSession(str(models / "face-crop-160.onnx"))

    def __call__(self, path: Path) -> np.ndarray | None:
        rgb = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
        for side, border, least in LOOKS:
            feed = {"frame": rgb, "side": np.array(side), "margin": np.array(border, np.float32), "min_score": np.array(least, np.float32)}
            boxes, _ = self.detector.run(None, feed)
            if len(boxes):
                x1, y1, x2, y2 = boxes[0]
                half = max(x2 - x1, y2 - y1) * MARGIN / 2
                centre = np.array([(x1 + x2) / 2, (y1 + y2) / 2])
                square = np.concatenate([centre - half, centre + half])[None].astype(np.float32)
                return self.cropper.run(None, {"frame": rgb, "boxes": square})[0]
        return None

    def all(self, paths: list[Path]) -> tuple[np.ndarray, list[Path]]:
        """Crops [N, 3, 160, 160] and the paths they are of."""
        found = [(crop, path) for path in paths if (crop := self(path)) is not None]
        return np.concatenate([crop for crop, _ in found]), [path for _, path in found]


class Batches(CalibrationDataReader):
    """Crops eight at a time."""

    def __init__(self, crops: np.ndarray) -> None:
        self.batches = iter([crops[i : i + 8] for i in range(0, len(crops), 8)])

    def get_next(self) -> dict | None:
        batch = next(self.batches, None)
        return None if batch is None else {"crops": batch}


def auc(fake: np.ndarray, score: np.ndarray) -> float:
    """Area under the ROC curve; scores are floats without ties."""
    rank = np.argsort(np.argsort(score)) + 1
    ones = int(fake.sum())
    return float((rank[fake].sum() - ones * (ones + 1) / 2) / (ones * (len(fake) - ones)))


def logits(model: str, crops: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(model)
    return np.concatenate([session.run(["frame_logit"], {"crops": crops[i : i + 8]})[0] for i in range(0, len(crops), 8)])


def main(source: str, models: str, calibration: str, check: str, out: str) -> None:
    cutter = Cutter(Path(models))
    pictures = sorted(Path(calibration).rglob("*.jpg"))
    ranges, _ = cutter.all(pictures[:: max(1, len(pictures) // PICTURES)])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "float.onnx")
        model = with_float_weights(onnx.load(source))
        onnx.save(model, path)
        convolutions = [node.name for node in model.graph.node if node.op_type == "Conv"]
        quantize_static(
            path,
            out,
            Batches(ranges),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv", "Clip", "Add"],
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[convolutions[0], convolutions[-1]],
        )
    crops, paths = cutter.all(sorted(Path(check).rglob("*.jpg")))
    fake = np.array(["fake" in path.parts for path in paths])
    before, after = logits(source, crops), logits(out, crops)
    moved = np.abs(after - before)
    print(f"ranges from {len(ranges)} faces; checked on {len(crops)}: AUC {auc(fake, before):.4f} -> {auc(fake, after):.4f}")
    print(f"logits move by {moved.mean():.4f} in the mean, {np.percentile(moved, 95):.4f} at the 95th percentile, {(after - before).mean():+.4f} on the whole; their deviation is {before.std():.4f}")
    print(f"{out}: {Path(out).stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
