"""The command line: one command a step. Folders come as arguments or from the environment, never from the code."""

from __future__ import annotations

import argparse
import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	import torch

# Two torch threads beside a busy process fall from 39 to 3 img/s unless idle threads sleep (training.md, trap 5); before torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# These two only help when they are set before Python starts: README.md.
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "8000000000")
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "8000000000")

CODECS = ("x264", "varied")
"""degrade.draw_coding."""
MODELS = Path(__file__).resolve().parents[2]


def arguments() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="unmask_kit", description=__doc__)
	common = argparse.ArgumentParser(add_help=False)
	env = os.environ.get
	common.add_argument("--data", type=Path, default=env("UNMASK_DATA"), help="folder with the archives and CSV files (UNMASK_DATA)")
	common.add_argument("--work", type=Path, default=env("UNMASK_WORK"), help="folder for everything made (UNMASK_WORK); outside of git")
	common.add_argument("--detector", type=Path, default=MODELS / "face-detector.onnx")
	common.add_argument("--run", default="run1", help="name of the training run, a folder in WORK")
	common.add_argument("--threads", type=int, default=os.cpu_count())
	common.add_argument("--small", action="store_true", help="a tiny setting that only shows that the step works")
	steps = parser.add_subparsers(dest="step", required=True)

	def step(name: str, text: str) -> argparse.ArgumentParser:
		return steps.add_parser(name, parents=[common], help=text, description=text)

	conditions = step("conditions", "for the card: treatments of the dev crops, false alarms by slice, faithfulness of the map")
	conditions.add_argument("--model", type=Path, help="ONNX file instead of the run's checkpoint")
	step("serving", "the same weights with other margins and sides of the crop, mirrored, with two crops: for the ledger of experiments")
	for name in ("prepare", "all"):
		sub = step(name, "archives -> packed faces with boxes and landmarks" if name == "prepare" else "every step, one after the other")
		sub.add_argument("--landmarks", type=Path, default=env("UNMASK_LANDMARKS"), help="dlib's shape_predictor_68_face_landmarks.dat")
	autoencoders = step("autoencoders", "small auto-encoders of the real faces, which draw the family `redrawn` (WORK/autoencoders.pt)")
	autoencoders.add_argument("--minutes", type=float, default=4.0, help="of training, for each of the three")
	step("sheet", "contact sheet of the families")
	audit = step("audit", "leak tests")
	train = step("train", "train, or go on where the run stopped")
	for sub in (audit, train):
		sub.add_argument("--codec", choices=CODECS, default="x264", help="how pairs are filmed; varied: milder, more settings")
	train.add_argument("--passes", type=int, default=160_000, help="images to train on")
	train.add_argument("--minutes", type=float, default=0, help="train this long instead, whatever the speed")
	train.add_argument("--until", help="train until this time instead: 2026-01-31T04:35 (UTC)")
	train.add_argument("--sizes", nargs="*", help="crop sides with the share of the run that each begins at, as 0:112 0.4:128 0.65:160")
	train.add_argument("--trunk-rate", type=float, default=4e-4)
	train.add_argument("--head-rate", type=float, default=1e-3)
	train.add_argument("--map-weight", type=float, default=0.0, help="of the loss that makes the map point to the mask")
	train.add_argument("--seed", type=int, default=1)
	train.add_argument("--true-share", type=float, default=0.2, help="share of pairs that are true fakes (0 for the control run)")
	train.add_argument("--true-kinds", nargs="*", default=["ffpp", "talking"], help="kinds of true fakes to draw")
	train.add_argument("--hard-share", type=float, default=0.0, help="share of the reals drawn among those that `mine` found")
	train.add_argument("--left-out", nargs="*", default=[], help="families or generators not to train on")
	train.add_argument("--start", type=Path, help="checkpoint to start from instead of ImageNet")
	step("mine", "the training reals that the run takes most for fakes (WORK/hard.npz)")
	recover = step("from-onnx", "exported float file -> checkpoint to start from (WORK/RUN.pt)")
	recover.add_argument("model", type=Path, help="float ONNX file of this kit")
	between = step("between", "weights on the line from one checkpoint to another that was trained on from it, as a run of its own")
	between.add_argument("first", type=Path)
	between.add_argument("second", type=Path)
	between.add_argument("--share", type=float, default=0.5, help="0 = the first, 1 = the second")
	evaluate = step("evaluate", "scores of the run's averaged weights, or of an ONNX file, as CSV and table")
	evaluate.add_argument("--model", type=Path, help="ONNX file to score instead of the run's checkpoint")
	compare = step("compare", "a run's scores beside another's, and whether the rule says to publish it")
	compare.add_argument("--old", default="shipped", help="run to compare with, evaluated in the same work folder")
	step("calibrate", "scores -> temperature, offset, thresholds, metrics (WORK/RUN/calibration.json)")
	export = step("export", "checkpoint -> ONNX file (WORK/RUN/unmask-lite0-160.onnx)")
	publish = step("publish", "puts the exported file, its calibration and its metrics into the models folder, and a line into the ledger")
	for sub in (export, publish):
		sub.add_argument("--name", default="unmask-lite0-160")
	publish.add_argument("--preliminary", action="store_true", help="marks the entry as of an unfinished run")
	return parser


def main() -> None:
	options = arguments().parse_args()
	if options.data is None or options.work is None:
		raise SystemExit("--data and --work (or UNMASK_DATA and UNMASK_WORK) are needed")
	options.data, options.work = Path(options.data), Path(options.work)
	import cv2
	import torch

	cv2.setNumThreads(1)
	torch.set_num_threads(options.threads)
	if options.step == "all":
		run_all(options)
	else:
		STEPS[options.step](options)


def run_prepare(options: argparse.Namespace) -> None:
	from .prepare import prepare

	if options.landmarks is None:
		raise SystemExit("--landmarks (or UNMASK_LANDMARKS) is needed: Debian's package libdlib-data has the file")
	prepare(options.data, options.work, options.detector, Path(options.landmarks), 24 if options.small else 0, options.threads)


def run_autoencoders(options: argparse.Namespace) -> None:
	from .redraw import train_autoencoders

	if options.small:
		train_autoencoders(options.work, steps=20, count=64)
	else:
		train_autoencoders(options.work, options.minutes or 4.0)


def run_sheet(options: argparse.Namespace) -> None:
	from .sheet import sheet

	sheet(options.work, options.work / "sheet.jpg")


def run_audit(options: argparse.Namespace) -> None:
	from .audit import audit

	checkpoint = options.work / options.run / "checkpoint.pt"
	if not audit(options.work, checkpoint if checkpoint.exists() else None, options.small, options.codec):
		raise SystemExit("audit: a leak")


def run_train(options: argparse.Namespace) -> None:
	from .generate import Recipe
	from .train import Settings, train

	given = {"minutes": options.minutes, "passes": options.passes, "threads": options.threads}
	if options.until:
		given["until"] = datetime.datetime.fromisoformat(options.until).replace(tzinfo=datetime.UTC).timestamp()
	if options.sizes:
		given["sizes"] = tuple((float(begin), int(size)) for begin, size in (text.split(":") for text in options.sizes))
	settings = Settings(**given, trunk_rate=options.trunk_rate, head_rate=options.head_rate, map_weight=options.map_weight)
	kinds, left_out = tuple(options.true_kinds), tuple(options.left_out)
	recipe = Recipe(seed=options.seed, true_share=options.true_share, true_kinds=kinds, codec=options.codec, hard_share=options.hard_share, left_out=left_out)
	train(options.work, options.work / options.run, settings, recipe, options.start)


def run_from_onnx(options: argparse.Namespace) -> None:
	"""Checked on 50 crops of the held-out stills."""
	from .evaluate import cached, set_makers
	from .from_onnx import from_onnx

	make = set_makers(options.data, options.work, options.detector, options.small)["unseen-filmed"]
	crops = cached(options.work / "sets", "unseen-filmed", make)["crops"]
	few = crops[:: max(1, len(crops) // 50)][:50]
	from_onnx(options.model, options.work / f"{options.run}.pt", few, options.threads)


def run_between(options: argparse.Namespace) -> None:
	from .train import between

	between(options.first, options.second, options.share, options.work / options.run / "checkpoint.pt")


def chosen_model(options: argparse.Namespace) -> torch.nn.Module:
	"""The ONNX file of --model, or the run's averaged weights."""
	if options.model:
		from .export import Exported

		return Exported(options.model, options.threads)
	from .train import load_averaged

	return load_averaged(options.work / options.run / "checkpoint.pt")


def run_conditions(options: argparse.Namespace) -> None:
	"""After evaluate and calibrate of the same run."""
	import json

	from .calibrate import as_logit, fake_threshold
	from .conditions import maps, slices, treatments
	from .evaluate import read_scores
	from .faces import FaceDetector
	from .prepare import Faces

	folder, model = options.work / options.run, chosen_model(options)
	scores, found = read_scores(folder / "scores.csv"), json.loads((folder / "calibration.json").read_text())["calibration"]
	threshold = as_logit(found["image"]["likelyFakeAbove"], found)
	slices(scores, options.work / "sets", Faces(options.work), (threshold, fake_threshold(scores, 0.05)[0]))
	maps(model, options.work, 1 if options.small else 2)
	treatments(model, options.data, FaceDetector(options.detector), threshold, 20 if options.small else 1)


def run_mine(options: argparse.Namespace) -> None:
	from .hard import mine
	from .train import load_averaged

	mine(load_averaged(options.work / options.run / "checkpoint.pt"), options.work, 10 if options.small else 1)


def run_serving(options: argparse.Namespace) -> None:
	from .faces import FaceDetector
	from .serving import serving
	from .train import load_averaged

	model = load_averaged(options.work / options.run / "checkpoint.pt")
	serving(model, options.data, options.work, FaceDetector(options.detector), 20 if options.small else 1)


def run_evaluate(options: argparse.Namespace) -> None:
	from .evaluate import read_scores, score_sets, table, write_scores

	path = options.work / options.run / "scores.csv"
	path.parent.mkdir(parents=True, exist_ok=True)
	write_scores(path, score_sets(chosen_model(options), options.data, options.work, options.detector, small=options.small))
	table(read_scores(path))


def run_compare(options: argparse.Namespace) -> None:
	from .compare import report
	from .evaluate import read_scores

	report(*(read_scores(options.work / run / "scores.csv") for run in (options.old, options.run)))


def run_calibrate(options: argparse.Namespace) -> None:
	import json

	from .calibrate import calibrate
	from .evaluate import read_scores

	folder = options.work / options.run
	calibration, metrics = calibrate(read_scores(folder / "scores.csv"))
	(folder / "calibration.json").write_text(json.dumps({"calibration": calibration, "metrics": metrics}, indent="\t"))


def run_export(options: argparse.Namespace) -> None:
	from .export import export

	folder = options.work / options.run
	export(folder / "checkpoint.pt", folder / f"{options.name}.onnx")


def run_publish(options: argparse.Namespace) -> None:
	import json
	import shutil

	import torch

	from .manifest import append_ledger, write_entry

	folder = options.work / options.run
	found = json.loads((folder / "calibration.json").read_text())
	state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
	model = MODELS / f"{options.name}.onnx"
	shutil.copyfile(folder / model.name, model)
	made_by = "models/training" + (" (preliminary: an unfinished run)" if options.preliminary else "")
	digest = write_entry(MODELS / "manifest.json", model, found["calibration"], found["metrics"], made_by)
	settings = json.dumps({"settings": state["settings"], "recipe": state["recipe"]}, separators=(",", ":"))
	append_ledger(MODELS / "training" / "ledger.csv", digest, options.run, state["passes"], state["elapsed_s"] / 60, settings, found["metrics"])


def run_all(options: argparse.Namespace) -> None:
	"""Every step but publish, which is a decision of its own. With --small: minutes, and numbers that mean nothing."""
	options.passes, options.minutes, options.seed = 640 if options.small else 160_000, 0, 1
	options.until, options.sizes, options.trunk_rate, options.head_rate, options.map_weight = None, None, 4e-4, 1e-3, 0
	options.true_kinds, options.codec = ["ffpp", "talking"], "x264"
	options.hard_share, options.true_share, options.left_out, options.start, options.model, options.name = 0.0, 0.2, [], None, None, "unmask-lite0-160"
	for name in ("prepare", "autoencoders", "sheet", "train", "audit", "evaluate", "calibrate", "export"):
		print(f"---- {name}", flush=True)
		STEPS[name](options)


STEPS = {
	"prepare": run_prepare,
	"autoencoders": run_autoencoders,
	"sheet": run_sheet,
	"audit": run_audit,
	"train": run_train,
	"from-onnx": run_from_onnx,
	"between": run_between,
	"evaluate": run_evaluate,
	"compare": run_compare,
	"calibrate": run_calibrate,
	"conditions": run_conditions,
	"mine": run_mine,
	"serving": run_serving,
	"export": run_export,
	"publish": run_publish,
}
