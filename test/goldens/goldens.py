"""Makes crops.json: crops by torchvision's roi_align; logits and maps by onnxruntime of crops that the shipped operator cuts, as another order of
the same sums moves an 8-bit logit by up to .2 (models/training/README.md, Parity); of a picture that both languages can make.

Usage: python -P goldens.py MODELS_FOLDER OUT.json (-P, because statistics.py beside it has the name of a module of Python)
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torchvision

WIDTH, HEIGHT, STEP = 320, 240, 97
BOXES = [(40.5, 30.25, 200.5, 190.25), (-50.0, -20.0, 130.0, 160.0), (250.0, 100.0, 410.0, 260.0), (100.0, 100.0, 131.0, 131.0), (0.0, -40.0, 320.0, 280.0)]


def pattern() -> np.ndarray:
    """uint8 [HEIGHT, WIDTH, 3]."""
    y, x, c = np.mgrid[0:HEIGHT, 0:WIDTH, 0:3]
    return ((7 * x + 13 * y + 29 * c + (x * y) % 97) % 256).astype(np.uint8)


def under(box: tuple[float, ...]) -> tuple[np.ndarray, list[float]]:
    """The part of the pattern that the program hands over for a box (function/model/operators.ts), and the box in it."""
    left, top = (min(math.floor(min(max(at - 2, 0), end)), end - 1) for at, end in ((box[0], WIDTH), (box[1], HEIGHT)))
    right, bottom = (max(begin + 1, min(end, math.ceil(at + 2))) for at, begin, end in ((box[2], left, WIDTH), (box[3], top, HEIGHT)))
    return np.ascontiguousarray(pattern()[top:bottom, left:right]), [box[0] - left, box[1] - top, box[2] - left, box[3] - top]


def main(models: str, out: str) -> None:
    manifest = json.loads((Path(models) / "manifest.json").read_text())
    entry = next(f for f in manifest["files"] if f["id"] == manifest["defaultClassifier"])
    cut = next(f for f in manifest["files"] if f["kind"] == "crop" and f["size"] == entry["spec"]["crop"]["size"])
    size = cut["size"]
    cutter = onnxruntime.InferenceSession(str(Path(models) / cut["file"]), providers=["CPUExecutionProvider"])
    exact = onnxruntime.SessionOptions()
    exact.add_session_config_entry("session.x64quantprecision", "1")  # without VNNI, 8-bit sums saturate (function/model/session-worker.mjs)
    session = onnxruntime.InferenceSession(str(Path(models) / entry["file"]), exact, providers=["CPUExecutionProvider"])
    picture = torch.from_numpy(pattern()).permute(2, 0, 1)[None].float() / 255
    crops = []
    for box in BOXES:
        crop = torchvision.ops.roi_align(picture, [torch.tensor([box])], size, aligned=True, sampling_ratio=-1)
        part, place = under(box)
        (seen,) = cutter.run(None, {"frame": part, "boxes": np.array([place], np.float32)})
        logit, cam = session.run(["frame_logit", "cam"], {"crops": seen})
        values = crop.flatten()[::STEP].tolist()
        crops.append({"box": box, "values": [round(v, 6) for v in values], "logit": float(logit[0]), "cam": [round(float(v), 5) for v in cam.ravel()]})
    head = {"python": sys.version.split()[0], "torch": torch.__version__, "torchvision": torchvision.__version__, "onnxruntime": onnxruntime.__version__, "classifier": entry["sha256"]}
    Path(out).write_text(json.dumps({"madeWith": head, "frame": {"width": WIDTH, "height": HEIGHT}, "crops": crops}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
