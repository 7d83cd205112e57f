"""Publishes the run's file and its numbers into a models folder."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..measure.evaluate import scorer
from ..train.checkpoint import read, trunks_of
from ..train.clip import CLIP_TRUNKS
from ..workspace import MODELS, Workspace
from .manifest import Evaluated, append_ledger, keep_log, licence_of, start_folder, write_entry
from .weights import copy_model

HELP = "publish the file, calibration and metrics into a models folder, with ledger lines and the run's log"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--tier", choices=("fast", "thorough"), default="fast", help="tier whose entry it replaces; fast is the default model")
	parser.add_argument("--speed", type=float, help="faces per second on two CPU cores (`npm run bench -- tiers`), for the page")
	parser.add_argument("--preliminary", action="store_true", help="marks the entry as coming from an unfinished run")
	parser.add_argument("--models", type=Path, default=MODELS, help="folder to publish into; a missing one is created, with the other models")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Publishes the run. Raises SystemExit if the calibration was computed from another file's scores."""
	models, model = options.models, work.shipped_file
	found = json.loads(work.calibration.read_text())
	if found["scored"] != scorer(work, model):
		raise SystemExit(f"the calibrated scores do not come from {model.name}: run `evaluate --model {model}` and `calibrate` first")
	state = read(work.checkpoint)
	start_folder(models, MODELS)
	copy_model(model, models / model.name)
	made_by = "models/training" + (" (preliminary: an unfinished run)" if options.preliminary else "")
	recipes = state["recipe"] if isinstance(state["recipe"], list) else [state["recipe"]]
	licence = licence_of(recipes, any(trunk in CLIP_TRUNKS for trunk in trunks_of(state)))
	serving = {"tier": options.tier, "licence": licence, "mirrored": work.mirrored, "speed": options.speed}
	digest = write_entry(models / "manifest.json", models / model.name, serving, found, made_by)
	settings = json.dumps({"settings": state["settings"], "recipe": state["recipe"]}, separators=(",", ":"))
	evaluated = Evaluated(digest, work.run, state["passes"], state["elapsed_s"] / 60, settings)
	append_ledger(models / "training" / "ledger.csv", evaluated, found["metrics"])
	for run in state.get("runs", [work.run]):
		keep_log(work.of_run(run).log, models / "training" / "logs" / f"{run}.csv")
	keep_log(work.scores, models / "training" / "scores" / f"{work.name}.csv")
	print(f"publish: {model.name} sha256 {digest}")
