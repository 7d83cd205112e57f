"""Makes seed.json and the files of test/fixtures/weights: real files of torch.save, small and large, and what PyTorch answers.

Usage: python seed.py     (torch, torchvision, numpy; their versions go into the head of seed.json)

- `NAME.pt`: small state dicts in every form in which people have such files, with `small.json` telling the numbers in them;
- `seed-zip.skeleton.gz`, `seed-legacy-half.skeleton.gz`: the bytes of a real file of the whole network (227 and 113 MB) without the numbers, which follow
  the formula of models/export/seed_network.py; the tests put them back and compare the file's SHA-256 with the one in seed.json;
- `seed-constant.pt`: the whole network in 100 kB, every tensor a single number seen through strides of 0;
- `seed.json`: logits, embeddings and Grad-CAM by autograd in double precision for the four pictures of seed_network.py.
"""

import base64
import gzip
import hashlib
import io
import json
import pickle
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
import torchvision

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "models/export"))
from seed_network import answers, by_formula, formula_network, pictures  # noqa: E402

FIXTURES = HERE.parent / "fixtures/weights"


def save(value, **options) -> bytes:
    """What torch.save writes."""
    out = io.BytesIO()
    torch.save(value, out, **options)
    return out.getvalue()


def rezip(data: bytes, method: int, zip64: bool = False, change=lambda name, content: content, keep=lambda name: True) -> bytes:
    """The same archive packed again, as people's archivers do; `change` may alter an entry, `keep` leave it out."""
    out = io.BytesIO()
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 1 if zip64 else zipfile.ZIP64_LIMIT  # larger sizes and offsets are written as zip64
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", method) as target:
            for name in filter(keep, source.namelist()):
                target.writestr(name, change(name, source.read(name)))
    finally:
        zipfile.ZIP64_LIMIT = limit
    return out.getvalue()


class Small(torch.nn.Module):
    """A network for TorchScript."""

    def __init__(self) -> None:
        super().__init__()
        self.model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
        self.lstm = torch.nn.LSTM(2, 2, 1, False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.lstm(self.model(x)[None])[0]


class Attack:
    """A pickle of it runs a command where pickles are loaded without care."""

    def __init__(self, call, *args) -> None:
        self.call, self.args = call, args

    def __reduce__(self):
        return self.call, self.args


def small_files() -> dict[str, tuple[bytes, dict[str, torch.Tensor] | None]]:
    """Name -> the file, and the tensors in it by their paths; None = it has to be refused."""
    torch.manual_seed(8)
    plain = {"a.weight": torch.randn(3, 4), "a.bias": torch.randn(3), "steps": torch.tensor(1000)}
    floats = {name: value for name, value in plain.items() if value.is_floating_point()}
    base = torch.arange(24, dtype=torch.float32)
    views = {
        "whole": base.view(4, 6),
        "turned": base.view(4, 6).t(),
        "stepped": base.view(4, 6)[1::2, 1::2],
        "repeated": base[5:6].expand(3, 2),
        "scalar": base[7],
        "empty": torch.zeros(0, 3),
        "cube": base.view(2, 3, 4).permute(2, 0, 1),
    }
    state = torch.nn.Linear(4, 3).state_dict()  # an OrderedDict with _metadata
    checkpoint = {
        "epoch": 7,
        "best": np.float64(0.5),
        "state_dict": {f"module.{name}": value for name, value in floats.items()},
        "optimizer": {"state": {0: {"step": torch.tensor(3.0)}}, "param_groups": [{"lr": 1e-3, "betas": (0.9, 0.999), "params": [0, 1]}]},
        "note": "text with é and 中",
    }
    script = Small().eval()

    def save_script(module) -> bytes:
        out = io.BytesIO()
        torch.jit.save(module, out)
        return rezip(out.getvalue(), zipfile.ZIP_STORED, keep=lambda name: not name.endswith(".debug_pkl"))  # those name folders of this machine

    scripted_floats = {name: value for name, value in script.state_dict().items() if value.is_floating_point()}
    zipped, legacy = save(plain), save(plain, _use_new_zipfile_serialization=False)
    in_checkpoint = {f"state_dict.module.{name}": value for name, value in floats.items()} | {"optimizer.state.0.step": torch.tensor(3.0)}
    torch.serialization.set_crc32_options(False)
    without_sums = save(plain)
    torch.serialization.set_crc32_options(True)
    quantised = torch.quantize_per_tensor(torch.randn(3), 0.1, 0, torch.qint8)
    big = lambda name, content: b"big" if name.endswith("byteorder") else content  # noqa: E731
    return {
        "zip": (zipped, floats),
        "zip-no-checksums": (without_sums, floats),
        "zip-stored-again": (rezip(zipped, zipfile.ZIP_STORED), floats),
        "zip64": (rezip(zipped, zipfile.ZIP_STORED, zip64=True), floats),
        "zip-deflated": (rezip(zipped, zipfile.ZIP_DEFLATED), floats),
        "zip-protocol-4": (save(plain, pickle_protocol=4), floats),
        "legacy": (legacy, floats),
        "legacy-views": (save(views, _use_new_zipfile_serialization=False), views),
        "state-dict": (save(state), dict(state)),
        "views": (save(views), views),
        "half": (save({name: value.half() for name, value in floats.items()}), {name: value.half() for name, value in floats.items()}),
        "bfloat16": (save({name: value.bfloat16() for name, value in floats.items()}), {name: value.bfloat16() for name, value in floats.items()}),
        "double": (save({name: value.double() / 3 for name, value in floats.items()}), {name: value.double() / 3 for name, value in floats.items()}),
        "parameters": (save({name: torch.nn.Parameter(value) for name, value in floats.items()}), floats),
        "checkpoint": (save(checkpoint), in_checkpoint),
        "checkpoint-legacy": (save(checkpoint, _use_new_zipfile_serialization=False), in_checkpoint),
        "scripted": (save_script(torch.jit.script(script)), scripted_floats),
        "traced": (save_script(torch.jit.trace(script, torch.zeros(2, 3))), scripted_floats),
        "big-endian": (rezip(zipped, zipfile.ZIP_DEFLATED, change=big), None),
        "legacy-big-endian": (legacy.replace(b"little_endianq\x02\x88", b"little_endianq\x02\x89"), None),
        "quantised": (save({"a": quantised}), None),
        "whole-module": (save(torch.nn.Linear(2, 2)), None),
        "attack-system": (save({"a.weight": plain["a.weight"], "b": Attack(__import__("os").system, "touch attacked")}), None),
        "attack-eval-legacy": (save({"b": Attack(eval, "open('attacked', 'w')")}, _use_new_zipfile_serialization=False), None),
        "attack-getattr": (save({"b": Attack(getattr, "", "join")}), None),
        "bare-pickle": (pickle.dumps({"a": [1, 2, 3]}, 2), None),
    }


def write_small() -> None:
    facts = {}
    for name, (data, tensors) in small_files().items():
        (FIXTURES / f"{name}.pt").write_bytes(data)
        if tensors is not None:
            facts[name] = {path: {"shape": list(value.shape), "values": value.detach().double().flatten().tolist()} for path, value in tensors.items()}
    (FIXTURES / "small.json").write_text(json.dumps(facts) + "\n")


def storages_of(data: bytes, state: dict[str, torch.Tensor]) -> list[tuple[int, str, str]]:
    """(first byte, tensor, kind of numbers) of every tensor whose numbers are all of a storage of its own."""
    found, start = [], 0
    for name, value in state.items():
        raw = value.detach().contiguous().view(torch.uint8).numpy().tobytes() if value.dim() else b""
        if len(raw) < 256 or not value.is_floating_point():
            continue  # small ones stay in the skeleton
        at = data.find(raw, start)
        at = data.find(raw) if at < 0 else at
        if at < 0:
            raise SystemExit(f"{name} not found")
        found.append((at, name, "half" if value.dtype == torch.float16 else "float"))
    return sorted(found)


def write_skeleton(name: str, data: bytes, prefix: str, state: dict[str, torch.Tensor]) -> dict:
    """The file without its numbers: literal bytes and names of tensors in turn."""
    parts, at = [], 0
    for start, tensor, kind in storages_of(data, state):
        shape = list(state[tensor].shape)
        parts += [{"bytes": base64.b64encode(data[at:start]).decode()}, {"tensor": tensor.removeprefix(prefix), "shape": shape, "kind": kind}]
        at = start + int(np.prod(shape)) * (2 if kind == "half" else 4)
    parts.append({"bytes": base64.b64encode(data[at:]).decode()})
    (FIXTURES / f"{name}.skeleton.gz").write_bytes(gzip.compress(json.dumps(parts).encode(), 9, mtime=0))
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main() -> None:
    FIXTURES.mkdir(exist_ok=True)
    write_small()
    network = formula_network()
    crops = pictures().astype(np.float32) / 255
    state = network.state_dict()
    expanded = {name: torch.full((1,), 0.001).expand(value.shape) if value.dim() else value for name, value in state.items()}
    (FIXTURES / "seed-constant.pt").write_bytes(rezip(save(expanded), zipfile.ZIP_DEFLATED))
    files = {"seed-zip": write_skeleton("seed-zip", save(state), "", state)}
    half = {f"module.{name}": value.half() if value.is_floating_point() else value for name, value in state.items()}
    checkpoint = save({"epoch": 3, "state_dict": half}, _use_new_zipfile_serialization=False)
    files["seed-legacy-half"] = write_skeleton("seed-legacy-half", checkpoint, "module.", half)

    def expected() -> dict:
        return {name: [round(float(x), 9) for x in value.ravel()[:: 64 if name == "emb" else 1]] for name, value in answers(network, crops).items()}

    single = {"float": expected()}
    network.load_state_dict({name.removeprefix("module."): value.double() if value.is_floating_point() else value for name, value in half.items()})
    single["half"] = expected()
    head = {"python": sys.version.split()[0], "torch": torch.__version__, "torchvision": torchvision.__version__, "numpy": np.__version__}
    (HERE / "seed.json").write_text(json.dumps({"madeWith": head, "files": files, "answers": single}) + "\n")


if __name__ == "__main__":
    main()
