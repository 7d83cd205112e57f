"""Runs the same pictures and videos through this kit and the built program: do both find the same faces and give the same logits?

Stills are crops of the dev set, spread evenly, passed as PNG so that both start from the same pixels. This compares finding, cropping and scoring.
Videos are those of the dev set. The program samples and decodes them on its own. The kit decodes the frames at the same times and looks for faces in
the frames in which the program did (the program interpolates in between). The program is `node dist/function/cli.js batch`, which users run, but
without its second pass over doubtful ranges, which searches for faces from scratch and reads some frames twice.

Faces are cropped here with the program's sums in the program's order, so the crops are identical to the bit. This matters only for the 8-bit file.
Pixels from torchvision's operator differ by a millionth; they round to other 8-bit values inside the network, and the logit moves by a few
hundredths. The difference is printed as well.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import av
import cv2
import numpy as np
import torch

from ..data.faces import SERVING_MARGIN, FaceDetector, FaceFinder, crop_faces, overlap, square_box
from ..data.frames import as_rgb
from ..train.onnx_model import Exported, Mirrored
from ..workspace import MODELS, Workspace, side_of
from .align_crop import align_crop
from .manifest import files_of
from .weights import copy_model, listed, listed_weights

MOST_LOGIT = 0.02
MOST_PX = 1.0
SAME_TIME_S = 0.002
FRAMES = 40
"""Frames sampled from each video."""


@dataclass(frozen=True)
class Seen:
	"""A face: seconds from the clip's start (0 for stills), box float64 [4] x1 y1 x2 y2 in px, logit."""

	time_s: float
	box: np.ndarray
	logit: float
	other_logit: float = 0.0
	"""The kit's logit of the crop from `crop_faces`, which training and evaluation use."""


@dataclass(frozen=True)
class Gap:
	"""A file's faces in the two pipelines: how many each found, and for faces found by both the largest gap of an edge (px) and the gaps of the
	logits."""

	name: str
	here: int
	there: int
	px: float
	logits: tuple[float, ...]
	other_logits: tuple[float, ...]


class Pipeline:
	"""Detector, crop and classifier of a models folder, in Python."""

	def __init__(self, models: Path, classifier: Path, side: int, mirrored: bool = False) -> None:
		self.detector = FaceDetector(models / "face-detector.onnx")
		self.model = Mirrored(Exported(classifier, 1)) if mirrored else Exported(classifier, 1)
		self.side = side

	def cut(self, rgb: np.ndarray, box: np.ndarray) -> np.ndarray:
		"""The crop float32 [1, 3, side, side] of a box float64 [4]."""
		side = SERVING_MARGIN * max(box[2] - box[0], box[3] - box[1])
		x, y = (box[i] + ((box[i + 2] - box[i]) - side) / 2 for i in (0, 1))
		return align_crop(rgb, (x, y, side), self.side)

	def faces(self, finder: FaceFinder, rgb: np.ndarray, time_s: float = 0.0) -> list[Seen]:
		seen = []
		for box, _ in finder(rgb, time_s):
			exact = box.astype(np.float64)
			crops = (torch.from_numpy(self.cut(rgb, exact)), crop_faces(rgb, square_box(box)[None], self.side))
			seen.append(Seen(time_s, exact, *(float(self.model(crop)[0]) for crop in crops)))
		return seen


def run_program(program: Path, models: Path, name: str, files: Path, out: Path) -> dict[str, dict]:
	"""The program's report of each file in `files`, by name. Raises RuntimeError with the program's output if it gives no report at all."""
	command = ["node", str(program), "batch", str(files), "--out", str(out), "--model", name]
	command += ["--jobs", "1", "--frames", str(FRAMES), "--refine", "none", "--no-heat-maps", "--quiet"]
	done = subprocess.run(command, env={**os.environ, "UNMASK_MODELS": str(models.resolve())}, capture_output=True, text=True)
	reports = [json.loads(path.read_text()) for path in (out / "reports").glob("*.json")]
	if not reports:
		raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr.strip()[-500:] or 'no report'}")
	return {report["fileName"]: report for report in reports}


def program_faces(report: dict) -> list[Seen]:
	"""The faces of a report that were detected, not interpolated."""
	faces = [face for track in report["tracks"] for face in track["faces"] if face["score"] is not None]
	return [Seen(f["timeS"], xyxy(f["box"]), f["logit"]) for f in sorted(faces, key=lambda face: face["timeS"])]


def xyxy(box: dict) -> np.ndarray:
	return np.array([box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]])


def frames_at(data: bytes, times: list[float]) -> list[np.ndarray]:
	"""The frames of a clip at these times (s after its first frame), uint8 [H, W, 3] RGB."""
	found: dict[int, np.ndarray] = {}
	with av.open(BytesIO(data)) as clip:
		start = None
		for frame in clip.decode(video=0):
			start = frame.time if start is None else start
			for i, time_s in enumerate(times):
				if i not in found and abs(frame.time - start - time_s) < SAME_TIME_S:
					found[i] = as_rgb(frame)
	if len(found) < len(times):
		raise ValueError(f"{len(times) - len(found)} of {len(times)} sampled frames are not in the clip")
	return [found[i] for i in range(len(times))]


def gap(name: str, here: list[Seen], there: list[Seen]) -> Gap:
	"""Matches each face of the kit with the program's face at the same time that overlaps it most."""
	px, logits, others, left = 0.0, [], [], list(there)
	for face in here:
		near = [other for other in left if abs(other.time_s - face.time_s) < SAME_TIME_S and overlap(face.box, other.box) > 0.5]
		if not near:
			continue
		other = max(near, key=lambda candidate: overlap(face.box, candidate.box))
		left = [candidate for candidate in left if candidate is not other]
		px = max(px, float(np.abs(face.box - other.box).max()))
		logits.append(abs(face.logit - other.logit))
		others.append(abs(face.other_logit - other.logit))
	return Gap(name, len(here), len(there), px, tuple(logits), tuple(others))


def with_classifier(models: Path, name: str, classifier: Path, folder: Path) -> Path:
	"""Makes a copy of the folder `models` in which another file replaces the classifier with that id."""
	folder.mkdir()
	manifest = json.loads((models / "manifest.json").read_text())
	for entry in manifest["files"]:
		if entry["id"] == name:
			entry.pop("weights", None)
			copy_model(classifier, folder / entry["file"])
			entry |= listed(classifier) | {"file": entry["file"]} | listed_weights(classifier)
	for file in files_of(manifest["files"]):
		if not (folder / file).exists():
			(folder / file).symlink_to((models / file).resolve())
	(folder / "manifest.json").write_text(json.dumps(manifest))
	return folder


def write_dev_set(data: Path, folder: Path, crops: int, videos: int) -> None:
	"""Writes some of the dev set's crops as PNG, and some of its videos, into a folder."""
	folder.mkdir()
	with tarfile.open(data / "dev-set.tar") as tar:
		members = tar.getmembers()
		stills = [member for member in members if member.name.endswith(".jpg")]
		for i in np.unique(np.linspace(0, len(stills) - 1, min(crops, len(stills))).round().astype(int)):
			pixels = cv2.imdecode(np.frombuffer(tar.extractfile(stills[i]).read(), np.uint8), cv2.IMREAD_COLOR)
			cv2.imwrite(str(folder / f"{Path(stills[i].name).stem}.png"), pixels)
		for member in [member for member in members if member.name.endswith(".mp4")][:videos]:
			(folder / Path(member.name).name).write_bytes(tar.extractfile(member).read())


@dataclass(frozen=True)
class Compared:
	"""A models folder, the id of its classifier, a file that replaces that classifier (or None), and the built program."""

	models: Path
	name: str
	classifier: Path | None
	program: Path


def parity(data: Path, compared: Compared, crops: int = 200, videos: int = 11) -> bool:
	"""Prints both comparisons; returns whether both find every face within MOST_PX, and every still's logit is within MOST_LOGIT."""
	models, name, classifier, program = compared.models, compared.name, compared.classifier, compared.program
	if not program.exists():
		raise SystemExit(f"{program.name} is not built: run `npm run build` in the root of the repository")
	with tempfile.TemporaryDirectory() as temporary:
		folder = Path(temporary)
		if classifier:
			models = with_classifier(models, name, classifier, folder / "models")
		manifest = json.loads((models / "manifest.json").read_text())
		(entry,) = (file for file in manifest["files"] if file["id"] == name)
		print(f"parity: {(classifier or models / entry['file']).name} sha256 {entry['sha256'][:12]}", flush=True)
		write_dev_set(data, folder / "files", crops, videos)
		reports = run_program(program, models, name, folder / "files", folder / "out")
		pipeline, gaps = Pipeline(models, models / entry["file"], side_of(name), entry["spec"].get("mirrored", False)), {"crops": [], "videos": []}
		for path in sorted((folder / "files").iterdir()):
			if path.name not in reports:
				raise RuntimeError(f"parity: the program has no report of {path.name}")
			there, finder = program_faces(reports[path.name]), FaceFinder(pipeline.detector)
			if path.suffix == ".png":
				rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
				gaps["crops"].append(gap(path.name, pipeline.faces(finder, rgb), there))
			else:
				times = sorted({face.time_s for face in there})
				frames = zip(frames_at(path.read_bytes(), times), times, strict=True)
				here = [face for rgb, time_s in frames for face in pipeline.faces(finder, rgb, time_s)]
				gaps["videos"].append(gap(path.name, here, there))
				print(sentence(gaps["videos"][-1]), flush=True)
	fine = [summed(kind, gaps[kind], limit) for kind, limit in (("crops", MOST_LOGIT), ("videos", None)) if gaps[kind]]
	return all(fine)


def sentence(found: Gap) -> str:
	sizes = [f"{max(gaps, default=0):.4f} at most, {np.mean(gaps or [0]):.4f} on average" for gaps in (found.logits, found.other_logits)]
	return (
		f"parity: {found.name}: faces here {found.here}, there {found.there}, in both {len(found.logits)}; edges {found.px:.3f} px apart at most; "
		f"logits {sizes[0]} (crops of torchvision: {sizes[1]})"
	)


def summed(kind: str, gaps: list[Gap], most_logit: float | None) -> bool:
	"""Prints the total over the files; returns whether everything is within the limits."""
	logits, others = (tuple(value for g in gaps for value in getattr(g, name)) for name in ("logits", "other_logits"))
	print(sentence(Gap(f"{len(gaps)} {kind}", sum(g.here for g in gaps), sum(g.there for g in gaps), max(g.px for g in gaps), logits, others)))
	alone = [g.name for g in gaps if not g.here == g.there == len(g.logits)]
	far = [g.name for g in gaps if g.px >= MOST_PX or (most_logit is not None and max(g.logits, default=0) >= most_logit)]
	limits = f"edges within {MOST_PX} px" + ("" if most_logit is None else f", logits within {most_logit}")
	print(f"parity: {'NO ' if alone or far else 'yes'} {kind}: the same faces, {limits}" + "".join(f"; not {name}" for name in (alone + far)[:8]))
	return not alone and not far


HELP = "run the same crops and videos through this kit and the built program, and compare"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--models", type=Path, default=MODELS, help="models folder for both")
	parser.add_argument("--model", type=Path, help="ONNX file that replaces the classifier of that name, such as the run's float file")
	parser.add_argument("--program", type=Path, default=MODELS.parent / "dist" / "function" / "cli.js")


def run(work: Workspace, options: argparse.Namespace) -> None:
	few = (10, 2) if work.small else (200, 11)
	if not parity(work.data, Compared(options.models, work.name, options.model, options.program), *few):
		raise SystemExit("parity: the two pipelines differ")
