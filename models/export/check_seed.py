"""Checks the whole round trip of the legacy application's weights against PyTorch: full-size files in every form of torch.save -> `unmask models import` ->
onnxruntime.

Usage: python check_seed.py [FORM...]     (needs torch, torchvision, onnxruntime, numpy, and the built program: npm ci)

Prints one line per form: size, time of the import, largest difference of the logits, and largest difference of the Grad-CAM maps as a share of their
largest number. Exits with 1 if a difference exceeds its tolerance. Weights and pictures follow the formula of seed_network.py.
"""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torchvision

from seed_network import SeedNetwork, answers, formula_network, pictures

ROOT = Path(__file__).resolve().parents[2]


def write_deflated(state: dict, path: Path) -> None:
    """Writes the file as if an archiver had repacked it."""
    data = io.BytesIO()
    torch.save(state, data)
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))


def shared(state: dict) -> dict:
    """Makes every tensor a view of one storage, with convolutions in channels-last order."""
    floats = {name: value for name, value in state.items() if value.is_floating_point()}
    turned = {name: value.permute(0, 2, 3, 1) if value.dim() == 4 else value for name, value in floats.items()}
    flat, at, views = torch.cat([value.flatten() for value in turned.values()]), 0, {}
    for name, value in turned.items():
        view = flat[at : at + value.numel()].view(value.shape)
        views[name] = view.permute(0, 3, 1, 2) if value.dim() == 4 else view
        at += value.numel()
    return views


def cast(state: dict, kind: torch.dtype) -> dict:
    return {name: value.to(kind) if value.is_floating_point() else value for name, value in state.items()}


# Form -> how a file of that form is written, and the number type that it holds.
FORMS = {
    "zip": (lambda network, path: torch.save(network.state_dict(), path), torch.float32),
    "zip, --fp16": (lambda network, path: torch.save(network.state_dict(), path), torch.float32),
    "legacy": (lambda network, path: torch.save(network.state_dict(), path, _use_new_zipfile_serialization=False), torch.float32),
    "deflated": (lambda network, path: write_deflated(network.state_dict(), path), torch.float32),
    "shared, strided": (lambda network, path: torch.save(shared(network.state_dict()), path), torch.float32),
    "TorchScript, scripted": (lambda network, path: torch.jit.script(network).save(str(path)), torch.float32),
    "TorchScript, traced": (lambda network, path: torch.jit.trace(network, torch.zeros(2, 3, 112, 112)).save(str(path)), torch.float32),
    "checkpoint, module.": (
        lambda network, path: torch.save(
            {"epoch": 20, "state_dict": {f"module.{name}": value for name, value in network.state_dict().items()}, "optimizer": {"lr": 1e-5}}, path
        ),
        torch.float32,
    ),
    "float16": (lambda network, path: torch.save(cast(network.state_dict(), torch.float16), path), torch.float16),
    "bfloat16": (lambda network, path: torch.save(cast(network.state_dict(), torch.bfloat16), path), torch.bfloat16),
    "float64": (lambda network, path: torch.save(cast(network.state_dict(), torch.float64), path), torch.float64),
}


def import_file(path: Path, folder: Path, fp16: bool) -> tuple[Path, float]:
    """Imports a file; returns the ONNX file and the seconds that the process took."""
    command = ["node", str(ROOT / "dist/function/cli.js"), "models", "import", str(path), *(["--fp16"] if fp16 else [])]
    start = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, "UNMASK_CUSTOM_MODELS": str(folder)}, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        raise SystemExit(f"{path.name}: {done.stderr}")
    (about,) = folder.glob("*/model.json")
    return about.parent / json.loads(about.read_text())["file"], seconds


def check(form: str, folder: Path) -> bool:
    """Checks one form and prints its line; returns whether it is within the tolerances."""
    write, kind = FORMS[form]
    network = formula_network()
    path = folder / "model_90_acc_20_frames_FF_data.pt"
    with torch.no_grad():
        write(network, path)
    exact = SeedNetwork().eval()
    exact.load_state_dict({name: value.to(kind).double() if value.is_floating_point() else value for name, value in network.state_dict().items()})
    crops = pictures().astype(np.float32) / 255
    expected = answers(exact, crops)
    model, seconds = import_file(path, folder / "models", "--fp16" in form)
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    logits, cam = session.run(["logits", "cam"], {"crops": crops})
    off = float(np.abs(logits - expected["logits"]).max())
    cam_off = float(np.abs(cam - expected["cam"]).max() / np.abs(expected["cam"]).max())
    good = off < (1e-2 if "--fp16" in form else 1e-4) and cam_off < (1e-2 if "--fp16" in form else 1e-3)
    sizes = f"{path.stat().st_size / 1e6:6.1f} MB -> {model.stat().st_size / 1e6:6.1f} MB"
    print(f"{form:22} {sizes} in {seconds:4.1f} s   logits off by {off:.1e}   maps off by {cam_off:.1e}   {'ok' if good else 'TOO FAR'}", flush=True)
    return good


def main(forms: list[str]) -> int:
    print(f"torch {torch.__version__}, torchvision {torchvision.__version__}, onnxruntime {onnxruntime.__version__}, Python {sys.version.split()[0]}")
    results = []
    for form in forms or FORMS:
        with tempfile.TemporaryDirectory() as folder:
            results.append(check(form, Path(folder)))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
