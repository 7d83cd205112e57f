"""Makes the reader of covered and drawn faces: small networks on the first stages of EfficientNet-Lite0 with its ImageNet weights.

Usage: python face_cover.py CROPS WORK OUT.onnx

CROPS is the output of `face_cover_crops.py`. WORK caches the features, so that a second run only fits and exports.

Each training face is read as it is and after changes (`face_cover_changes.py`), drawn and covered ones several times. Held-out faces are read as they are, small,
and dim. Covers of other shapes and textures are painted over plain faces. `painted` covers most of the face. `grazed` covers a part that leaves enough to judge, and
counts as plain. Faces of kind `check` are only scored. Pictures of kind `apart` set no threshold and are only printed, and near-duplicates of them leave the
training set.

Graph: crops f32 [N, 3, 160, 160] RGB 0..1 (`face-crop-160.onnx`, 1.3 x the detector's box) -> covered f32 [N], drawn f32 [N], each 0..1. The value .5 is set on
the first half of the held-out faces: 99.7 % of the plain faces of each source stay below it, and 99 % of the same faces made small, or dim and soft.

Each crop is halved to 80 px. From stages 3 to 5, the means of the upper and the lower half are read, and from stage 3 also the deviation. The trunk is not
trained. Each output is the mean of three networks with one hidden layer.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from face_cover_changes import SIDE, blob_shape, changed, dim, mask_shape, painted, small
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training"))
from unmask_kit.measure.conditions import LIGHTS, TONES, skin_tone  # noqa: E402
from unmask_kit.measure.statistics import rate_interval  # noqa: E402
from unmask_kit.train.model import Classifier, load_imagenet  # noqa: E402

FIRST_STAGE, LAST_STAGE = 2, 5
READ = 504
"""Number of features read from the stages."""
MEMBERS, HIDDEN, EPOCHS, BATCH, RATE, DECAY, DROPPED, JITTER, PLAIN_SHARE = 3, 64, 12, 256, 3e-3, 0.2, 0.2, 0.05, 0.6
NEARLY_SAME = 0.97
"""Two pictures count as the same if the cosine of their standardised features is above this."""
CHANGED_TIMES = {"covered": 6, "drawn": 10, "plain": 1, "painted": 2, "grazed": 1}
VIEWS = {"as it is": 0.003, "small": 0.01, "dim": 0.01}
"""How held-out faces are read, and the share of a source's plain faces that may lie above .5."""
FEWEST_TO_SET, ROOM = 40, 0.4
PAINTED_OF_EACH = {"fit": 150, "set": 25, "score": 25}
ANSWERS = {
    "covered": (("covered", "painted"), ("plain", "grazed")),
    "drawn": (("drawn",), ("plain", "grazed", "covered", "painted")),
}


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
    """The features, and the mean of several networks for each output; `mean` and `deviation` [504] standardise their input."""

    def __init__(self, features: Features, networks: dict[str, list[nn.Module]], mean: np.ndarray, deviation: np.ndarray) -> None:
        super().__init__()
        self.features = features
        self.networks = nn.ModuleList(nn.ModuleList(networks[name]) for name in ANSWERS)
        self.register_buffer("mean", torch.from_numpy(mean).float())
        self.register_buffer("deviation", torch.from_numpy(deviation).float())

    def forward(self, crops: Tensor) -> tuple[Tensor, ...]:
        x = (self.features(crops) - self.mean) / self.deviation
        return tuple(torch.sigmoid(sum(network(x)[:, 0] for network in some) / len(some)) for some in self.networks)


def features_of(crops: np.ndarray, model: Features) -> np.ndarray:
    with torch.no_grad():
        parts = [model(torch.from_numpy(crops[at : at + 32]).float() / 255).numpy() for at in range(0, len(crops), 32)]
    return np.concatenate(parts) if parts else np.zeros((0, READ), np.float32)


def read_source(kept: Path, kind: str, faces: dict[str, np.ndarray], model: Features) -> None:
    """Writes features, names, groups, parts and views of a source's faces; the seed derives from the source's name."""
    if kept.exists():
        return
    rng, rows = np.random.default_rng(zlib.crc32(kept.stem.encode())), {key: [] for key in ("f", "name", "group", "part", "view")}
    crops, everything = faces["crops"], np.arange(len(faces["crops"]))

    def add(shown: list[np.ndarray], at: np.ndarray, view: str) -> None:
        rows["f"].append(features_of(np.array(shown).reshape(-1, 3, SIDE, SIDE), model))
        rows["view"].append(np.full(len(at), view, "<U8"))
        for key in ("name", "group", "part"):
            rows[key].append(faces[key][at])

    fit = everything[:0] if kind in ("check", "apart") else np.flatnonzero(faces["part"] == "fit")
    held = everything[:0] if kind == "apart" else np.setdiff1d(everything, fit)
    add(list(crops), everything, "as it is")
    for _ in range(CHANGED_TIMES.get(kind, 0)):
        add([changed(crops[i], rng) for i in fit], fit, "changed")
    add([small(crops[i], rng) for i in held], held, "small")
    add([dim(crops[i], rng) for i in held], held, "dim")
    np.savez(kept, kind=kind, **{key: np.concatenate(value) for key, value in rows.items()})
    print(f"{kept.stem}: {len(crops)} faces, {sum(map(len, rows['name']))} rows, {kind}", flush=True)


def read_all(folder: Path, work: Path, model: Features) -> dict[str, np.ndarray]:
    """Reads the rows of all sources, including the painted ones, with skin tone and light of the held-out faces."""
    sources = {path.stem: dict(np.load(path)) for path in sorted(folder.glob("*.npz"))}
    work.mkdir(parents=True, exist_ok=True)
    for name, faces in sources.items():
        read_source(work / f"{name}.npz", str(faces["kind"]), faces, model)
    plain = [faces for faces in sources.values() if str(faces["kind"]) == "plain"]
    chosen = [np.concatenate([np.flatnonzero(faces["part"] == part)[:most] for part, most in PAINTED_OF_EACH.items()]) for faces in plain]
    pool = {key: np.concatenate([faces[key][at] for faces, at in zip(plain, chosen, strict=True)]) for key in ("crops", "name", "group", "part")}
    rng = np.random.default_rng(9)
    for kind, source, shape in (
        ("painted", "painted mask", mask_shape),
        ("painted", "painted over most", lambda rng: blob_shape(rng, 0.5, 0.95)),
        ("grazed", "painted over a part", lambda rng: blob_shape(rng, 0.04, 0.2)),
    ):
        if not (work / f"{source}.npz").exists():
            crops = np.array([painted(crop, pool["crops"], shape(rng), rng) for crop in pool["crops"]])
            read_source(work / f"{source}.npz", kind, {**pool, "crops": crops}, model)
    rows = {key: [] for key in ("f", "name", "group", "part", "view", "kind", "source", "tone", "light")}
    for path in sorted(work.glob("*.npz")):
        read = dict(np.load(path))
        for key in ("f", "name", "group", "part", "view"):
            rows[key].append(read[key])
        rows["kind"].append(np.full(len(read["name"]), str(read["kind"]), "<U8"))
        rows["source"].append(np.full(len(read["name"]), path.stem, "<U40"))
        tone_and_light = tone_and_light_of(sources.get(path.stem))
        for key, at in (("tone", 0), ("light", 1)):
            rows[key].append(np.array([tone_and_light.get(name, (np.nan, np.nan))[at] for name in read["name"]]))
    return {key: np.concatenate(value) for key, value in rows.items()}


def tone_and_light_of(faces: dict[str, np.ndarray] | None) -> dict[str, tuple[float, float]]:
    """Skin tone (ITA) and light (0..255, middle of the crop) by name, for the held-out plain faces."""
    if faces is None or str(faces["kind"]) != "plain":
        return {}
    quarter = slice(SIDE // 4, 3 * SIDE // 4)
    held = np.flatnonzero(faces["part"] != "fit")
    return {str(faces["name"][i]): (skin_tone(faces["crops"][i].astype(np.float32) / 255), float(faces["crops"][i][:, quarter, quarter].mean())) for i in held}


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(READ, HIDDEN), nn.ReLU(), nn.Dropout(DROPPED), nn.Linear(HIDDEN, 1))


def fitted(x: Tensor, y: Tensor, weight: Tensor) -> nn.Module:
    """Trains a network with AdamW."""
    model = network()
    steps = len(x) // BATCH + 1
    optimiser = torch.optim.AdamW(model.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=EPOCHS * steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x)).split(BATCH):
            scores = model(x[batch] + JITTER * torch.randn(len(batch), READ))[:, 0]
            loss = (F.binary_cross_entropy_with_logits(scores, y[batch], reduction="none") * weight[batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    return model.eval()


def weights_of(source: np.ndarray, positive: np.ndarray) -> np.ndarray:
    """Weights rows so that a source of n rows counts as n to the power of .8; PLAIN_SHARE is the total weight of the negative rows."""
    weight = np.array([0.0] * len(source))
    for name in np.unique(source):
        weight[source == name] = (source == name).sum() ** -0.2
    for of, share in ((positive, 1 - PLAIN_SHARE), (~positive, PLAIN_SHARE)):
        weight[of] *= share / weight[of].sum()
    return weight * len(weight)


def zero_of(scores: np.ndarray, rows: dict[str, np.ndarray]) -> float:
    """The logit to shift to 0, so that VIEWS holds for each source of the half that sets it."""
    found = []
    for source in np.unique(rows["source"][rows["kind"] == "plain"]):
        for view, share in VIEWS.items():
            some = scores[(rows["source"] == source) & (rows["part"] == "set") & (rows["view"] == view)]
            if len(some) > FEWEST_TO_SET:
                found.append(np.sort(some)[::-1][int(share * len(some))])
    return float(max(found)) + ROOM


def print_scores(answer: str, above: np.ndarray, scores: np.ndarray, rows: dict[str, np.ndarray]) -> None:
    """Prints rates by source for the half that set nothing, rates of all held-out plain faces by skin tone and light, and the values of pictures of kind `apart`."""
    kind, plain = rows["kind"], rows["kind"] == "plain"
    for source in dict.fromkeys(rows["source"][kind != "apart"]):
        for view in VIEWS:
            of = (rows["source"] == source) & (rows["view"] == view) & ((rows["part"] == "score") | (kind == "check"))
            print_rate(f"{source}, {view}", above[of])
    for view in VIEWS:
        print_rate(f"all plain, {view}", above[plain & (rows["part"] == "score") & (rows["view"] == view)])
        for key, bins in (("tone", TONES), ("light", LIGHTS)):
            for low, high, name in bins:
                print_rate(f"{name}, {view}, both halves", above[plain & (rows["part"] != "fit") & (rows["view"] == view) & (rows[key] >= low) & (rows[key] < high)])
    for i in np.flatnonzero(kind == "apart"):
        print(f"  {answer} {rows['name'][i]}: {1 / (1 + np.exp(-scores[i])):.3f}")


def print_rate(name: str, hits: np.ndarray) -> None:
    if len(hits):
        low, high = rate_interval(int(hits.sum()), len(hits))
        print(f"  {name}: {hits.sum()} of {len(hits)}, {100 * hits.mean():.2f} % [{100 * low:.2f}, {100 * high:.2f}]")


def export(model: Cover, out: Path) -> None:
    """Writes the graph, with larger weights as fp16."""
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crops", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(3)
    cv2.setNumThreads(1)
    model = Features().eval()
    rows = read_all(args.crops, args.work, model)
    kind = rows["kind"]
    fit = (rows["part"] == "fit") & ~np.isin(kind, ("check", "apart"))
    mean, deviation = rows["f"][fit].mean(0), rows["f"][fit].std(0) + 1e-3
    x = ((rows["f"] - mean) / deviation).astype(np.float32)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    twins = fit & ((unit @ unit[kind == "apart"].T).max(1, initial=-1) > NEARLY_SAME)
    print(f"{twins.sum()} of {fit.sum()} rows leave the training set: near-duplicates of a picture of kind apart")
    x, networks = torch.from_numpy(x), {}
    for answer, (wanted, others) in ANSWERS.items():
        at = np.flatnonzero(fit & ~twins & np.isin(kind, (*wanted, *others)))
        positive = np.isin(kind[at], wanted)
        weight = torch.from_numpy(weights_of(rows["source"][at], positive).astype(np.float32))
        networks[answer] = [fitted(x[at], torch.from_numpy(positive.astype(np.float32)), weight) for _ in range(MEMBERS)]
        with torch.no_grad():
            scores = sum(one(x)[:, 0] for one in networks[answer]).numpy() / MEMBERS
            zero = zero_of(scores, rows)
            for one in networks[answer]:
                one[-1].bias -= zero
        print(f"{answer}: fitted on {len(at)} rows, {positive.sum()} of them {answer}; zero at {zero:.2f}")
        print_scores(answer, scores > zero, scores - zero, rows)
    export(Cover(model, networks, mean, deviation), args.out)


if __name__ == "__main__":
    main()
