"""Tests of everything between a trained checkpoint and the program that runs it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from xml.etree import ElementTree

import av
import cv2
import numpy as np
import onnx
import pytest
import torch
from test_kit import drawn_face

from unmask_kit.cli import parse
from unmask_kit.data.faces import FaceDetector, FaceFinder, crop_faces, largest_face, square_box
from unmask_kit.data.frames import as_rgb
from unmask_kit.make.generate import Recipe
from unmask_kit.make.redraw import FILE, HELD_OUT, PLANS, Autoencoder, Redrawer
from unmask_kit.measure.curves import PANELS, curves, read_log
from unmask_kit.ship.export import export, widen
from unmask_kit.ship.export_sequence import features_of, made_up_clip, run_graph
from unmask_kit.ship.export_sequence import run as export_sequence_step
from unmask_kit.ship.manifest import as_text, start_folder
from unmask_kit.ship.parity import Pipeline, Seen, gap, run_program, with_classifier
from unmask_kit.ship.pictures import SIDE, picture
from unmask_kit.ship.publish import run as publish
from unmask_kit.ship.quantise import quantise
from unmask_kit.studies.leave_out import arms, difference
from unmask_kit.train.model import Classifier, load_imagenet
from unmask_kit.train.onnx_model import Exported
from unmask_kit.train.sequence import PLANS as PLANS_OF_HEADS
from unmask_kit.train.sequence import TimeHead
from unmask_kit.train.train import training_of
from unmask_kit.workspace import MODELS, NAME, workspace_of

PORTRAIT = MODELS.parent / "test" / "fixtures" / "portraits" / "a.jpg"


def portrait() -> np.ndarray:
	return cv2.cvtColor(cv2.imread(str(PORTRAIT)), cv2.COLOR_BGR2RGB)


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
	"""A float file with ImageNet weights."""
	torch.manual_seed(0)
	model, folder = Classifier(), tmp_path_factory.mktemp("exported")
	load_imagenet(model)
	torch.save({"ema": model.state_dict()}, folder / "checkpoint.pt")
	export(folder / "checkpoint.pt", folder / "float.onnx", 160)
	return folder / "float.onnx"


def test_widening_changes_only_the_storage(exported: Path, tmp_path) -> None:
	graph = widen(onnx.load(exported))
	assert not [tensor for tensor in graph.graph.initializer if tensor.data_type == onnx.TensorProto.FLOAT16]
	onnx.save(graph, tmp_path / "wide.onnx")
	crops = torch.rand(2, 3, 160, 160)
	assert torch.equal(Exported(tmp_path / "wide.onnx")(crops)[0], Exported(exported)(crops)[0])


def test_the_8_bit_file_is_smaller_and_its_logit_is_still_the_mean_of_its_map(exported: Path, tmp_path) -> None:
	crops = np.random.default_rng(0).random((8, 3, 160, 160), np.float32)
	quantise(exported, tmp_path / "small.onnx", crops)
	assert (tmp_path / "small.onnx").stat().st_size < 0.6 * exported.stat().st_size
	logit, cam, emb = Exported(tmp_path / "small.onnx")(torch.from_numpy(crops))
	assert torch.allclose(cam.mean((1, 2, 3)), logit, atol=1e-4)
	assert (emb - Exported(exported)(torch.from_numpy(crops))[2]).abs().mean() < 0.1
	quantise(exported, tmp_path / "again.onnx", crops)
	assert (tmp_path / "again.onnx").read_bytes() == (tmp_path / "small.onnx").read_bytes()


FRAME = np.zeros((480, 640, 3), np.uint8)
BOX, FAR = np.array([10, 10, 50, 60], np.float32), np.array([110, 10, 150, 60], np.float32)


class Seeing:
	"""A fake `FaceDetector` with fixed results per pass: "quick", or 640, 320 or 160 px of the finder; `taken` lists the passes."""

	def __init__(self, faces: dict[str | int, list[tuple[np.ndarray, float]]]) -> None:
		self.faces, self.taken = faces, []

	def __call__(self, _rgb, _margin, least, _side):
		return self.find(_rgb, "quick", least)

	def find(self, _rgb, by, least):
		self.taken.append(by)
		seen = [face for face in self.faces.get(by, []) if face[1] >= least]
		return [box for box, _ in seen], [score for _, score in seen]


def test_a_face_is_credible_by_the_program_s_rules() -> None:
	sure = FaceFinder(Seeing({"quick": [(BOX, 0.85)]}))
	doubtful = FaceFinder(Seeing({"quick": [(BOX, 0.6)]}))
	both = FaceFinder(Seeing({"quick": [(BOX, 0.45)], 640: [(BOX + 2, 0.6)]}))
	wide = [(FAR, 0.82), (BOX + np.float32([5, 5, -5, -20]), 0.9)]
	once = FaceFinder(Seeing({"quick": [(BOX, 0.9)], 640: wide}))
	again = FaceFinder(Seeing({"quick": [(BOX, 0.9)], 640: wide, 320: [(FAR, 0.85)]}))
	assert len(sure(FRAME)) == 1
	assert doubtful(FRAME) == []
	assert np.array_equal(both(FRAME)[0][0], BOX)
	assert [face[0].tolist() for face in once(FRAME)] == [BOX.tolist()]
	assert [face[0].tolist() for face in again(FRAME)] == [BOX.tolist(), FAR.tolist()]


def test_boxes_of_the_finder_are_as_exact_as_those_of_the_program() -> None:
	detector = FaceDetector(MODELS / "face-detector.onnx")
	boxes, _ = detector.find(portrait(), 640)
	feed = {"frame": portrait(), "side": np.array(640, np.int64), "min_score": np.array(0.5, np.float32)}
	x1, y1, x2, y2 = (float(value) for value in detector.finder.run(["boxes"], feed)[0][0])
	width, height = (x2 - x1) * 1.02, (y2 - y1) * 0.925
	assert boxes[0][:2].tolist() == [x1 + ((x2 - x1) - width) / 2, y1 + ((y2 - y1) - height) / 2]
	assert np.allclose(boxes[0][2:] - boxes[0][:2], [width, height], rtol=0, atol=1e-12)


def test_quick_passes_track_a_known_face_and_a_filling_face_is_found_at_the_small_side() -> None:
	seeing = Seeing({"quick": [(BOX, 0.9)]})
	followed = FaceFinder(seeing)
	followed(FRAME)
	seeing.faces = {"quick": [(BOX, 0.35)]}
	assert len(followed(FRAME)) == 1
	assert seeing.taken == ["quick", 640, "quick"]
	assert len(followed(FRAME, 9.0)) == 1
	assert seeing.taken[3:] == ["quick", 640]
	filled = Seeing({160: [(BOX, 0.85)]})
	assert len(FaceFinder(filled)(FRAME)) == 1
	assert filled.taken == ["quick", 640, 160]


def test_a_part_of_the_picture_gives_the_same_crop_as_the_whole() -> None:
	rgb = portrait()
	box = largest_face(FaceDetector(MODELS / "face-detector.onnx"), rgb)
	pipeline = Pipeline(MODELS, MODELS / "unmask-lite0-224.onnx", 224)
	for moved in (box, box - np.tile(box[:2] + 30, 2), box + np.float32(0.3)):
		assert np.abs(pipeline.cut(rgb, moved.astype(np.float64)) - crop_faces(rgb, square_box(moved)[None], 224).numpy()).max() < 1e-4


@pytest.mark.parametrize(("width", "height", "matrix"), [(640, 480, "ITU601"), (1280, 720, "ITU709")])
def test_an_unset_colour_matrix_follows_from_the_size_of_the_picture(width: int, height: int, matrix: str) -> None:
	rgb = np.full((height, width, 3), (200, 60, 90), np.uint8)
	frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p", dst_colorspace=matrix)
	frame.colorspace = 2
	assert np.abs(as_rgb(frame).astype(int) - rgb).max() <= 4
	frame.colorspace = 5 if matrix == "ITU709" else 1
	assert np.abs(as_rgb(frame).astype(int) - rgb).max() >= 8


def test_faces_of_two_pipelines_are_compared_one_by_one() -> None:
	here = [Seen(0.0, BOX, 1.0, 1.5), Seen(0.0, FAR, 2.0, 2.0), Seen(1.0, BOX, 3.0, 3.0)]
	there = [Seen(0.0, FAR + 0.5, 2.25), Seen(0.0, BOX, 1.0), Seen(2.0, BOX, 3.0)]
	found = gap("clip", here, there)
	assert (found.here, found.there, found.px) == (3, 3, 0.5)
	assert found.logits == (0.0, 0.25) and found.other_logits == (0.5, 0.25)


def test_the_program_is_compared_only_on_its_first_pass(tmp_path) -> None:
	program = tmp_path / "program.js"
	program.write_text(
		"const fs = require('fs'), at = process.argv.indexOf('--out'), folder = process.argv[at + 1] + '/reports';"
		"fs.mkdirSync(folder, { recursive: true });"
		"fs.writeFileSync(folder + '/clip.json', JSON.stringify({ fileName: 'clip.mp4', given: process.argv }));"
	)
	given = run_program(program, MODELS, NAME, tmp_path, tmp_path / "out")["clip.mp4"]["given"]
	assert given[given.index("--refine") + 1] == "none"  # a second pass reads frames twice, and the kit would miss the repeated faces


def test_a_models_folder_with_another_classifier_is_complete(exported: Path, tmp_path) -> None:
	folder = with_classifier(MODELS, "unmask-lite0-224", exported, tmp_path / "models")
	manifest = json.loads((folder / "manifest.json").read_text())
	for entry in manifest["files"]:
		assert hashlib.sha256((folder / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
	(entry,) = (entry for entry in manifest["files"] if entry["id"] == manifest["defaultClassifier"])
	assert (folder / entry["file"]).read_bytes() == exported.read_bytes()


def options(*words: str, work: Path):
	"""(workspace, options) of a call."""
	parsed = parse([*words, "--data", str(work), "--work", str(work)])
	return workspace_of(parsed), parsed


def write_run(work: Path, scored: str, model: bytes = b"8-bit file") -> Path:
	"""The files of a run that was exported, quantised, evaluated and calibrated."""
	run = work / "run1"
	run.mkdir()
	(run / f"{NAME}.onnx").write_bytes(model)
	metric = {"set": "s", "unit": "crops", "n": 2, "auc": 0.5, "interval": [0, 1], "note": ""}
	(run / "calibration.json").write_text(json.dumps({"scored": scored, "calibration": {"temperature": 2}, "metrics": [metric]}))
	torch.save({"settings": {}, "recipe": {}, "passes": 32, "elapsed_s": 60.0}, run / "checkpoint.pt")
	write_log(run / "log.csv", [32])
	return run


def test_a_run_is_published_into_a_folder_that_the_program_can_use(exported: Path, tmp_path) -> None:
	digest = hashlib.sha256(exported.read_bytes()).hexdigest()
	write_run(tmp_path, digest, exported.read_bytes())
	shipped = (MODELS / "manifest.json").read_bytes()
	for _ in range(2):
		publish(*options("publish", "--models", str(tmp_path / "models"), work=tmp_path))
	assert (MODELS / "manifest.json").read_bytes() == shipped
	entries = json.loads((tmp_path / "models" / "manifest.json").read_text())["files"]
	for entry in entries:
		assert hashlib.sha256((tmp_path / "models" / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
	(entry,) = (entry for entry in entries if entry["kind"] == "classifier")
	assert entry["sha256"] == digest and entry["calibration"] == {"temperature": 2}
	assert len((tmp_path / "models" / "training" / "ledger.csv").read_text().splitlines()) == 3
	assert (tmp_path / "models" / "training" / "logs" / "run1.csv").exists()


def test_a_calibration_of_another_file_is_not_published(tmp_path) -> None:
	write_run(tmp_path, "0" * 64)
	with pytest.raises(SystemExit, match=r"evaluate --model .* and `calibrate`"):
		publish(*options("publish", "--models", str(tmp_path / "models"), work=tmp_path))
	assert not (tmp_path / "models").exists()


def test_a_published_folder_is_created_once(tmp_path) -> None:
	start_folder(tmp_path / "models", MODELS)
	(tmp_path / "models" / "manifest.json").write_text("{}")
	start_folder(tmp_path / "models", MODELS)
	assert (tmp_path / "models" / "manifest.json").read_text() == "{}"


def test_all_trains_as_train_does(tmp_path) -> None:
	assert training_of(*options("all", work=tmp_path)) == training_of(*options("train", work=tmp_path))
	settings, recipe = training_of(*options("train", "--sizes", "0:112", "0.5:160", "--true-share", "0", work=tmp_path))
	assert settings.sizes == ((0.0, 112), (0.5, 160)) and recipe.true_share == 0
	assert training_of(*options("all", "--small", work=tmp_path))[0].passes < 1000


def write_log(path: Path, passes: list[int]) -> None:
	columns = ["step", "passes", "elapsed_s", "size", "rate", "frame_loss", "mask_loss", "accuracy", "accuracy_true", "images_per_s"]
	rows = [[n // 32, n, n / 30, 128 if n < 1000 else 160, 4e-4, 0.6, 0.3, 0.7, "nan" if i else 0.8, 30 + i] for i, n in enumerate(passes)]
	path.write_text("\n".join(",".join(map(str, row)) for row in (columns, *rows)) + "\n")


def test_lines_that_a_resumed_run_repeats_count_once(tmp_path) -> None:
	write_log(tmp_path / "log.csv", [320, 640, 960, 480, 800, 1120])
	assert read_log(tmp_path / "log.csv")["passes"].tolist() == [320, 480, 800, 1120]


def test_curves_are_a_picture_of_every_run(tmp_path) -> None:
	for name in ("one", "two & more"):
		(tmp_path / name).mkdir()
		write_log(tmp_path / name / "log.csv", [320, 640, 960, 1280])
	curves([tmp_path / "one" / "log.csv", tmp_path / "two & more" / "log.csv"], tmp_path / "curves.svg")
	root = ElementTree.parse(tmp_path / "curves.svg").getroot()
	texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
	assert {title for _, title in PANELS} <= set(texts)
	assert any(text.startswith("two & more: 1280 passes") for text in texts) and texts.count("160 px") == 2
	write_log(tmp_path / "fresh.csv", [])
	curves([tmp_path / "fresh.csv"], tmp_path / "fresh.svg")
	assert not (tmp_path / "fresh.svg").exists()
	with pytest.raises(SystemExit, match="not there"):
		curves([tmp_path / "three" / "log.csv"], tmp_path / "curves.svg")


def test_leaving_out_a_generator_has_a_control_without_true_fakes() -> None:
	assert list(arms(Recipe(), ("warp-only",))) == ["with", "without"]
	found = arms(Recipe(true_share=0.12), ("AniTalker",))
	assert found["without"].left_out == ("AniTalker",) and found["without"].true_share == 0.12
	assert found["none"] == Recipe(true_share=0, left_out=("AniTalker",))


def test_the_difference_of_two_runs_is_paired() -> None:
	rng = np.random.default_rng(0)
	label = np.repeat([0, 1], 100)
	crops = {"label": label, "group": np.array([f"{i // 4}" for i in range(200)])}
	poor, good = rng.standard_normal(200) + 0.3 * label, rng.standard_normal(200) + 2 * label
	before, after, change, low, high = difference(crops, [poor, poor], [good, good], 200)
	assert change == pytest.approx(after - before) and 0 < low < change < high
	assert difference(crops, [poor], [poor], 50)[2:] == (0, 0, 0)


@pytest.mark.parametrize("family", ["self-blend", "redrawn"])
def test_a_picture_of_a_family_has_one_row_per_portrait(family: str, tmp_path) -> None:
	torch.save({name: Autoencoder(plan).state_dict() for name, plan in PLANS.items() if name != HELD_OUT}, tmp_path / FILE)
	shown = picture([drawn_face(seed) for seed in range(3)], family, Redrawer(tmp_path), 1)
	assert shown.shape == (3 * SIDE, 3 * SIDE, 3)
	real, fake, mask = (shown[:, SIDE * k : SIDE * (k + 1)] for k in range(3))
	assert (real != fake).any() and mask.max() == 255
	assert not (real != fake).any(2)[mask[..., 0] == 0].any()


def test_a_sequence_model_is_exported_and_named_in_the_manifest(tmp_path) -> None:
	words = ["export-sequence", "--data", str(tmp_path), "--work", str(tmp_path), "--models", str(tmp_path / "models"), "--publish"]
	(tmp_path / "models").mkdir()
	manifest = json.loads((MODELS / "manifest.json").read_text())
	(tmp_path / "models" / "manifest.json").write_text(json.dumps(manifest))
	emb = next(file for file in manifest["files"] if file.get("tier") == "thorough")
	features = features_of(emb)
	torch.manual_seed(0)
	head = TimeHead(PLANS_OF_HEADS["lstm"], torch.zeros(features), torch.ones(features))
	head.gate.data.fill_(0.5)
	torch.save(head.state_dict(), tmp_path / "head.pt")
	for _ in range(2):
		options = parse([*words, "--head", str(tmp_path / "head.pt")])
		export_sequence_step(workspace_of(options), options)
	files = json.loads((tmp_path / "models" / "manifest.json").read_text())["files"]
	(entry,) = (file for file in files if file["kind"] == "sequence")
	assert [file["id"] for file in files if file.get("sequence") == entry["id"]] == [emb["id"]]
	assert hashlib.sha256((tmp_path / "models" / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
	clip = made_up_clip(1, features)
	frames, video = run_graph(tmp_path / "models" / entry["file"], clip)
	assert np.array_equal(frames, clip[1]) and np.array_equal(video, clip[1][0])


def test_a_head_for_other_embeddings_is_not_exported(tmp_path) -> None:
	torch.save(TimeHead(PLANS_OF_HEADS["lstm"], torch.zeros(12), torch.ones(12)).state_dict(), tmp_path / "head.pt")
	words = ["export-sequence", "--data", str(tmp_path), "--work", str(tmp_path), "--head", str(tmp_path / "head.pt")]
	options = parse(words)
	with pytest.raises(SystemExit, match="embeddings of 12 numbers"):
		export_sequence_step(workspace_of(options), options)


def test_a_manifest_keeps_lists_of_numbers_on_one_line():
	content = {"files": [{"id": "a", "reference": [0.1, 2, -3.5]}, {"id": "[1,\n2]", "none": []}]}
	text = as_text(content)
	assert json.loads(text) == content
	assert '"reference": [0.1, 2, -3.5]' in text
