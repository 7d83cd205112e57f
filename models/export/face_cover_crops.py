"""Crops the faces that `face_cover.py` is trained on, calibrated on and scored on.

Usage: python face_cover_crops.py OUT --kit WORK --clips COLLECTED --covered DIR --plain DIR [DIR ...] --drawn DIR [DIR ...] [--check DIR ...] [--apart DIR ...]

Writes OUT/SOURCE.npz: crops uint8 [N, 3, 160, 160] RGB as the program cuts them, name, group, part, kind. WORK is the kit's folder (`dfdc.*`, `faces.*`),
COLLECTED is the output of `unmask_kit collect`, and each DIR is a folder of pictures.

The parts are `fit` for training, `set` for the thresholds, and `score`. They follow the kit's splits (actors, sources, identities) and a hash of the group where
these exist. Otherwise two fifths, by a hash of the name, are held out of training. Held-out faces are split in half.

Faces of DFDC are cropped tightly, so they are mirrored beyond their edges. The set of people without masks has a few in masks (`2020-06-23-*`), which are left out.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from unmask_kit.data.faces import FaceDetector, FaceFinder, square_box  # noqa: E402

MODELS = Path(__file__).resolve().parents[1]
SIDE = 160
KEPT_OUT = 40
"""Percentage of pictures held out of training, in a source without a split of its own."""
DFDC_TIGHT = 1.05
"""Median side of a DFDC picture as a multiple of the detector's box in it."""
PACKED = {"talking": "true-fakes", "ffpp": "true-fakes", "ukmp": "portraits", "usgov": "portraits"}
"""Sources of the kit's `faces.npz` that are merged here."""
NEW_SOURCES = ("ciplab", "london", "uscongress")
"""Sources that the kit reserves for its own thresholds; each person occurs once."""
MOST_FIT, MOST_HELD, MOST_DFDC_FIT, MOST_DFDC_HELD = 1500, 1100, 2500, 1500
MOST_PICTURES = {"masks": 1600, "unmasked": 900, "aaf": 1200}
Row = tuple[np.ndarray, str, str, str]
"""Crop, name, group, part."""


class Cutter:
    """Cuts crops uint8 [3, 160, 160] from pictures uint8 [H, W, 3] RGB."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(MODELS / f"face-crop-{SIDE}.onnx"), options, providers=["CPUExecutionProvider"])
        self.detector = FaceDetector(MODELS / "face-detector.onnx")

    def cut(self, rgb: np.ndarray, box: np.ndarray) -> np.ndarray:
        crops = self.session.run(["crops"], {"frame": np.ascontiguousarray(rgb), "boxes": square_box(np.asarray(box, np.float32))[None]})[0]
        return (crops[0] * 255).round().astype(np.uint8)

    def largest(self, path: Path) -> np.ndarray | None:
        """The crop of the largest face of 40 px or more."""
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None or min(picture.shape[:2]) < 32:
            return None
        scale = min(1.0, 400 / max(picture.shape[:2]))
        rgb = np.ascontiguousarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:, :, ::-1])
        boxes = [box for box, _ in FaceFinder(self.detector)(rgb)]
        box = max(boxes, key=lambda box: max(box[2:] - box[:2]), default=None)
        return self.cut(rgb, box) if box is not None and max(box[2:] - box[:2]) >= 40 else None


def share_of(name: str, draw: int = 0) -> int:
    """0..99 by a hash of the name; each `draw` gives another number."""
    return int(hashlib.md5(name.encode()).hexdigest()[6 * draw : 6 * draw + 6], 16) % 100


def in_order(name: object) -> str:
    return hashlib.md5(str(name).encode()).hexdigest()


def half_of(group: str) -> str:
    return "set" if share_of(group, 2) < 50 else "score"


def part_of(name: str) -> str:
    return "fit" if share_of(name, 1) >= KEPT_OUT else half_of(name)


def read_rgb(data: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]


def dfdc_faces(cutter: Cutter, work: Path) -> Iterator[tuple[str, list[Row]]]:
    """Genuine and manipulated faces of DFDC: actors of the kit's `train` for training, those of `check` for thresholds and scoring."""
    facts, rng = dict(np.load(work / "dfdc.npz")), np.random.default_rng(1)
    rows: dict[str, list[Row]] = {"dfdc-real": [], "dfdc-fake": []}
    with (work / "dfdc.bin").open("rb") as file:
        for split, most in (("train", MOST_DFDC_FIT), ("check", MOST_DFDC_HELD)):
            at = facts["split"] == split
            pairs = [(int(real), int(fake)) for real, fake in zip(facts["real"][at], facts["fake"][at], strict=True)]
            reals = [(real, real) for real in sorted({real for real, _ in pairs}, key=in_order)][:most]
            fakes = sorted({fake: real for real, fake in pairs}.items(), key=lambda pair: in_order(pair[0]))[:most]
            for source, some in (("dfdc-real", reals), ("dfdc-fake", fakes)):
                for i, real in some:
                    file.seek(int(facts["start"][i]))
                    rgb = read_rgb(file.read(int(facts["size"][i])))
                    side = rgb.shape[0]
                    rim = side // 3
                    wide = cv2.copyMakeBorder(np.ascontiguousarray(rgb), rim, rim, rim, rim, cv2.BORDER_REFLECT_101)
                    half, middle = side / DFDC_TIGHT * rng.uniform(0.95, 1.05) / 2, rim + side / 2
                    crop = cutter.cut(wide, np.array([middle - half, middle - half, middle + half, middle + half]))
                    group = str(facts["name"][real])
                    rows[source].append((crop, str(facts["name"][i]), group, "fit" if split == "train" else half_of(group)))
    yield from rows.items()


def clip_faces(cutter: Cutter, folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """Genuine and manipulated faces of collected clips: `train` for training; unseen sources and generators, halved by repository, for thresholds and scoring."""
    rows: dict[str, list[Row]] = {"clips-genuine": [], "clips-fake": []}
    with (folder / "index.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["split"] in ("train", "unseen-source", "unseen-generator"):
                box = np.array([float(row[key]) for key in ("x1", "y1", "x2", "y2")])
                crop = cutter.cut(cv2.imread(str(folder / row["file"]))[:, :, ::-1], box)
                part = "fit" if row["split"] == "train" else half_of(row["repository"])
                rows["clips-fake" if row["label"] == "1" else "clips-genuine"].append((crop, row["file"], row["repository"], part))
    yield from rows.items()


def packed_faces(cutter: Cutter, work: Path) -> Iterator[tuple[str, list[Row]]]:
    """Faces of the kit's `faces.npz`: `train` for training; the others, halved by identity, for thresholds and scoring."""
    facts = dict(np.load(work / "faces.npz"))
    rows: dict[str, list[Row]] = {}
    count: dict[tuple[str, bool], int] = {}
    with (work / "faces.bin").open("rb") as file:
        for i in sorted(range(len(facts["name"])), key=lambda i: in_order(facts["name"][i])):
            name, group, held = str(facts["name"][i]), str(facts["group"][i]), facts["split"][i] != "train"
            source = PACKED.get(str(facts["source"][i]), str(facts["source"][i]))
            if not np.isfinite(facts["box"][i]).all():
                continue
            count[source, held] = count.get((source, held), 0) + 1
            if count[source, held] > (MOST_HELD if held else MOST_FIT):
                continue
            file.seek(int(facts["start"][i]))
            crop = cutter.cut(read_rgb(file.read(int(facts["size"][i]))), facts["box"][i])
            part = part_of(name) if source in NEW_SOURCES else "fit" if not held else half_of(name if source == "utk" else group)
            rows.setdefault(source, []).append((crop, name, group, part))
    yield from rows.items()


def folder_faces(cutter: Cutter, folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """The largest face of each picture of a folder."""
    rows: list[Row] = []
    paths = sorted(folder.rglob("*.*"), key=lambda path: share_of(path.name) * 1000 + share_of(path.name, 1))
    for path in paths[: MOST_PICTURES.get(folder.name, 2000)]:
        crop = None if path.name.startswith("2020-06-23") and folder.name == "unmasked" else cutter.largest(path)
        if crop is not None:
            rows.append((crop, path.name, path.name, part_of(path.name)))
    yield folder.name, rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--kit", type=Path, required=True)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--covered", type=Path, nargs="+", required=True)
    parser.add_argument("--plain", type=Path, nargs="+", required=True)
    parser.add_argument("--drawn", type=Path, nargs="+", required=True)
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    parser.add_argument("--apart", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    cutter = Cutter()
    named = [(kind, found) for kind in ("covered", "plain", "drawn", "check", "apart") for folder in getattr(args, kind) for found in folder_faces(cutter, folder)]
    kit = (dfdc_faces(cutter, args.kit), clip_faces(cutter, args.clips), packed_faces(cutter, args.kit))
    for kind, (source, rows) in [*(("plain", found) for some in kit for found in some), *named]:
        crops, names, groups, parts = (np.array(column) for column in zip(*rows, strict=True))
        np.savez(args.out / f"{source}.npz", crops=crops, name=names, group=groups, part=parts, kind=kind)
        print(f"{source}: {len(rows)} crops, {kind}; " + ", ".join(f"{(parts == part).sum()} {part}" for part in ("fit", "set", "score")), flush=True)


if __name__ == "__main__":
    main()
