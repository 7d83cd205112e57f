"""Makes the reader of covered and drawn faces: a linear probe on the first stages of EfficientNet-Lite0 with its ImageNet weights.

Usage: python face_cover.py WORK OUT.onnx --covered DIR --plain DIR [DIR ...] --drawn DIR [DIR ...] [--check DIR ...] [--apart DIR] [--most 400]

Each DIR holds pictures; WORK keeps the features, so that a second run fits and exports only. --covered are faces with masks, --plain genuine and manipulated faces
without, --drawn faces that nobody photographed; two fifths of each, by a hash of the name, are kept out of the fit. --check are further faces that are neither; none of
them is fitted. The faces kept out are halved: one half sets the thresholds, the other is scored. Pictures of --apart set nothing and are not scored; whatever is nearly the same as one of
them, or as a face kept out, leaves the fit. Covers of other kinds are painted over plain faces, any shape and any texture: over most of the face for `painted`, over
a part that leaves it to be judged for `grazed`, which counts as plain. Every crop is read a second time as a small picture of low quality.

Graph: crops f32 [N, 3, 160, 160] RGB 0..1 (`face-crop-160.onnx`, 1.3 x the detector's box) -> covered f32 [N], drawn f32 [N]: 0..1, .5 where 99 % of the plain faces
of the first half stay below, each source counting the same.

Each crop is halved to 80 px; of stages 3 to 5 the means of the upper and the lower half are read, of stage 3 the deviation as well. The trunk is not trained.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from unmask_kit.data.faces import FaceDetector, FaceFinder, square_box  # noqa: E402
from unmask_kit.measure.statistics import rate_interval  # noqa: E402
from unmask_kit.train.model import Classifier, load_imagenet  # noqa: E402

MODELS = Path(__file__).resolve().parents[1]
SIDE = 160
FIRST_STAGE, LAST_STAGE = 2, 5
KEPT_OUT = 40
"""Per cent of the pictures that no probe is fitted on."""
NEARLY_SAME = 0.97
"""Cosine of two pictures' standardised features from which on they count as the same one."""
PENALTY = 2e-3
PLAIN_BELOW = 0.99


class Features(nn.Module):
    """Crops [N, 3, 160, 160] RGB 0..1 -> [N, 504]."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = Classifier()
        load_imagenet(self.trunk)

    def forward(self, crops: Tensor) -> Tensor:
        x = F.avg_pool2d(crops, 2)
        x = self.trunk.stem((x - self.trunk.pixel_mean) / self.trunk.pixel_std)
        parts = []
        for number, stage in enumerate(self.trunk.stages[:LAST_STAGE]):
            x = stage(x)
            if number < FIRST_STAGE:
                continue
            half = x.shape[2] // 2
            parts += [x[:, :, : x.shape[2] - half].mean((2, 3)), x[:, :, half:].mean((2, 3))]
            if number == FIRST_STAGE:
                parts.append((x * x).mean((2, 3)).sub(x.mean((2, 3)).square()).clamp(min=0).sqrt())
        return torch.cat(parts, 1)


class Cover(nn.Module):
    """The features and two linear probes; `weights` [2, 505] with the bias last."""

    def __init__(self, features: Features, weights: np.ndarray) -> None:
        super().__init__()
        self.features = features
        self.probes = nn.Linear(weights.shape[1] - 1, 2)
        self.probes.weight.data = torch.from_numpy(weights[:, :-1]).float()
        self.probes.bias.data = torch.from_numpy(weights[:, -1]).float()

    def forward(self, crops: Tensor) -> tuple[Tensor, Tensor]:
        scores = torch.sigmoid(self.probes(self.features(crops)))
        return scores[:, 0], scores[:, 1]


def crops_of(folder: Path, most: int) -> tuple[np.ndarray, list[str]]:
    """Crops uint8 [N, 3, 160, 160] of the largest face of each picture that has one of 40 px, and their names."""
    detector = FaceDetector(MODELS / "face-detector.onnx")
    cropper = onnxruntime.InferenceSession(str(MODELS / f"face-crop-{SIDE}.onnx"), providers=["CPUExecutionProvider"])
    crops, names = [], []
    for path in sorted(folder.rglob("*.*"), key=lambda path: share_of(path.name))[:most]:
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        if picture is None or min(picture.shape[:2]) < 32:
            continue
        scale = min(1.0, 400 / max(picture.shape[:2]))
        rgb = np.ascontiguousarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[:, :, ::-1])
        boxes = [box for box, _ in FaceFinder(detector)(rgb)]
        box = max(boxes, key=lambda box: max(box[2:] - box[:2]), default=None)
        if box is not None and max(box[2:] - box[:2]) >= 40:
            crop = cropper.run(["crops"], {"frame": rgb, "boxes": square_box(box)[None]})[0][0]
            crops.append((crop * 255).round().astype(np.uint8))
            names.append(path.name)
    return np.array(crops, np.uint8).reshape(-1, 3, SIDE, SIDE), names


def share_of(name: str, draw: int = 0) -> int:
    """0..99 by a hash of the name; another number for another `draw`."""
    return int(hashlib.md5(name.encode()).hexdigest()[6 * draw : 6 * draw + 6], 16) % 100


def texture(crops: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A piece of any picture, enlarged, or a colour with a gradient and noise; [160, 160, 3]."""
    if rng.random() < 0.6:
        side = int(rng.integers(30, 120))
        y, x = rng.integers(0, SIDE - side, 2)
        piece = crops[rng.integers(len(crops))].transpose(1, 2, 0)[y : y + side, x : x + side]
        piece = cv2.resize(np.ascontiguousarray(piece), (SIDE, SIDE)).astype(np.float32)
        return cv2.GaussianBlur(piece, (0, 0), float(rng.uniform(1, 6))) if rng.random() < 0.5 else piece
    slope = np.linspace(-1, 1, SIDE)
    plain = rng.uniform(10, 245, 3) + slope[:, None, None] * rng.uniform(-40, 40) + slope[None, :, None] * rng.uniform(-40, 40)
    grains = int(rng.integers(8, SIDE))
    noise = cv2.resize(rng.normal(0, rng.uniform(2, 20), (grains, grains)).astype(np.float32), (SIDE, SIDE))
    return (plain + noise[..., None]).astype(np.float32)


def mask_shape(rng: np.random.Generator) -> np.ndarray:
    """A mask over nose, mouth and chin as 0..1 [160, 160]."""
    top, slant, bottom = rng.uniform(0.46, 0.6) * SIDE, rng.uniform(-8, 8), rng.uniform(0.82, 1) * SIDE
    left, right, middle = rng.uniform(0.05, 0.25) * SIDE, rng.uniform(0.75, 0.95) * SIDE, (top + bottom) / 2
    corners = [
        (left, top + slant + rng.uniform(0, 14)),
        (80 + rng.uniform(-15, 15), top - rng.uniform(-4, 10)),
        (right, top - slant + rng.uniform(0, 14)),
        (right - rng.uniform(0, 20), middle + rng.uniform(0, 20)),
        (100, bottom),
        (60, bottom),
        (left + rng.uniform(0, 20), middle + rng.uniform(0, 20)),
    ]
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(mask, [cv2.convexHull(np.array(corners, np.int32))], 1.0)
    return mask


def blob_shape(rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A few ellipses side by side, as fingers or a microphone, over `low` to `high` of the face's oval."""
    oval = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(oval, (80, 84), (46, 62), 0, 0, 360, 1.0, -1)
    while True:
        mask = np.zeros((SIDE, SIDE), np.float32)
        x, y, turn = rng.uniform(30, 130), rng.uniform(50, 150), float(rng.uniform(0, 180))
        for _ in range(int(rng.integers(1, 5))):
            axes = (int(rng.uniform(8, 45)), int(rng.uniform(20, 75)))
            cv2.ellipse(mask, (int(x), int(y)), axes, turn + float(rng.uniform(-15, 15)), 0, 360, 1.0, -1)
            x, y = x + rng.uniform(-30, 30), y + rng.uniform(-20, 20)
        if low <= (mask * oval).sum() / oval.sum() <= high:
            return mask


def painted(crop: np.ndarray, crops: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The crop with a texture where the mask is."""
    mask = cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(0.6, 2)))[..., None]
    mixed = mask * texture(crops, rng) + (1 - mask) * crop.transpose(1, 2, 0)
    return mixed.clip(0, 255).astype(np.uint8).transpose(2, 0, 1)


def worn(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The crop as a small face of a compressed video: 36 to 110 px, JPEG of quality 25 to 80."""
    side = int(rng.integers(36, 110))
    small = cv2.resize(np.ascontiguousarray(crop.transpose(1, 2, 0)), (side, side), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    return cv2.resize(cv2.imdecode(data, cv2.IMREAD_COLOR), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).transpose(2, 0, 1)


def fitted(x: np.ndarray, y: np.ndarray, steps: int = 400) -> np.ndarray:
    """Logistic regression, both classes counting the same, by Adam from zero: weights with the bias last."""
    rows = np.c_[x, np.ones(len(x))]
    weight = np.where(y == 1, 0.5 / y.sum(), 0.5 / (1 - y).sum())
    found, mean, square = np.zeros(rows.shape[1]), np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    for step in range(1, steps + 1):
        gradient = rows.T @ (weight * (1 / (1 + np.exp(-rows @ found)) - y)) + PENALTY * np.r_[found[:-1], 0]
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        found -= 0.03 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return found


def export(model: Cover, out: Path) -> None:
    """Writes the graph, larger weights as fp16."""
    axes = {name: {0: "N"} for name in ("crops", "covered", "drawn")}
    torch.onnx.export(
        model.eval(), (torch.zeros(1, 3, SIDE, SIDE),), str(out), input_names=["crops"], output_names=["covered", "drawn"], dynamic_axes=axes, opset_version=17, dynamo=False
    )
    graph = onnx.load(out)
    casts = []
    for tensor in graph.graph.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype == np.float32 and value.size > 256:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(value.astype(np.float16), f"{name}:f16"))
            casts.append(helper.make_node("Cast", [f"{name}:f16"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *graph.graph.node]
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    graph.producer_name, graph.producer_version = "unmask", ""
    onnx.checker.check_model(graph, full_check=True)
    onnx.save(graph, out)
    print(f"{out}: {out.stat().st_size} bytes")


def features_of(crops: np.ndarray, model: Features) -> np.ndarray:
    with torch.no_grad():
        parts = [model(torch.from_numpy(crops[at : at + 32]).float() / 255).numpy() for at in range(0, len(crops), 32)]
    return np.concatenate(parts) if parts else np.zeros((0, 504), np.float32)


def rows_of(args: argparse.Namespace, model: Features) -> dict[str, np.ndarray]:
    """Features, kinds (covered, painted, plain, grazed, drawn, check, apart), sources, names and whether worn of all crops; kept in WORK."""
    kept = args.work / "cover-features.npz"
    if kept.exists():
        return dict(np.load(kept))
    rng, rows, plain = np.random.default_rng(5), {key: [] for key in ("features", "kind", "source", "name", "worn")}, []

    def add(crops: np.ndarray, kind: str, source: str, names: list[str]) -> None:
        for is_worn in (False, True) if kind != "apart" else (False,):
            shown = np.array([worn(crop, rng) for crop in crops], np.uint8).reshape(-1, 3, SIDE, SIDE) if is_worn else crops
            rows["features"].append(features_of(shown, model))
            for key, values in (("kind", [kind] * len(crops)), ("source", [source] * len(crops)), ("name", names), ("worn", [is_worn] * len(crops))):
                rows[key].extend(values)
        print(f"{source}: {len(crops)} crops, {kind}", flush=True)

    folders = (("covered", [args.covered]), ("plain", args.plain), ("drawn", args.drawn), ("check", args.check), ("apart", args.apart))
    for kind, some in folders:
        for folder in some:
            crops, names = crops_of(folder, args.most)
            add(crops, kind, folder.name, names)
            if kind == "plain":
                plain += [(crop, name) for crop, name in zip(crops, names, strict=True) if share_of(name) % 5 == 0]
    pool, names = np.array([crop for crop, _ in plain]), [name for _, name in plain]
    for kind, source, shape in (
        ("painted", "painted mask", mask_shape),
        ("painted", "painted over most", lambda rng: blob_shape(rng, 0.5, 0.95)),
        ("grazed", "painted over a part", lambda rng: blob_shape(rng, 0.04, 0.2)),
    ):
        add(np.array([painted(crop, pool, shape(rng), rng) for crop in pool]).reshape(-1, 3, SIDE, SIDE), kind, source, names)
    rows = {"features": np.concatenate(rows["features"]), **{key: np.array(rows[key]) for key in ("kind", "source", "name", "worn")}}
    args.work.mkdir(parents=True, exist_ok=True)
    np.savez(kept, **rows)
    return rows


def zero_of(scores: np.ndarray, sources: np.ndarray, share: float) -> float:
    """The score below which `share` of the rows lies, each source counting the same."""
    weight = 1 / np.array([(sources == source).sum() for source in sources])
    order = np.argsort(scores)
    return float(scores[order][np.searchsorted(np.cumsum(weight[order]) / weight.sum(), share)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--covered", type=Path, required=True)
    parser.add_argument("--plain", type=Path, nargs="+", required=True)
    parser.add_argument("--drawn", type=Path, nargs="+", required=True)
    parser.add_argument("--check", type=Path, nargs="*", default=[])
    parser.add_argument("--apart", type=Path, nargs="*", default=[])
    parser.add_argument("--most", type=int, default=400)
    args = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    model = Features().eval()
    rows = rows_of(args, model)
    kind, source, is_worn = rows["kind"], rows["source"], rows["worn"]
    held = np.array([share_of(name, draw=1) < KEPT_OUT for name in rows["name"]]) | np.isin(kind, ("check", "apart"))
    scored = held & np.array([share_of(name, draw=2) < 50 for name in rows["name"]])
    mean, deviation = rows["features"].mean(0), rows["features"].std(0) + 1e-3
    x = (rows["features"] - mean) / deviation
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    twins = np.zeros(len(x), bool)
    twins[~held] = (unit[~held] @ unit[held].T).max(1) > NEARLY_SAME
    print(f"{twins.sum()} of {(~held).sum()} rows leave the fit: nearly the same as one kept out")
    weights = []
    plain = ("plain", "grazed", "check")
    for output, wanted, others in (("covered", ("covered", "painted"), ("plain", "grazed")), ("drawn", ("drawn",), ("plain", "grazed", "covered", "painted"))):
        positive, used = np.isin(kind, wanted), np.isin(kind, (*wanted, *others))
        at = used & ~held & ~twins
        found = fitted(x[at], positive[at].astype(float))
        scores = np.c_[x, np.ones(len(x))] @ found
        setting = held & ~scored & np.isin(kind, plain)
        zero = zero_of(scores[setting], source[setting], PLAIN_BELOW)
        found[-1] -= zero
        above = scores > zero
        print(f"{output}: fitted on {at.sum()} crops, {positive[at].sum()} of them {output}; threshold set on {setting.sum()}")
        for name in dict.fromkeys(source[kind != "apart"]):
            for state in (False, True):
                print_rate(f"{name}{', small' if state else ''}", above[scored & (source == name) & (is_worn == state)])
        genuine = scored & np.isin(kind, plain)
        print_rate("all plain faces", above[genuine])
        print_rate(f"precision with as many {output} as plain faces in this list", positive[scored & above & (positive | genuine)])
        weights.append(np.r_[found[:-1] / deviation, found[-1] - found[:-1] @ (mean / deviation)])
    export(Cover(model, np.array(weights)), args.out)


def print_rate(name: str, hits: np.ndarray) -> None:
    if len(hits):
        low, high = rate_interval(int(hits.sum()), len(hits))
        print(f"  {name}: {hits.sum()} of {len(hits)}, {100 * hits.mean():.1f} % [{100 * low:.1f}, {100 * high:.1f}]")


if __name__ == "__main__":
    main()
