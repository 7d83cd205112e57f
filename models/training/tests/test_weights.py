"""Tests of the file of frozen matrices, on a network of one block with random matrices instead of the package's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from unmask_kit.ship.export import export
from unmask_kit.ship.manifest import start_folder, write_entry
from unmask_kit.ship.parity import with_classifier
from unmask_kit.ship.weights import copy_model, weights_files
from unmask_kit.train import networks
from unmask_kit.train.clip import CLIP_TRUNKS, ClipClassifier, Encoder
from unmask_kit.train.ensemble import ensemble
from unmask_kit.train.model import Classifier
from unmask_kit.train.onnx_model import Exported

SIDE, TRUNK = 224, "clip1r"
SERVING = {"tier": "thorough", "licence": "", "mirrored": False, "speed": None}
FOUND = {"calibration": {}, "metrics": []}


def draw_package(encoder: Encoder, _: Path | None = None) -> None:
	"""Replaces the package: the same matrices each time."""
	generator = torch.Generator().manual_seed(1)
	encoder.patches.normal_(0, 0.02, generator=generator)
	encoder.places.normal_(0, 0.02, generator=generator)
	for block in encoder.blocks:
		for part in (block.qkv, block.out, block.wide, block.narrow):
			part.weight.random_(-127, 128, generator=generator)
			part.scale.uniform_(2e-4, 4e-4, generator=generator)


@pytest.fixture(autouse=True)
def _one_block(monkeypatch) -> None:
	monkeypatch.setitem(CLIP_TRUNKS, TRUNK, (1, 2))
	monkeypatch.setattr(networks, "package_file", lambda: None)
	monkeypatch.setattr(networks, "load_package", draw_package)


def trained(folder: Path, seed: int, model: torch.nn.Module | None = None, trunk: str = TRUNK) -> Path:
	"""A separate run with random trained values."""
	torch.manual_seed(seed)
	model = model or ClipClassifier(TRUNK)
	with torch.no_grad():
		for parameter in model.parameters():
			parameter.normal_(0, 0.02)
	folder.mkdir()
	state = {"ema": model.state_dict(), "settings": {"trunk": trunk}, "step": 1, "passes": 2, "elapsed_s": 3.0, "recipe": {}}
	torch.save(state, folder / "checkpoint.pt")
	return folder / "checkpoint.pt"


@pytest.fixture
def exported(tmp_path) -> Path:
	export(trained(tmp_path / "one", 1), tmp_path / "one" / "one-224.onnx", SIDE)
	return tmp_path / "one" / "one-224.onnx"


def test_frozen_matrices_are_in_a_file_named_by_their_digest(exported: Path, tmp_path) -> None:
	(weights,) = weights_files(exported)
	assert weights.stem == f"clip-vit-b16-{hashlib.sha256(weights.read_bytes()).hexdigest()[:12]}"
	assert weights.name.encode() in exported.read_bytes()
	assert exported.stat().st_size < 500_000 < 10_000_000 < weights.stat().st_size
	onnx.checker.check_model(str(exported), full_check=True)
	tensors = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in onnx.load(exported).graph.initializer}
	given = networks.network(TRUNK).encoder.blocks[0].narrow
	assert np.array_equal(tensors["encoder.blocks.0.narrow.weight"], given.weight.numpy())
	assert np.array_equal(tensors["encoder.blocks.0.narrow.scale"][:, 0], given.scale.numpy())
	onnx.save(onnx.load(exported), tmp_path / "whole-224.onnx")  # everything in one file
	crops = torch.rand(2, 3, SIDE, SIDE)
	for split, whole in zip(Exported(exported)(crops), Exported(tmp_path / "whole-224.onnx")(crops), strict=True):
		assert torch.equal(split, whole)


def test_every_network_on_the_encoder_names_the_same_file(exported: Path, tmp_path) -> None:
	trained(tmp_path / "two", 2)
	trained(tmp_path / "lite", 3, Classifier(), "lite0")
	runs = [tmp_path / name for name in ("one", "lite", "two")]
	ensemble(runs, tmp_path / "sum" / "checkpoint.pt")
	export(tmp_path / "sum" / "checkpoint.pt", tmp_path / "sum" / "sum-224.onnx", SIDE)
	((first,), (second,)) = weights_files(exported), weights_files(tmp_path / "sum" / "sum-224.onnx")
	assert first.name == second.name and first.read_bytes() == second.read_bytes()
	assert exported.read_bytes() != (tmp_path / "sum" / "sum-224.onnx").read_bytes()


def test_a_network_without_frozen_parts_is_one_file(tmp_path) -> None:
	export(trained(tmp_path / "lite", 3, Classifier(), "lite0"), tmp_path / "lite" / "lite-224.onnx", SIDE)
	assert weights_files(tmp_path / "lite" / "lite-224.onnx") == []


def test_weights_are_published_with_the_graph_and_deleted_when_unused(exported: Path, tmp_path) -> None:
	models = tmp_path / "models"
	models.mkdir()
	copy_model(exported, models / exported.name)
	write_entry(models / "manifest.json", models / exported.name, SERVING, FOUND, "a test")
	((entry,), (weights,)) = json.loads((models / "manifest.json").read_text())["files"], weights_files(exported)
	data = (models / weights.name).read_bytes()
	assert entry["weights"] == [{"file": weights.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
	copy_model(exported, models / "other-224.onnx")
	write_entry(models / "manifest.json", models / "other-224.onnx", SERVING, FOUND, "a test")
	assert {path.name for path in models.iterdir()} == {"manifest.json", "other-224.onnx", weights.name}
	export(trained(tmp_path / "lite", 3, Classifier(), "lite0"), models / "lite-224.onnx", SIDE)
	write_entry(models / "manifest.json", models / "lite-224.onnx", SERVING, FOUND, "a test")
	assert {path.name for path in models.iterdir()} == {"manifest.json", "lite-224.onnx"}


def test_damaged_weights_are_not_published(exported: Path) -> None:
	(weights,) = weights_files(exported)
	weights.write_bytes(weights.read_bytes()[:-1] + b"x")
	with pytest.raises(ValueError, match=weights.name):
		write_entry(exported.parent / "manifest.json", exported, SERVING, FOUND, "a test")
	assert not (exported.parent / "manifest.json").exists()


def test_other_models_folders_have_the_weights(exported: Path, tmp_path) -> None:
	((weights,), models) = weights_files(exported), exported.parent
	write_entry(models / "manifest.json", exported, SERVING, FOUND, "a test")
	folder = with_classifier(models, "one-224", exported, tmp_path / "parity")
	(entry,) = json.loads((folder / "manifest.json").read_text())["files"]
	assert (folder / weights.name).read_bytes() == weights.read_bytes() and entry["weights"][0]["file"] == weights.name
	assert Exported(folder / entry["file"])(torch.rand(1, 3, SIDE, SIDE))[0].isfinite().all()
	content = json.loads((models / "manifest.json").read_text())
	content["files"][0]["kind"] = "detector"
	(models / "manifest.json").write_text(json.dumps(content))
	start_folder(tmp_path / "started", models)
	assert (tmp_path / "started" / weights.name).read_bytes() == weights.read_bytes()
