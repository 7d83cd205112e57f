"""Tests of single steps on made-up scores and weights: `python -m pytest models/training/tests`."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from test_kit import drawn_face

from unmask_kit.make.degrade import draw_coding, encode, film
from unmask_kit.make.families import FAMILIES
from unmask_kit.measure.calibrate import calibrate, clips_by_source, fake_threshold, left_out, new_source_threshold, quantile_of_kinds, video_limits
from unmask_kit.measure.compare import Line, compare, decide, report
from unmask_kit.measure.conditions import TREATMENTS, cells_of, restore
from unmask_kit.measure.evaluate import COLUMNS, other_scores, read_scores, select, write_scores
from unmask_kit.ship.export import export
from unmask_kit.ship.from_onnx import from_onnx, recover
from unmask_kit.train.between import between
from unmask_kit.train.checkpoint import load_averaged, read
from unmask_kit.train.ensemble import ensemble
from unmask_kit.train.model import Classifier, load_imagenet
from unmask_kit.train.onnx_model import Exported
from unmask_kit.train.train import Progress, Settings, losses, map_loss, rate_factor, true_rows
from unmask_kit.workspace import Workspace


def made_up_scores(apart: float, seed: int = 0) -> dict[str, np.ndarray]:
	"""Scores of every set, with fakes `apart` above reals, in groups of four crops."""
	rng = np.random.default_rng(seed)
	rows = []

	def add(name: str, source: str, label: int, n: int, prefix: str) -> None:
		for i in range(n):
			logit = f"{rng.normal(apart * label):.4f}"
			rows.append({"set": name, "name": f"{source}{label}{i}", "label": label, "group": f"{prefix}:{label}{i // 4}", "source": source})
			rows[-1] |= {"frames": 8 if name == "unseen-clips" else 1, "logit": float(logit)}

	for label, source in ((1, "Face2Face"), (0, "FF++ real")):
		add("dev-crops", source, label, 80, "ffpp")
	for label in (0, 1):
		add("dev-crops", "GenD x", label, 8, "gend")
		add("dev-videos", "dev video", label, 5, f"video{label}")
		for kind in ("ffpp", "talking"):
			add("unseen-true", kind, label, 60, kind)
		for family in FAMILIES:
			add("pseudo", family, label, 40, family)
		for source in ("made/a", "made/b"):
			add("unseen-clips", source, label, 20, source)
	for name in ("unseen-real", "unseen-filmed"):
		for source in ("london", "ciplab"):
			add(name, source, 0, 200, source)
	return {key: np.array([row[key] for row in rows]) for key in COLUMNS}


def test_scores_survive_a_round_trip_through_their_file(tmp_path) -> None:
	scores = made_up_scores(1)
	write_scores(tmp_path / "scores.csv", [dict(zip(COLUMNS, row, strict=True)) for row in zip(*(scores[key] for key in COLUMNS), strict=True)])
	assert all(np.array_equal(scores[key], value) for key, value in read_scores(tmp_path / "scores.csv").items())


def test_scores_of_other_sets_are_kept_only_from_the_same_file(tmp_path) -> None:
	work, scores = Workspace(tmp_path, tmp_path), made_up_scores(1)
	work.folder.mkdir()
	write_scores(work.scores, [dict(zip(COLUMNS, row, strict=True)) for row in zip(*(scores[key] for key in COLUMNS), strict=True)])
	work.scored.write_text("one\n")
	rows = other_scores(work, "one", ["unseen-clips", "pseudo"])
	assert {row["set"] for row in rows} == set(scores["set"]) - {"unseen-clips", "pseudo"}
	assert [row["logit"] for row in rows[:3]] == scores["logit"][:3].tolist()
	with pytest.raises(SystemExit, match="not of this file"):
		other_scores(work, "another", ["pseudo"])


def test_parts_of_a_set() -> None:
	scores = made_up_scores(1)
	assert select(scores, "dev-crops").sum() == 176
	assert select(scores, "dev-crops: GenD's").sum() == 16
	assert select(scores, "unseen-true: talking").sum() == 120
	assert select(scores, "pseudo: warp-only").sum() == 80


def test_a_better_model_is_published_and_a_worse_one_is_not() -> None:
	poor, good = made_up_scores(0.5), made_up_scores(2)
	assert report(poor, good)
	assert not report(good, poor)
	line = compare(poor, good, 200)[0]
	assert line.old < line.new and line.gain[0] > 0


def test_the_rule_fails_on_each_of_its_three_parts() -> None:
	lines = compare(made_up_scores(0.5), made_up_scores(2), 20)
	assert [fine for _, fine in decide(lines, 0.03)] == [True, True, True]
	assert [fine for _, fine in decide(lines, 0.031)] == [True, False, True]
	back = compare(made_up_scores(2), made_up_scores(0.5), 20)
	assert [fine for _, fine in decide(back, 0.0)] == [False, True, False]


def test_unseen_generators_may_cost_some_of_the_dev_crops_and_no_more() -> None:
	def line(name: str, gain: float, width: float = 0.001) -> Line:
		return Line(name, 100, 0.7, 0.7 + gain, gain + np.linspace(-width, width, 50))

	def better(*lines: Line) -> bool:
		return decide(list(lines), 0.0)[0][1]

	assert better(line("unseen-clips", 0.05), line("dev-crops", -0.015))
	assert not better(line("unseen-clips", 0.05), line("dev-crops", -0.021))
	assert not better(line("unseen-clips", 0.012), line("dev-crops", -0.015))
	assert not better(line("unseen-clips", 0.02, width=0.03), line("dev-crops", 0.0))
	assert better(line("dev-crops", 0.001)) and not better(line("dev-crops", -0.001))


def test_runs_on_other_items_are_not_compared() -> None:
	scores, other = made_up_scores(1), made_up_scores(1)
	other["name"] = other["name"][::-1]
	with pytest.raises(ValueError, match="same items"):
		compare(scores, other)


def test_calibration_of_made_up_scores() -> None:
	scores = made_up_scores(3)
	calibration, metrics = calibrate(scores)
	for kind in ("image", "video"):
		assert calibration[kind]["likelyRealBelow"] <= calibration[kind]["likelyFakeAbove"]
		assert calibration[kind]["falseAlarm"]["rate"] < 0.08
	assert {m["unit"] for m in metrics} == {"crops", "videos", "clips"}


def test_of_no_source_of_stills_more_than_one_percent_exceed_the_threshold() -> None:
	calm, retouched = np.arange(0.0, 1.0, 0.001), np.arange(2.0, 4.0, 0.01)
	logit = np.concatenate([calm, retouched])
	source = np.repeat(["calm", "retouched"], [len(calm), len(retouched)])
	scores = {"set": np.full(len(logit), "unseen-real"), "label": np.zeros(len(logit), int), "source": source, "logit": logit}
	threshold, asked = fake_threshold(scores)
	assert threshold == max(asked.values()) and (retouched > threshold).mean() <= 0.01
	without, _ = fake_threshold(scores, of=source == "calm")
	assert without < 1


def test_samples_of_a_mixture_have_equal_weight_whatever_their_size() -> None:
	few, many = np.arange(10.0), np.arange(100.0, 1100)
	assert quantile_of_kinds([few, many], 0.249) == 4 and quantile_of_kinds([few, many], 0.7499) == 599
	assert quantile_of_kinds([many], 0.4999) == 599


def test_a_threshold_over_sources_holds_on_a_new_source_as_often_as_promised() -> None:
	"""The means of sources differ by as much as clips do, so a quantile of all clips would not hold, however many clips a source has."""
	rng = np.random.default_rng(0)
	alarms, pooled = [], []
	for _ in range(800):
		*known, new = [rng.standard_normal(int(rng.integers(1, 30))) + 2 * rng.standard_normal() for _ in range(25)]
		alarms.append((new > new_source_threshold(known, 0.1)).mean())
		biggest = max(known, key=len)
		pooled.append((new > np.quantile(biggest, 0.9)).mean())
	assert np.mean(alarms) < 0.12 and np.mean(alarms) > 0.06
	assert np.mean(pooled) > 0.2


def test_a_threshold_over_sources_counts_sources_and_not_clips() -> None:
	quiet = [np.array([k, k + 1.0]) for k in range(3)]
	assert new_source_threshold([np.array([9.0]), *quiet], 0.2) == 9
	assert new_source_threshold([np.array([9.0]), *quiet, np.zeros(500)], 0.4) == 3
	assert new_source_threshold([np.array([9.0]), np.full(500, 1.0)], 0.4) == 9
	assert new_source_threshold(quiet, 0.01) == 3


def test_no_clip_in_an_error_rate_set_its_own_threshold() -> None:
	sources = {"a": np.array([0.0, 1]), "b": np.array([2.0]), "c": np.array([3.0, 0, 0, 0, 8])}
	hits = left_out(sources, 0.05)
	assert {name: of.tolist() for name, of in hits.items()} == {"a": [False, False], "b": [False], "c": [True, False, False, False, True]}


def test_video_thresholds_come_from_clips_by_source() -> None:
	scores = made_up_scores(3)
	genuine = clips_by_source(scores, 0)
	assert {name: len(clips) for name, clips in genuine.items()} == {"ffpp": 15, "talking": 15, "made/a": 20, "made/b": 20}
	assert genuine["made/a"].max() == scores["logit"][(scores["source"] == "made/a") & (scores["label"] == 0)].max()
	still = {key: np.append(values, values[-1:]) for key, values in scores.items()} | {"frames": np.append(scores["frames"], 1)}
	still["set"][-1], still["source"][-1], still["name"][-1] = "unseen-clips", "made/a", "a still"
	assert len(clips_by_source(still, int(still["label"][-1]))["made/a"]) == 20
	found = video_limits(scores)
	assert found["above"] == max(clips.max() for clips in genuine.values()) and found["below"] <= found["above"]
	assert found["falseAlarm"]["n"] == 70 and found["missed"]["n"] == 70


def test_varied_codings_keep_equal_pictures_equal_and_the_picture_in_its_place() -> None:
	y, x = np.mgrid[:256, :256]
	smooth = np.stack([128 + 60 * np.sin(x / 20), 128 + 60 * np.cos(y / 25), (x + y) / 2], 2).astype(np.uint8)
	names = set()
	for seed in range(25):
		rng = np.random.default_rng(seed)
		names.add(draw_coding(np.random.default_rng(seed), "varied")[0])
		for real, fake in film(rng, [[smooth, smooth]] * 3, "varied"):
			assert np.array_equal(real, fake)
			assert np.abs(real[32:-32, 32:-32].astype(float) - smooth[32:-32, 32:-32]).mean() < 9
	assert names == {"libx264", "mpeg4"}


def test_stronger_settings_cost_more() -> None:
	rgb = drawn_face(1).rgb
	for name, mild, strong in (("libx264", {"crf": "12"}, {"crf": "40"}), ("mpeg4", {"qscale": "2"}, {"qscale": "12"})):
		gaps = [np.abs(encode([rgb] * 2, (name, options))[1].astype(float) - rgb).mean() for options in (mild, strong)]
		assert gaps[0] < gaps[1]


def test_an_exported_model_is_recovered(tmp_path) -> None:
	torch.manual_seed(0)
	model = Classifier()
	load_imagenet(model)
	with torch.no_grad():
		for parameter in model.parameters():
			parameter.mul_(1 + 0.05 * torch.randn_like(parameter))
	torch.save({"ema": model.state_dict()}, tmp_path / "checkpoint.pt")
	export(tmp_path / "checkpoint.pt", tmp_path / "model.onnx", 160)
	crops = np.random.default_rng(0).random((4, 3, 160, 160), np.float32)
	assert from_onnx(tmp_path / "model.onnx", tmp_path / "start.pt", crops) < 1e-3
	fresh = Classifier()
	fresh.load_state_dict(read(tmp_path / "start.pt")["ema"])
	imagenet = Classifier()
	load_imagenet(imagenet)
	for layer, initial in ((fresh.top, imagenet.top), (fresh.stem, imagenet.stem)):
		assert torch.allclose(layer.weight.flatten(1).norm(dim=1), initial.weight.flatten(1).norm(dim=1), rtol=1e-3)
	with torch.inference_mode():
		assert torch.allclose(recover(tmp_path / "model.onnx")(torch.from_numpy(crops))[0], fresh.eval()(torch.from_numpy(crops))[0])


def test_the_schedule_ends_on_time_whatever_happened(monkeypatch) -> None:
	now = [1000.0]
	monkeypatch.setattr(time, "time", lambda: now[0])
	progress = Progress(Settings(until=1100))
	assert progress.share == 0
	now[0] = 1050
	progress.spent(20)
	progress.spent(30)
	assert progress.share == pytest.approx(0.5)
	now[0] = 1090
	progress.spent(40 * 60)
	assert progress.elapsed_s == 80
	assert 0.5 < progress.share < 1
	now[0] = 1100
	assert progress.share == 1
	by_minutes = Progress(Settings(minutes=1))
	by_minutes.spent(30)
	assert by_minutes.share == 0.5
	by_passes = Progress(Settings(passes=100))
	by_passes.passes = 25
	assert by_passes.share == 0.25


def test_the_map_loss_is_small_where_the_map_points_to_the_mask_and_leaves_the_logit_alone() -> None:
	mask, label, has = torch.zeros(2, 1, 10, 10), torch.tensor([0.0, 1.0]), torch.ones(2)
	mask[1, :, 4:8, 2:6] = 1
	good = torch.zeros(2, 1, 5, 5)
	good[1, :, 2:4, 1:3] = 3
	bad = torch.zeros(2, 1, 5, 5)
	bad[1, :, 4, 4] = 3
	values = [float(map_loss(cam, mask, label, has)) for cam in (good, bad)]
	assert values[0] < 0.05 and values[1] > 0.9
	assert float(map_loss(good + 7, mask, label, has)) == pytest.approx(values[0], abs=1e-5)
	cam = bad.clone().requires_grad_()
	map_loss(cam, mask, label, has).backward()
	assert abs(float(cam.grad.sum())) < 1e-6
	uneven = good.clone()
	uneven[0, :, 0, 0] = 5
	assert float(map_loss(uneven, mask, label, has)) > values[0]


def test_cells_and_restoring() -> None:
	mask = torch.zeros(1, 1, 10, 10)
	mask[:, :, 0:2, 2:4] = 1
	cells = cells_of(mask, 5)
	assert cells.sum() == 1 and cells[0, 1]
	fake = restore(torch.zeros(1, 3, 160, 160), torch.ones(1, 3, 160, 160), cells)
	assert fake.sum() == 3 * 32 * 32 and fake[0, 0, 0, 32] == 1


@pytest.mark.parametrize("name", list(TREATMENTS))
def test_treatments_keep_size_and_picture(name: str) -> None:
	y, x = np.mgrid[:256, :256]
	smooth = np.stack([128 + 60 * np.sin(x / 20), 128 + 60 * np.cos(y / 25), (x + y) / 2], 2).astype(np.uint8)
	out = TREATMENTS[name](smooth, np.array([60.0, 60, 200, 200]))
	assert out.shape == smooth.shape and out.dtype == np.uint8
	assert np.abs(out[16:-16, 16:-16].astype(float) - smooth[16:-16, 16:-16]).mean() < 14


def test_between_two_checkpoints(tmp_path) -> None:
	torch.manual_seed(0)
	models, rest = [Classifier(), Classifier()], {"step": 3, "passes": 96, "elapsed_s": 1.0, "settings": {}, "recipe": {}}
	paths = [tmp_path / "first.pt", tmp_path / "second.pt"]
	for model, path in zip(models, paths, strict=True):
		torch.save({"ema": model.state_dict(), **rest}, path)
	for share in (0.0, 0.25, 1.0):
		between(*paths, share, tmp_path / "run" / "checkpoint.pt")
		mixed = load_averaged(tmp_path / "run" / "checkpoint.pt")
		wanted = models[0].head.weight * (1 - share) + models[1].head.weight * share
		assert torch.allclose(mixed.head.weight, wanted, atol=1e-6)


def test_an_ensemble_is_the_mean_of_its_runs_with_every_second_one_mirrored_and_its_map_stays_exact(tmp_path) -> None:
	torch.manual_seed(0)
	crops, alone = torch.rand(2, 3, 64, 64), []
	for name, trunk in (("one", "lite0"), ("two", "lite2")):
		model = Classifier(trunk).eval()
		load_imagenet(model)
		(tmp_path / name).mkdir()
		rest = {"step": 3, "passes": 96, "elapsed_s": 1.0, "settings": {"trunk": trunk}, "recipe": {}}
		torch.save({"ema": model.state_dict(), **rest}, tmp_path / name / "checkpoint.pt")
		alone.append(model(crops.flip(-1) if name == "two" else crops)[0].detach())
	ensemble([tmp_path / "one", tmp_path / "two"], tmp_path / "pair" / "checkpoint.pt")
	together = load_averaged(tmp_path / "pair" / "checkpoint.pt")
	assert torch.allclose(together(crops)[0], (alone[0] + alone[1]) / 2, atol=1e-5)
	export(tmp_path / "pair" / "checkpoint.pt", tmp_path / "pair.onnx", 64)
	logit, cam, emb = Exported(tmp_path / "pair.onnx")(crops)
	assert torch.allclose(logit, together(crops)[0], atol=0.02) and torch.allclose(cam.mean((1, 2, 3)), logit, atol=1e-4)
	assert emb.shape == (2, 2560)


def test_a_teacher_changes_the_labels_and_is_not_trained() -> None:
	torch.manual_seed(0)
	model, teacher = Classifier(), Classifier().eval()
	batch = {"crops": torch.rand(4, 3, 64, 64), "label": torch.tensor([0.0, 0, 1, 1]), "mask": torch.zeros(4, 1, 4, 4), "has_mask": torch.ones(4)}
	with torch.no_grad():
		teacher.head.bias.fill_(30.0)
		model.head.bias.fill_(1.0)
	alone = losses(model, batch, Settings(smoothing=0))
	taught = losses(model, batch, Settings(smoothing=0, teacher_weight=1.0), teacher)
	wanted = torch.nn.functional.softplus(-taught[3]).mean()
	assert torch.allclose(taught[0], wanted, atol=1e-4) and not torch.allclose(alone[0], taught[0])
	assert teacher.head.bias.grad is None


def test_a_teacher_of_true_fakes_leaves_the_labels_of_pseudo_fakes() -> None:
	torch.manual_seed(0)
	model, teacher = Classifier(), Classifier().eval()
	batch = {"crops": torch.rand(4, 3, 64, 64), "label": torch.tensor([0.0, 0, 1, 1]), "mask": torch.zeros(4, 1, 4, 4), "has_mask": torch.ones(4)}
	with torch.no_grad():
		teacher.head.bias.fill_(30.0)
	settings = Settings(smoothing=0, teacher_weight=1.0, teacher_true=True)
	assert true_rows(["self-blend", "dfdc", "true:LIA-X"]).tolist() == [1, 2, 4, 5]
	alone = losses(model, {**batch, "family": ["self-blend", "redrawn"]}, settings, teacher)
	assert torch.allclose(alone[0], losses(model, batch, Settings(smoothing=0))[0])
	mixed = losses(model, {**batch, "family": ["self-blend", "true:dfdc"]}, settings, teacher)
	wanted = torch.tensor([0.0, 1, 1, 1])  # the teacher calls both crops of the second pair fake
	assert torch.allclose(mixed[0], torch.nn.functional.binary_cross_entropy_with_logits(mixed[3], wanted), atol=1e-4)


def test_rates_rise_then_fall() -> None:
	rates = [rate_factor(share, 0.03) for share in (0, 0.01, 0.03, 0.5, 1)]
	assert rates[0] < rates[1] < rates[2] and rates[2] > rates[3] > rates[4] > 0
