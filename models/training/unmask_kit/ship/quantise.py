"""Quantises an exported float file to the shipped one: convolutions in 8 bits, twice as fast on a CPU with 8-bit dot products, and half the size.

The ranges of the activations come from reals of the training split, the same number from each source. The first convolution and the head of each
member of an ensemble stay in float, so that the mean of the map is still exactly the logit. The cost is checked on the dev crops, which set nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from ..data.faces import crop_faces, square_box
from ..data.packed import Faces
from ..measure.evaluate import Crops, cached, logits, set_makers
from ..measure.statistics import auc, resampled_aucs
from ..train.onnx_model import Exported
from ..workspace import Workspace
from .export import widen

PICTURES = 300
MOST_MOVED = 0.005
"""Largest change of the AUC with which the 8-bit file may ship."""


class Batches(CalibrationDataReader):
	"""Crops [N, 3, S, S], eight at a time."""

	def __init__(self, crops: np.ndarray) -> None:
		self.batches = iter([crops[i : i + 8] for i in range(0, len(crops), 8)])

	def get_next(self) -> dict | None:
		batch = next(self.batches, None)
		return None if batch is None else {"crops": batch}


def range_crops(root: Path, side: int, count: int = PICTURES) -> np.ndarray:
	"""Crops float32 [N, 3, side, side], at the program's margin, of about `count` reals of the training split, spread evenly over its sources."""
	faces = Faces(root)
	usable = (faces.split == "train") & (faces.label == 0) & np.isfinite(faces.box).all(1) & (faces.score > 0.3)
	sources = np.unique(faces.source[usable])
	crops = []
	for source in sources:
		rows = np.where(usable & (faces.source == source))[0]
		few = np.unique(np.linspace(0, len(rows) - 1, min(len(rows), count // len(sources))).round().astype(int))
		crops += [crop_faces(faces.picture(int(i)), square_box(faces.box[i])[None], side).numpy() for i in rows[few]]
	return np.concatenate(crops)


def quantise(source: Path, out: Path, crops: np.ndarray) -> None:
	"""Writes `out`; `crops` [N, 3, S, S] set the ranges. The same crops give the same bytes."""
	with tempfile.TemporaryDirectory() as folder:
		path = Path(folder) / "float.onnx"
		model = widen(onnx.load(source))
		onnx.save(model, path)
		weights = {tensor.name: tuple(tensor.dims[:2]) for tensor in model.graph.initializer}
		shapes = {node.name: weights[node.input[1]] for node in model.graph.node if node.op_type == "Conv"}
		quantize_static(
			str(path),
			str(out),
			Batches(crops),
			quant_format=QuantFormat.QDQ,
			per_channel=True,
			activation_type=QuantType.QUInt8,
			weight_type=QuantType.QInt8,
			op_types_to_quantize=["Conv", "Clip", "Add"],
			calibrate_method=CalibrationMethod.MinMax,
			nodes_to_exclude=[name for name, (outputs, inputs) in shapes.items() if outputs == 1 or inputs == 3],
		)
	print(f"quantise: {out.name} {source.stat().st_size} -> {out.stat().st_size} bytes, ranges from {len(crops)} faces")


def check(source: Path, out: Path, dev: Crops, threads: int = 1) -> bool:
	"""Prints how 8 bits change logits and AUC of the dev set's crops; returns whether the AUC changes by less than MOST_MOVED."""
	before, after = (logits(Exported(path, threads), dev["crops"]) for path in (source, out))
	moved = np.abs(after - before)
	print(
		f"quantise: {len(moved)} dev crops: logits move by {moved.mean():.4f} on average, {np.percentile(moved, 95):.4f} at the 95th percentile, "
		f"{(after - before).mean():+.4f} with sign; their deviation is {before.std():.4f}"
	)
	label, group = dev["label"], dev["group"]
	areas = [auc(label, score) for score in (before, after)]
	drawn = [resampled_aucs(label, score, group, 500) for score in (before, after)]
	low, high = np.nanquantile(drawn[1] - drawn[0], (0.025, 0.975))
	fine = abs(areas[1] - areas[0]) < MOST_MOVED
	gap = f"difference {areas[1] - areas[0]:+.4f} [{low:+.4f}, {high:+.4f}]"
	print(f"quantise: {'yes' if fine else 'NO '} AUC {areas[0]:.4f} -> {areas[1]:.4f}, {gap}: less than {MOST_MOVED}")
	return fine


HELP = "quantise the float ONNX file to the shipped 8-bit file (WORK/RUN/NAME.onnx)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--model", type=Path, help="float ONNX file instead of the run's")


def run(work: Workspace, options: argparse.Namespace) -> None:
	work.folder.mkdir(parents=True, exist_ok=True)
	source = options.model or work.float_file
	quantise(source, work.shipped_file, range_crops(work.root, work.side))
	make = set_makers(work)["dev-crops"]
	check(source, work.shipped_file, cached(work.sets, "dev-crops", make), work.threads)
