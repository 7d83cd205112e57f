"""Exports a sequence model to an ONNX file, checks it against torch, and adds it to a models folder's manifest."""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch

from ..train.checkpoint import read
from ..train.sequence import PLANS, TimeHead
from ..train.sequence_model import SequenceModel, sequence_model
from ..workspace import MODELS, Workspace
from .export import OPSET
from .manifest import write_sequence

HELP = "export a trained time head (or one whose gate is 0) for the classifier of a tier; --publish names it in the manifest"
INPUTS, OUTPUTS = ("emb", "frame_logit", "time_s"), ("frame_logit_out", "video_logit")
MOST_OFF = 1e-4
"""Largest difference of a logit between torch and onnxruntime."""
LENGTHS = (1, 2, 7, 64)
"""Numbers of frames in the clips for the comparison."""


def made_up_clip(frames: int, features: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""A clip [1, T, D], [1, T], [1, T] that other languages can reproduce: its values are exact in float32."""
	t, d = np.mgrid[0:frames, 0:features]
	emb = ((7 * t + 13 * d + (t * d) % 97) % 128 / 32 - 2).astype(np.float32)
	logit = ((11 * np.arange(frames) % 64) / 16 - 2).astype(np.float32)
	time_s = (np.arange(frames) * 0.25 + (np.arange(frames) > 4) * 30).astype(np.float32)
	return emb[None], logit[None], time_s[None]


def run_graph(file: Path, clip: tuple[np.ndarray, ...]) -> list[np.ndarray]:
	"""Runs the graph on a clip; returns the two outputs."""
	session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
	return session.run(list(OUTPUTS), dict(zip(INPUTS, clip, strict=True)))


def export_sequence(model: SequenceModel, out: Path) -> str:
	"""Writes `out` and returns its SHA-256. Raises ValueError if onnxruntime's logits differ from torch's."""
	features = len(model.mean)
	example = tuple(torch.from_numpy(part) for part in made_up_clip(8, features))
	torch.onnx.export(
		model.eval(),
		example,
		str(out),
		input_names=list(INPUTS),
		output_names=list(OUTPUTS),
		dynamic_axes={name: {1: "T"} for name in (*INPUTS, OUTPUTS[0])},
		opset_version=OPSET,
		dynamo=False,
	)
	graph = onnx.load(out)
	del graph.metadata_props[:]
	graph.producer_name, graph.producer_version, graph.doc_string = "unmask_kit", "", "positive = fake"
	onnx.checker.check_model(graph, full_check=True)
	onnx.save(graph, out)
	gaps = []
	for frames in LENGTHS:
		clip = made_up_clip(frames, features)
		with torch.inference_mode():
			expected = [part.numpy() for part in model(*(torch.from_numpy(part) for part in clip))]
		gaps += [float(np.abs(a - b).max()) for a, b in zip(run_graph(out, clip), expected, strict=True)]
	digest = hashlib.sha256(out.read_bytes()).hexdigest()
	print(f"export-sequence: {out.name} {out.stat().st_size} bytes sha256 {digest}, gate {float(model.gate.detach()):+.3f}")
	print(f"export-sequence: largest difference to torch {max(gaps):.1e}, clips of {', '.join(map(str, LENGTHS))} frames")
	if not max(gaps) <= MOST_OFF:
		raise ValueError("the exported file does not give the logits of the model")
	return digest


def classifier_of(manifest: Path, tier: str) -> dict:
	"""The manifest entry of a tier's classifier. Raises SystemExit if there is none."""
	files = json.loads(manifest.read_text())["files"]
	found = next((file for file in files if file["kind"] == "classifier" and file.get("tier", "fast") == tier), None)
	if found is None:
		raise SystemExit(f"export-sequence: no classifier of the tier {tier}")
	return found


def features_of(entry: dict) -> int:
	"""Length of a classifier's embedding."""
	(emb,) = (output for output in entry["outputs"] if output["name"] == "emb")
	return int(emb["shape"].split(",")[1].split("]")[0])


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--tier", choices=("fast", "thorough"), default="thorough", help="the tier whose classifier uses it (thorough)")
	parser.add_argument("--head", type=Path, help="state dict of a head with the plan `lstm`, as the step time-head writes; without it the gate is 0")
	parser.add_argument("--publish", action="store_true", help="copy it into the models folder and name it in the manifest")
	parser.add_argument("--models", type=Path, default=MODELS, help="models folder with the classifier")


def run(work: Workspace, options: argparse.Namespace) -> None:
	entry = classifier_of(options.models / "manifest.json", options.tier)
	features = features_of(entry)
	torch.manual_seed(0)  # without a head the weights are random, and the file is always the same
	head = TimeHead(PLANS["lstm"], torch.zeros(features), torch.ones(features))
	if options.head:
		state = read(options.head)
		if len(state["mean"]) != features:
			raise SystemExit(f"export-sequence: the head takes embeddings of {len(state['mean'])} numbers, {entry['id']} gives {features}")
		head.load_state_dict(state)
	work.folder.mkdir(parents=True, exist_ok=True)
	out = work.folder / f"{entry['id']}-sequence.onnx"
	export_sequence(sequence_model(head), out)
	if options.publish:
		shutil.copyfile(out, options.models / out.name)
		write_sequence(options.models / "manifest.json", entry["id"], options.models / out.name)
		print(f"export-sequence: {entry['id']} of {options.models} uses {out.name}")
