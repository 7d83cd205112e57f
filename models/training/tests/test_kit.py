"""Tests of the kit that need no data: `python -m pytest models/training/tests`. Not part of `npm test`."""

from __future__ import annotations

import numpy as np
import onnxruntime
import pytest
import torch

from unmask_kit.data.faces import crop_faces, square_box
from unmask_kit.data.sources import share
from unmask_kit.make.degrade import degrade_pair, film
from unmask_kit.make.families import FAMILIES, Face, inside_square, make_pair, pick_family
from unmask_kit.make.redraw import DIFFUSION, FILE, HELD_OUT, PLANS, Autoencoder, Redrawer
from unmask_kit.make.taef2 import Taef2, read_taef2
from unmask_kit.ship.export import export
from unmask_kit.train.autoencoders import train_autoencoder
from unmask_kit.train.model import Classifier
from unmask_kit.train.onnx_model import Mirrored


def drawn_face(seed: int) -> Face:
	"""Noise with a face-shaped cloud of 68 points on a 256 px canvas."""
	rng = np.random.default_rng(seed)
	rgb = rng.integers(0, 256, (256, 256, 3), dtype=np.uint8)
	jaw = np.stack([128 + 55 * np.cos(np.linspace(np.pi, 0, 17)), 120 + 65 * np.sin(np.linspace(0, np.pi, 17))], 1)
	brows = np.stack([np.linspace(85, 171, 10), np.full(10, 95.0)], 1)
	nose = np.stack([np.r_[np.full(4, 128.0), np.linspace(115, 141, 5)], np.r_[np.linspace(105, 135, 4), np.full(5, 142.0)]], 1)
	turn = np.linspace(0, 2 * np.pi, 7)[:6]
	eyes = np.concatenate([np.stack([x + 10 * np.cos(turn), 108 + 4 * np.sin(turn)], 1) for x in (105, 151)])
	turn = np.linspace(0, 2 * np.pi, 21)[:20]
	mouth = np.stack([128 + 20 * np.cos(turn), 162 + 7 * np.sin(turn)], 1)
	points = np.concatenate([jaw, brows, nose, eyes, mouth]).astype(np.float32)
	return Face(rgb, np.array([70, 75, 186, 190], np.float32), points)


@pytest.mark.parametrize("family", list(FAMILIES))
def test_pair_is_identical_outside_the_mask(family: str) -> None:
	for seed in range(8):
		real, fake, mask = make_pair(np.random.default_rng(seed), drawn_face(seed), drawn_face(seed + 50), family)
		differs = (real != fake).any(2)
		assert mask.shape == real.shape[:2]
		assert mask.min() >= 0 and mask.max() <= 1
		assert not differs[mask == 0].any()


def test_every_family_changes_something() -> None:
	for family in FAMILIES:
		pairs = [make_pair(np.random.default_rng(seed), drawn_face(seed), drawn_face(seed + 50), family) for seed in range(8)]
		assert any((real != fake).any() for real, fake, _ in pairs), family


def test_equal_pictures_stay_equal_through_all_degradations() -> None:
	face = drawn_face(3)
	for seed in range(12):
		rng = np.random.default_rng(seed)
		pair = degrade_pair(rng, face.rgb, face.rgb.copy(), face)
		assert np.array_equal(*pair)
		for filmed in film(rng, [pair, pair]):
			assert np.array_equal(*filmed)


def test_left_out_families_are_never_drawn() -> None:
	rng = np.random.default_rng(0)
	assert "other-face" not in {pick_family(rng, ("other-face",)) for _ in range(300)}


@pytest.mark.parametrize("name", [*PLANS, DIFFUSION])
def test_a_redrawn_face_keeps_the_canvas_around_its_region(name: str, tmp_path) -> None:
	model = Taef2() if name == DIFFUSION else Autoencoder(PLANS[name])
	torch.save({name: model.state_dict()}, tmp_path / FILE)
	redraw, face = Redrawer(tmp_path, unseen=name == HELD_OUT), drawn_face(4)
	for seed, wide in ((1, False), (2, True)):
		again = redraw(np.random.default_rng(seed), face, wide)
		outside = inside_square(face.rgb.shape[:2], again.box, 0.03) == 0
		assert np.array_equal(again.rgb[outside], face.rgb[outside])
		assert (again.rgb != face.rgb).any()
		assert (again.side > 1.85 * face.side) == wide


def test_without_autoencoders_the_kit_says_what_to_run(tmp_path) -> None:
	with pytest.raises(FileNotFoundError, match="autoencoders"):
		Redrawer(tmp_path)


def test_another_repository_is_not_taken_for_taef2(tmp_path) -> None:
	with pytest.raises(SystemExit, match="has no taef2_encoder"):
		read_taef2(tmp_path)


def test_an_autoencoder_learns() -> None:
	y, x = np.mgrid[:128, :128].astype(np.float32)
	waves = [np.dstack([np.sin(x / 9 + k), np.cos(y / 7 + k), np.sin((x + y) / 11)]) for k in range(6)]
	data = torch.from_numpy((np.stack(waves) * 100 + 128).astype(np.uint8)).permute(0, 3, 1, 2)
	picture = data[:2].float() / 255
	fresh, taught = (train_autoencoder(PLANS["nearest"], data, 0, steps, 1)(picture) for steps in (1, 60))
	assert (taught - picture).abs().mean() < 0.6 * (fresh - picture).abs().mean()


def test_train_mode_and_eval_mode_agree_and_images_do_not_see_each_other() -> None:
	torch.manual_seed(0)
	model, crops = Classifier(), torch.rand(4, 3, 96, 96)
	with torch.no_grad():
		trained = model.train().forward_training(crops)[0]
		judged = model.eval()(crops)[0]
		alone = torch.cat([model(crops[i : i + 1])[0] for i in range(4)])
	assert torch.allclose(trained, judged, atol=1e-4)
	assert torch.allclose(judged, alone, atol=1e-4)


def test_export_keeps_the_logits(tmp_path) -> None:
	torch.manual_seed(0)
	model = Classifier()
	torch.save({"ema": model.state_dict()}, tmp_path / "checkpoint.pt")
	export(tmp_path / "checkpoint.pt", tmp_path / "model.onnx", 160)
	session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
	for n in (1, 3):
		logit, cam, emb = session.run(None, {"crops": np.random.default_rng(0).random((n, 3, 160, 160), np.float32)})
		assert logit.shape == (n,) and cam.shape == (n, 1, 5, 5) and emb.shape == (n, 1280)
		assert np.abs(cam.mean((1, 2, 3)) - logit).max() < 1e-4


def test_crop_is_the_picture_itself_at_its_own_size() -> None:
	rgb = drawn_face(0).rgb
	crop = crop_faces(rgb, np.array([[48.0, 48, 208, 208]]), 160)[0]
	assert np.allclose(crop.permute(1, 2, 0).numpy() * 255, rgb[48:208, 48:208], atol=1e-3)


def test_square_box() -> None:
	assert square_box(np.array([10.0, 20, 30, 60]), 1.5).tolist() == [-10, 10, 50, 70]


def test_splits_do_not_depend_on_the_machine() -> None:
	assert abs(share("a") - 0.79137) < 1e-3
	assert share("a") != share("b")


def test_mirrored_scoring_ignores_the_direction_of_a_face() -> None:
	model, crops = Mirrored(Classifier().eval()), torch.rand(2, 3, 64, 64)
	with torch.inference_mode():
		(logit, cam, _), (other, turned, _) = model(crops), model(crops.flip(-1))
	assert torch.allclose(logit, other, atol=1e-5) and torch.allclose(cam, turned.flip(-1), atol=1e-5)
	assert torch.allclose(cam.mean((1, 2, 3)), logit, atol=1e-5)
