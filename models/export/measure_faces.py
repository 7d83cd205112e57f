"""Measures which faces are found, by their size: what `models/README.md` states of finding faces.

Usage: python measure_faces.py FACES BACKGROUNDS [--scenes 60] [--crops FOLDER]

FACES holds portraits of one face each, BACKGROUNDS pictures without a face. A scene is a background of 1920 x 1080 px with the head of a portrait laid
on it, so that the face is as large as asked for; the same scenes for every way to look. A face is found where a box overlaps its place by .3 or more.
Two ways: the detector alone at sides 256 and 512 and with a border, and what the program does: the detector at 256, and the finder. Printed: recall by size
with Wilson intervals, boxes per 1,000 backgrounds, and milliseconds a picture.
"""

import argparse
import random
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from unmask_kit.data.faces import FaceDetector, FaceFinder, found, overlap, same  # noqa: E402
from unmask_kit.measure.statistics import rate_interval  # noqa: E402

MODELS = Path(__file__).resolve().parents[1]
SIZES = (32, 40, 48, 56, 64, 80, 96, 110, 130, 160, 200, 280, 400)
FRAME = (1080, 1920)
SAME = 0.3


def read(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_COLOR)[:, :, ::-1]


def head_of(picture: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The head with an oval edge that fades, [h, w, 3] and [h, w, 1] 0..1: 1.8 x the box."""
    x1, y1, x2, y2 = box
    cx, cy, half = (x1 + x2) / 2, (y1 + y2) / 2, 0.9 * max(x2 - x1, y2 - y1)
    left, top = int(max(0, cx - half)), int(max(0, cy - half))
    part = picture[top : int(cy + half), left : int(cx + half)]
    h, w = part.shape[:2]
    ys, xs = np.mgrid[0:h, 0:w]
    away = np.hypot((xs - w / 2) / (w / 2), (ys - h / 2) / (h / 2))
    return part, np.clip((1.0 - away) * 6, 0, 1)[..., None]


def scene(background: np.ndarray, portrait: np.ndarray, box: np.ndarray, size: int, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """A frame with one face of `size` px, and its box."""
    frame = cv2.resize(background, FRAME[::-1], interpolation=cv2.INTER_AREA if background.shape[1] > FRAME[1] else cv2.INTER_CUBIC).astype(np.float32)
    part, alpha = head_of(portrait, box)
    scale = size / max(box[2] - box[0], box[3] - box[1])
    width, height = max(2, round(part.shape[1] * scale)), max(2, round(part.shape[0] * scale))
    part = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    alpha = cv2.resize(alpha.astype(np.float32), (width, height))[..., None]
    height, width = part.shape[:2]
    if height > FRAME[0]:
        part, alpha, height = part[: FRAME[0]], alpha[: FRAME[0]], FRAME[0]
    x, y = rng.randrange(FRAME[1] - width + 1), rng.randrange(FRAME[0] - height + 1)
    frame[y : y + height, x : x + width] = alpha * part + (1 - alpha) * frame[y : y + height, x : x + width]
    quality = [cv2.IMWRITE_JPEG_QUALITY, 90]
    frame = cv2.imdecode(cv2.imencode(".jpg", np.ascontiguousarray(frame.clip(0, 255).astype(np.uint8)[:, :, ::-1]), quality)[1], 1)[:, :, ::-1]
    centre = np.array([x + width / 2, y + height / 2])
    half = (box[2:] - box[:2]) * scale / 2
    return np.ascontiguousarray(frame), np.concatenate([centre - half, centre + half])


def by_detector(detector: FaceDetector, rgb: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Faces of one picture by the detector at two sides, and with a border where neither shows any."""
    quick, close = found(*detector(rgb, 0.0, 0.3, 256)), found(*detector(rgb, 0.0, 0.3, 512))
    both = [face for face in quick if max(face[1], (same(face, close) or face)[1]) >= (0.8 if same(face, close) is None else 0.5)]
    only = [face for face in close if same(face, quick) is None and face[1] >= 0.8]
    return both + only or found(*detector(rgb, 1.0, 0.5, 512))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faces", type=Path)
    parser.add_argument("backgrounds", type=Path)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--crops", type=Path, help="a folder of pictures that a face fills")
    args = parser.parse_args()
    onnxruntime.set_default_logger_severity(3)
    cv2.setNumThreads(1)
    rng = random.Random(7)
    detector = FaceDetector(MODELS / "face-detector.onnx")
    ways = {"detector alone": lambda rgb: by_detector(detector, rgb), "with the finder": lambda rgb: FaceFinder(detector)(rgb)}
    portraits = []
    for path in rng.sample(sorted(args.faces.iterdir()), 4 * args.scenes):
        picture = read(path)
        boxes, scores = detector(np.ascontiguousarray(picture), side=512)
        if len(boxes) and scores[0] >= 0.95 and max(boxes[0][2:] - boxes[0][:2]) >= 100:
            portraits.append((picture, boxes[0]))
    portraits = portraits[: args.scenes]
    backgrounds = [read(path) for path in sorted(args.backgrounds.iterdir())]
    print(f"{len(portraits)} faces a size; {len(backgrounds)} backgrounds")
    spent = dict.fromkeys(ways, 0.0)
    false = dict.fromkeys(ways, 0)
    for background in backgrounds:
        for name, find in ways.items():
            false[name] += len(find(np.ascontiguousarray(background)))
    for name, count in false.items():
        print(f"{name}: {count} boxes in {len(backgrounds)} pictures without a face, {1000 * count / len(backgrounds):.1f} per 1,000")
    for size in SIZES:
        found = dict.fromkeys(ways, 0)
        for at, (picture, box) in enumerate(portraits):
            frame, place = scene(backgrounds[(at * 7 + size) % len(backgrounds)], picture, box, size, rng)
            for name, find in ways.items():
                start = time.perf_counter()
                faces = find(frame)
                spent[name] += time.perf_counter() - start
                found[name] += any(overlap(face, place) >= SAME for face, _ in faces)
        print(f"{size} px", *(f"{name} {rate(count, len(portraits))}" for name, count in found.items()), sep="  ", flush=True)
    scenes = len(SIZES) * len(portraits)
    print(*(f"{name}: {1000 * seconds / scenes:.0f} ms a picture" for name, seconds in spent.items()), sep="; ")
    if args.crops:
        pictures = [read(path) for path in sorted(args.crops.rglob("*.*"))]
        for name, find in ways.items():
            print(f"{name}: pictures that a face fills", rate(sum(bool(find(np.ascontiguousarray(picture))) for picture in pictures), len(pictures)))


def rate(count: int, n: int) -> str:
    low, high = rate_interval(count, n)
    return f"{100 * count / n:.1f} % [{100 * low:.1f}, {100 * high:.1f}] (n {n})"


if __name__ == "__main__":
    main()
