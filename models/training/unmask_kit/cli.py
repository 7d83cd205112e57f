"""The command line: one command a step. Folders come as arguments or from the environment, never from the code."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import hashlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .manifest import side_of

if TYPE_CHECKING:
	import torch

	from .generate import Recipe
	from .train import Settings

# Two torch threads beside a busy process fall from 39 to 3 img/s unless idle threads sleep (training.md, trap 5); before torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# These two only help when they are set before Python starts: README.md.
os.environ.setdefault("MALLOC_TRIM_THRESHOLD_", "8000000000")
os.environ.setdefault("MALLOC_MMAP_THRESHOLD_", "8000000000")

CODECS = ("x264", "varied")
"""degrade.draw_coding."""
MODELS = Path(__file__).resolve().parents[2]
NAME = "unmask-lite0-224"
SMALL_PASSES = 320


def arguments() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="unmask_kit", description=__doc__)
	common = argparse.ArgumentParser(add_help=False)
	env = os.environ.get
	common.add_argument("--data", type=Path, default=env("UNMASK_DATA"), help="folder with the archives and CSV files (UNMASK_DATA)")
	common.add_argument("--work", type=Path, default=env("UNMASK_WORK"), help="folder for everything made (UNMASK_WORK); outside of git")
	common.add_argument("--detector", type=Path, default=MODELS / "face-detector.onnx")
	common.add_argument("--run", default="run1", help="name of the training run, a folder in WORK")
	common.add_argument("--name", default=NAME, help=f"id of the model, with the side of its crops at the end ({NAME})")
	common.add_argument("--mirrored", action="store_true", help="the model looks at each crop and at its mirror image: for the thorough tier")
	common.add_argument("--threads", type=int, default=os.cpu_count())
	common.add_argument("--small", action="store_true", help="a tiny setting that only shows that the step works")
	steps = parser.add_subparsers(dest="step", required=True)

	def step(name: str, text: str) -> argparse.ArgumentParser:
		return steps.add_parser(name, parents=[common], help=text, description=text)

	conditions = step("conditions", "for the card: treatments of the dev crops, false alarms by slice, faithfulness of the map")
	conditions.add_argument("--model", type=Path, help="ONNX file instead of the run's checkpoint")
	serving = step("serving", "the same weights with other margins and sides of the crop, mirrored, with two crops: for the ledger of experiments")
	serving.add_argument("--every", type=int, default=1, help="only every Nth picture")
	prepare = step("prepare", "archives -> packed faces with boxes and landmarks")
	autoencoders = step("autoencoders", "small auto-encoders of the real faces, which draw the family `redrawn` (WORK/autoencoders.pt)")
	step("sheet", "contact sheet of the families")
	pictures = step("pictures", "for the README: each family on public-domain portraits (models/training/docs)")
	audit = step("audit", "leak tests")
	train = step("train", "train, or go on where the run stopped")
	leave_out = step("leave-out", "short runs with and without families or generators, and what each makes of them")
	leave_out.add_argument("names", nargs="+", help="families (squeeze-lower ...) or generators of true fakes (AniTalker ...)")
	leave_out.add_argument("--seeds", nargs="+", type=int, default=[1], help="a pair of runs each; three before a conclusion")
	curves = step("curves", "loss, accuracy, rate and speed of runs over their passes, as one picture (SVG)")
	curves.add_argument("runs", nargs="*", help="runs in WORK or log files; the one of --run if none is given")
	curves.add_argument("--out", type=Path, help="WORK/curves.svg if not given")
	clips = step("clips", "for the time head: clips of faces and of their fakes, as the classifier's logits and embeddings (WORK/clips)")
	clips.add_argument("--pairs", type=int, default=800, help="to train on; 240 of sources held out and 100 to stop by besides")
	time_head = step("time-head", "trains heads over the frames of a clip and compares them with the mean of the frames (after `clips`)")
	time_head.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
	time_head.add_argument("--names", nargs="*", help="kinds and families to leave out in turn (time_head.LEFT_OUT)")
	clips.add_argument("--model", type=Path, help="ONNX file of the classifier; the shipped one of --name if not given")
	step("mine", "the training reals that the run takes most for fakes (WORK/hard.npz)")
	recover = step("from-onnx", "exported float file -> checkpoint to start from (WORK/RUN.pt)")
	recover.add_argument("model", type=Path, help="float ONNX file of this kit")
	between = step("between", "weights on the line from one checkpoint to another that was trained on from it, as a run of its own")
	between.add_argument("first", type=Path)
	between.add_argument("second", type=Path)
	between.add_argument("--share", type=float, default=0.5, help="0 = the first, 1 = the second")
	ensemble = step("ensemble", "runs that judge together by the mean of their logits, as a run of its own")
	ensemble.add_argument("members", nargs="+", help="runs in WORK")
	export = step("export", "checkpoint -> float ONNX file (WORK/RUN/NAME-float.onnx)")
	export.add_argument("--ship-float", action="store_true", help="this file is the one that is shipped (WORK/RUN/NAME.onnx): no 8 bits")
	quantise = step("quantise", "float ONNX file -> the 8-bit one that is shipped (WORK/RUN/NAME.onnx)")
	quantise.add_argument("--model", type=Path, help="float ONNX file instead of the run's")
	evaluate = step("evaluate", "scores of the run's averaged weights, or of an ONNX file, as CSV and table")
	evaluate.add_argument("--model", type=Path, help="ONNX file to score instead of the run's checkpoint")
	compare = step("compare", "a run's scores beside another's, and whether the rule says to publish it")
	compare.add_argument("--old", default="shipped", help="run to compare with, evaluated in the same work folder")
	calibrate = step("calibrate", "scores -> temperature, offset, thresholds, metrics (WORK/RUN/calibration.json)")
	calibrate.add_argument(
		"--scores", type=Path, help="committed score file (training/scores/NAME.csv) instead of the run's: shows how the entry came about"
	)
	publish = step("publish", "8-bit file, calibration and metrics into a models folder, lines into its ledger, the run's log beside them")
	publish.add_argument("--tier", choices=("fast", "thorough"), default="fast", help="whose entry it takes; the fast one is the default model")
	publish.add_argument("--speed", type=float, help="faces a second on two CPU cores (`npm run bench -- tiers`); the page tells it as a cost")
	publish.add_argument("--preliminary", action="store_true", help="marks the entry as of an unfinished run")
	publish.add_argument("--models", type=Path, default=MODELS, help="folder to publish into; one that is not there is made, with the other models")
	parity = step("parity", "the same crops and videos through this kit and the built program")
	parity.add_argument("--models", type=Path, default=MODELS, help="models folder of both")
	parity.add_argument("--model", type=Path, help="ONNX file in place of the classifier of that name, as the run's float file")
	parity.add_argument("--program", type=Path, default=MODELS.parent / "dist" / "function" / "cli.js")
	every = step("all", "every step from the archives to a published entry, which goes to WORK/models unless --models says otherwise")
	every.add_argument("--models", type=Path, help="folder to publish into (WORK/models)")
	for sub in (prepare, pictures, every):
		sub.add_argument("--landmarks", type=Path, default=env("UNMASK_LANDMARKS"), help="dlib's shape_predictor_68_face_landmarks.dat")
	for sub in (autoencoders, every):
		sub.add_argument("--autoencoder-minutes", type=float, default=4.0, help="of training, for each of the three")
	for sub in (audit, train, leave_out, every):
		sub.add_argument("--codec", choices=CODECS, default="varied", help="how pairs are filmed; varied: milder, more settings")
	for sub in (train, leave_out, every):
		add_training(sub, 20_000 if sub is leave_out else 160_000)
	for sub in (train, every):
		sub.add_argument("--left-out", nargs="*", default=[], help="families or generators not to train on")
		sub.add_argument("--seed", type=int, default=1)
		sub.add_argument("--teacher", type=Path, help="checkpoint whose scores are learned beside the labels, as of an ensemble")
	return parser


def add_training(sub: argparse.ArgumentParser, passes: int) -> None:
	"""The recipe: its settings of today are the defaults."""
	sub.add_argument("--passes", type=int, default=passes, help=f"images to train on ({passes})")
	sub.add_argument("--minutes", type=float, default=0, help="train this long instead, whatever the speed")
	sub.add_argument("--until", help="train until this time instead: 2026-01-31T04:35 (UTC)")
	from .generate import Recipe
	from .model import TRUNKS
	from .train import Settings

	sizes = [f"{begin:g}:{size}" for begin, size in Settings.sizes]
	sub.add_argument("--sizes", nargs="*", default=sizes, help=f"crop sides with the share of the run that each begins at ({' '.join(sizes)})")
	sub.add_argument("--trunk-rate", type=float, default=Settings.trunk_rate)
	sub.add_argument("--head-rate", type=float, default=Settings.head_rate)
	sub.add_argument("--map-weight", type=float, default=Settings.map_weight, help="of the loss that makes the map point to the mask")
	sub.add_argument("--smoothing", type=float, default=Settings.smoothing, help="of the labels")
	sub.add_argument("--trunk", choices=list(TRUNKS), default=Settings.trunk)
	sub.add_argument("--teacher-weight", type=float, default=Settings.teacher_weight, help="of the teacher's probability in the labels")
	sub.add_argument("--true-share", type=float, default=Recipe.true_share, help="share of pairs that are true fakes; 0 for the control run")
	sub.add_argument("--true-kinds", nargs="*", default=list(Recipe.true_kinds), help="kinds of true fakes to draw")
	sub.add_argument("--hard-share", type=float, default=0.0, help="share of the reals drawn among those that `mine` found")
	sub.add_argument("--start", type=Path, help="checkpoint to start from instead of ImageNet")


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

	prepare(options.data, options.work, options.detector, landmarks_of(options), 24 if options.small else 0, options.threads)


def landmarks_of(options: argparse.Namespace) -> Path:
	if options.landmarks is None:
		raise SystemExit("--landmarks (or UNMASK_LANDMARKS) is needed: Debian's package libdlib-data has the file")
	return Path(options.landmarks)


def run_autoencoders(options: argparse.Namespace) -> None:
	from .redraw import train_autoencoders

	if options.small:
		train_autoencoders(options.work, steps=20, count=64)
	else:
		train_autoencoders(options.work, options.autoencoder_minutes)


def run_sheet(options: argparse.Namespace) -> None:
	from .sheet import sheet

	sheet(options.work, options.work / "sheet.jpg")


def run_pictures(options: argparse.Namespace) -> None:
	from .pictures import pictures

	model = MODELS / f"{options.name}.onnx"
	pictures(
		MODELS.parent / "test" / "fixtures" / "portraits", options.work, options.detector, landmarks_of(options), model, MODELS / "training" / "docs"
	)


def run_audit(options: argparse.Namespace) -> None:
	from .audit import audit

	checkpoint = options.work / options.run / "checkpoint.pt"
	if not audit(options.work, checkpoint if checkpoint.exists() else None, options.small, options.codec):
		raise SystemExit("audit: a leak")


def training_of(options: argparse.Namespace) -> tuple[Settings, Recipe]:
	from .generate import Recipe
	from .train import Settings

	given = {"minutes": options.minutes, "passes": SMALL_PASSES if options.small else options.passes, "threads": options.threads}
	if options.until:
		given["until"] = datetime.datetime.fromisoformat(options.until).replace(tzinfo=datetime.UTC).timestamp()
	given["sizes"] = tuple((float(begin), int(size)) for begin, size in (text.split(":") for text in options.sizes))
	settings = Settings(**given, trunk_rate=options.trunk_rate, head_rate=options.head_rate, map_weight=options.map_weight)
	settings = dataclasses.replace(settings, smoothing=options.smoothing, trunk=options.trunk, teacher_weight=options.teacher_weight)
	kinds = tuple(options.true_kinds)
	return settings, Recipe(true_share=options.true_share, true_kinds=kinds, codec=options.codec, hard_share=options.hard_share)


def run_train(options: argparse.Namespace) -> None:
	from .train import train

	settings, recipe = training_of(options)
	recipe = dataclasses.replace(recipe, seed=options.seed, left_out=tuple(options.left_out))
	train(options.work, options.work / options.run, settings, recipe, options.start, options.teacher)


def run_leave_out(options: argparse.Namespace) -> None:
	from .leave_out import leave_out

	settings, recipe = training_of(options)
	leave_out(
		options.data,
		options.work,
		options.detector,
		settings,
		recipe,
		tuple(options.names),
		tuple(options.seeds),
		options.start,
		options.small,
		side_of(options.name),
	)


def run_curves(options: argparse.Namespace) -> None:
	from .curves import curves

	named = [Path(run) if run.endswith(".csv") else options.work / run / "log.csv" for run in options.runs or [options.run]]
	curves(named, options.out or options.work / "curves.svg")


def run_from_onnx(options: argparse.Namespace) -> None:
	"""Checked on 50 crops of the held-out stills."""
	from .evaluate import cached, set_makers, sets_of
	from .from_onnx import from_onnx

	make = set_makers(options.data, options.work, options.detector, options.small, side_of(options.name))["unseen-filmed"]
	crops = cached(sets_of(options.work, side_of(options.name)), "unseen-filmed", make)["crops"]
	few = crops[:: max(1, len(crops) // 50)][:50]
	from_onnx(options.model, options.work / f"{options.run}.pt", few, options.threads)


def run_between(options: argparse.Namespace) -> None:
	from .train import between

	between(options.first, options.second, options.share, options.work / options.run / "checkpoint.pt")


def chosen_model(options: argparse.Namespace) -> torch.nn.Module:
	"""The ONNX file of --model, or the run's averaged weights."""
	if options.model:
		from .export import Exported

		model: torch.nn.Module = Exported(options.model, options.threads)
	else:
		from .train import load_averaged

		model = load_averaged(options.work / options.run / "checkpoint.pt")
	if not options.mirrored:
		return model
	from .export import Mirrored

	return Mirrored(model)


def run_ensemble(options: argparse.Namespace) -> None:
	from .train import ensemble

	ensemble([options.work / run for run in options.members], options.work / options.run / "checkpoint.pt")


def run_conditions(options: argparse.Namespace) -> None:
	"""After evaluate and calibrate of the same run."""
	import json

	from .calibrate import as_logit, fake_threshold
	from .conditions import maps, slices, treatments
	from .evaluate import read_scores, sets_of
	from .faces import FaceDetector
	from .prepare import Faces

	folder, model, side = options.work / options.run, chosen_model(options), side_of(options.name)
	scores, found = read_scores(folder / "scores.csv"), json.loads((folder / "calibration.json").read_text())["calibration"]
	threshold = as_logit(found["image"]["likelyFakeAbove"], found)
	slices(scores, sets_of(options.work, side), Faces(options.work), (threshold, fake_threshold(scores, 0.05)[0]))
	maps(model, options.work, side, 1 if options.small else 2)
	treatments(model, options.data, FaceDetector(options.detector), threshold, side, 20 if options.small else 1)


def run_mine(options: argparse.Namespace) -> None:
	from .hard import mine
	from .train import load_averaged

	mine(load_averaged(options.work / options.run / "checkpoint.pt"), options.work, side_of(options.name), 10 if options.small else 1)


def run_clips(options: argparse.Namespace) -> None:
	from .clips import clips

	model = options.model or MODELS / f"{options.name}.onnx"
	clips(options.data, options.work, options.detector, model, side_of(options.name), options.small, options.pairs, options.threads)


def run_time_head(options: argparse.Namespace) -> None:
	from .time_head import LEFT_OUT, limit_of, time_head

	names = LEFT_OUT if options.names is None else options.names
	seeds = options.seeds[:1] if options.small else options.seeds
	time_head(options.work, limit_of(MODELS, options.name), tuple(seeds), tuple(names), options.small)


def run_serving(options: argparse.Namespace) -> None:
	from .faces import FaceDetector
	from .serving import serving
	from .train import load_averaged

	model = load_averaged(options.work / options.run / "checkpoint.pt")
	serving(model, options.data, options.work, FaceDetector(options.detector), side_of(options.name), 20 if options.small else options.every)


def run_evaluate(options: argparse.Namespace) -> None:
	from .evaluate import read_scores, score_sets, table, write_scores

	path = options.work / options.run / "scores.csv"
	path.parent.mkdir(parents=True, exist_ok=True)
	write_scores(path, score_sets(chosen_model(options), options.data, options.work, options.detector, options.small, side_of(options.name)))
	(path.parent / SCORED).write_text(scorer(options, options.model or options.work / options.run / "checkpoint.pt") + "\n")
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
	if options.scores:
		print(json.dumps(calibrate(read_scores(options.scores))[0], indent="\t"))
		return
	calibration, metrics = calibrate(read_scores(folder / "scores.csv"))
	scored = (folder / SCORED).read_text().strip() if (folder / SCORED).exists() else None
	found = {"scored": scored, "calibration": calibration, "metrics": metrics}
	(folder / "calibration.json").write_text(json.dumps(found, indent="\t"))


def run_export(options: argparse.Namespace) -> None:
	from .export import export

	folder = options.work / options.run
	out = folder / f"{options.name}{'' if options.ship_float else '-float'}.onnx"
	export(folder / "checkpoint.pt", out, side_of(options.name))


def run_quantise(options: argparse.Namespace) -> None:
	from .evaluate import cached, set_makers, sets_of
	from .quantise import check, quantise, range_crops

	folder, side = options.work / options.run, side_of(options.name)
	folder.mkdir(parents=True, exist_ok=True)
	source, out = options.model or folder / f"{options.name}-float.onnx", folder / f"{options.name}.onnx"
	quantise(source, out, range_crops(options.work, side))
	make = set_makers(options.data, options.work, options.detector, options.small, side)["dev-crops"]
	check(source, out, cached(sets_of(options.work, side), "dev-crops", make), options.threads)


def run_publish(options: argparse.Namespace) -> None:
	"""Refuses a calibration that was made of another file's scores."""
	import json
	import shutil

	import torch

	from .manifest import append_ledger, keep_log, start_folder, write_entry

	folder, models = options.work / options.run, options.models
	model = folder / f"{options.name}.onnx"
	found = json.loads((folder / "calibration.json").read_text())
	if found["scored"] != scorer(options, model):
		raise SystemExit(f"the scores that were calibrated are not of {model.name}: run `evaluate --model {model}` and `calibrate` first")
	state = torch.load(folder / "checkpoint.pt", map_location="cpu", weights_only=False)
	start_folder(models, MODELS)
	shutil.copyfile(model, models / model.name)
	made_by = "models/training" + (" (preliminary: an unfinished run)" if options.preliminary else "")
	serving = {"tier": options.tier, "mirrored": options.mirrored, "speed": options.speed}
	digest = write_entry(models / "manifest.json", models / model.name, serving, found["calibration"], found["metrics"], made_by)
	settings = json.dumps({"settings": state["settings"], "recipe": state["recipe"]}, separators=(",", ":"))
	append_ledger(models / "training" / "ledger.csv", digest, options.run, state["passes"], state["elapsed_s"] / 60, settings, found["metrics"])
	for run in state.get("runs", [options.run]):
		keep_log(options.work / run / "log.csv", models / "training" / "logs" / f"{run}.csv")
	keep_log(folder / "scores.csv", models / "training" / "scores" / f"{options.name}.csv")
	print(f"publish: {model.name} sha256 {digest}")


def run_parity(options: argparse.Namespace) -> None:
	from .parity import parity

	few = (10, 2) if options.small else (200, 11)
	if not parity(options.data, options.models, options.name, options.model, options.program, *few):
		raise SystemExit("parity: the two pipelines differ")


def run_all(options: argparse.Namespace) -> None:
	"""The 8-bit file is what is evaluated, calibrated and published. With --small: minutes, and numbers that mean nothing."""
	options.models = options.models or options.work / "models"
	options.preliminary, options.ship_float, options.tier, options.speed = False, False, "fast", None
	options.runs, options.out, options.scores = [], None, None
	begin = time.monotonic()
	for name in ALL:
		print(f"---- {name} ({time.monotonic() - begin:.0f} s)", flush=True)
		options.model = options.work / options.run / f"{options.name}.onnx" if name in ("evaluate", "conditions") else None
		STEPS[name](options)
	print(f"---- done ({time.monotonic() - begin:.0f} s)")


ALL = ("prepare", "autoencoders", "sheet", "train", "audit", "curves", "export", "quantise", "evaluate", "calibrate", "conditions", "publish")
SCORED = "scored.sha256"
"""What gave the scores that a run's folder holds: `scorer`."""


def scorer(options: argparse.Namespace, path: Path) -> str:
	"""Digest of the file that scores, and whether it looks twice."""
	return digest_of(path) + (" mirrored" if options.mirrored else "")


def digest_of(path: Path) -> str:
	return hashlib.sha256(path.read_bytes()).hexdigest()


STEPS = {
	"prepare": run_prepare,
	"autoencoders": run_autoencoders,
	"sheet": run_sheet,
	"pictures": run_pictures,
	"audit": run_audit,
	"train": run_train,
	"leave-out": run_leave_out,
	"curves": run_curves,
	"mine": run_mine,
	"from-onnx": run_from_onnx,
	"between": run_between,
	"ensemble": run_ensemble,
	"serving": run_serving,
	"clips": run_clips,
	"time-head": run_time_head,
	"export": run_export,
	"quantise": run_quantise,
	"evaluate": run_evaluate,
	"compare": run_compare,
	"calibrate": run_calibrate,
	"conditions": run_conditions,
	"publish": run_publish,
	"parity": run_parity,
}
