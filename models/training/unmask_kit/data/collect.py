"""Collects faces from clips in public repositories, of many generators and genuine sources, with an index.

`sources.csv` lists every picture and clip: repository, commit, path, blob, kind (video, image), label, generator (empty if genuine), group (who
is seen, within the repository), licence, crop (x y w h of the one panel to use; empty = all), use, missing (`skip` or `stop`), note. `use`:
- `train`             for training;
- `unseen-generator`  a generator that is not trained on, in any repository;
- `unseen-source`     clips of a source that is held out as a whole, genuine ones and fakes of known generators;
- `hard`              genuine faces that are covered or otherwise easily mistaken for fakes: in a separate index;
- `drop`              inspected and not used; the note says why.

A clip gives up to eight frames, evenly spread. In each, the shipped detector's largest face of at least 80 px is stored as a JPEG with its
surroundings (2 x its box where the panel reaches that far), so that training can cut any margin and shift it. The step is resumable: one file
per clip. Whatever is missing is listed in `missing.csv` and counted. People who appear in held-out clips are removed from `train`.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace
from fnmatch import fnmatch
from pathlib import Path

import av
import cv2
import numpy as np

from ..workspace import MODELS, Workspace
from .faces import FaceDetector, FaceFinder
from .frames import as_rgb
from .people import SAME_PERSON, Identity, clusters, join
from .repositories import HOST, MissingSourceError, clone, git, git_folder, read_blob

SOURCES = Path(__file__).resolve().parents[2] / "sources.csv"
FRAMES = 8
LEAST_FACE = 80
"""Longer side of the detector's box in px."""
CANVAS = 2.0
"""Side of the stored picture / longer side of the box."""
LARGEST_BOX = 300
"""Larger faces are shrunk to this, because the program's crops have 224 px."""
QUALITY = 95
HELD_OUT = ("unseen-generator", "unseen-source")


@dataclass(frozen=True)
class Source:
	"""A line of sources.csv."""

	repository: str
	commit: str
	path: str
	blob: str
	kind: str
	label: str
	generator: str
	group: str
	licence: str
	crop: str
	use: str
	missing: str
	note: str

	@property
	def clip(self) -> str:
		"""A short name that depends only on the file's content and the panel."""
		return hashlib.sha256(f"{self.blob}:{self.crop}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Face:
	"""A line of index.csv: one face. `x1` to `y2` is the detector's box in px of the file, `face_px` its longer side in px of the video."""

	file: str
	clip: str
	label: int
	generator: str
	source_id: str
	group: str
	repository: str
	path: str
	x1: float
	y1: float
	x2: float
	y2: float
	face_px: float
	time: float
	use: str
	split: str


def read_sources(path: Path = SOURCES) -> list[Source]:
	"""Reads the manifest. Raises SystemExit on a line with an unknown value or a crop that cannot be read."""
	with path.open(newline="") as file:
		sources = [Source(**row) for row in csv.DictReader(file)]
	for number, source in enumerate(sources, 2):
		known = source.kind in ("video", "image") and source.label in ("real", "fake") and source.missing in ("skip", "stop")
		if not known or source.use not in ("train", *HELD_OUT, "hard", "drop"):
			raise SystemExit(f"{path.name} line {number}: kind, label, use or missing has an unknown value")
		if not re.fullmatch(r"(\d+ \d+ \d+ \d+)?", source.crop):
			raise SystemExit(f"{path.name} line {number}: crop is not four whole numbers with spaces between them")
	return sources


def read_frames(data: bytes, kind: str, count: int = FRAMES) -> Iterator[tuple[float, np.ndarray]]:
	"""(time in s, uint8 [H, W, 3] RGB) of up to `count` frames, each in the middle of its share of the clip. Raises MissingSourceError."""
	if kind == "image":
		picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
		if picture is None:
			raise MissingSourceError("picture cannot be read")
		yield 0.0, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
		return
	try:
		with av.open(io.BytesIO(data)) as container:
			times = sorted(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
		wanted = {times[int((i + 0.5) / count * len(times))] for i in range(count)} if times else set()
		with av.open(io.BytesIO(data)) as container:
			for frame in container.decode(video=0):
				if frame.pts in wanted:
					yield float(frame.time or 0), as_rgb(frame)
	except (av.FFmpegError, IndexError) as error:
		raise MissingSourceError("clip cannot be read") from error


def panel(rgb: np.ndarray, crop: str) -> np.ndarray:
	"""The part of a frame that the manifest selects."""
	if not crop:
		return rgb
	x, y, width, height = (int(value) for value in crop.split())
	return rgb[y : y + height, x : x + width]


def longer_side(box: np.ndarray) -> float:
	"""The longer side of a box, in px."""
	return float(max(box[2] - box[0], box[3] - box[1]))


def cut(rgb: np.ndarray, box: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
	"""The face with its surroundings, as far as the picture reaches, and the box in that crop."""
	side = longer_side(box)
	centre = (box[:2] + box[2:]) / 2
	low = np.floor(np.clip(centre - side * CANVAS / 2, 0, None)).astype(int)
	high = np.ceil(np.minimum(centre + side * CANVAS / 2, rgb.shape[1::-1])).astype(int)
	canvas, scale = rgb[low[1] : high[1], low[0] : high[0]], min(1.0, LARGEST_BOX / side)
	if scale < 1:
		canvas = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
	return canvas, (box - np.tile(low, 2)) * scale


def faces_of(source: Source, frames: list[tuple[float, np.ndarray]], detector: FaceDetector, identity: Identity, folder: Path) -> dict:
	"""What is stored of one clip: {"faces": rows without group and split, "descriptor": float [128] or None, "frames", "small", "none"}."""
	rows, descriptors, counts, finder = [], [], Counter(frames=len(frames)), FaceFinder(detector)
	for number, (time, frame) in enumerate(frames):
		rgb = panel(frame, source.crop)
		boxes = [box for box, _ in finder(rgb, time)] if min(rgb.shape[:2]) >= LEAST_FACE else []
		box = max(boxes, key=longer_side, default=None)
		side = 0.0 if box is None else longer_side(box)
		if side < LEAST_FACE:
			counts["none" if box is None else "small"] += 1
			continue
		descriptors.append(identity(rgb, box))
		canvas, inside = cut(rgb, box)
		name = f"faces/{source.clip}-{number}.jpg"
		settings = [cv2.IMWRITE_JPEG_QUALITY, QUALITY, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
		cv2.imwrite(str(folder / name), cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR), settings)
		rows.append({"file": name, "time": round(time, 3), "face_px": round(side, 1), "box": [round(float(v), 2) for v in inside]})
	mean = np.mean(descriptors, 0).round(5).tolist() if descriptors else None
	return {"faces": rows, "descriptor": mean, **{key: counts[key] for key in ("frames", "small", "none")}}


def expand(folder: Path, source: Source) -> list[Source]:
	"""Expands a line with a pattern (`*`) to one line per file; each gets its own group."""
	if source.blob:
		return [source]
	listing = git(folder, "ls-tree", "-r", "-z", source.commit) or b""
	found = []
	for entry in listing.decode("utf-8", "replace").split("\0")[:-1]:
		about, path = entry.split("\t", 1)
		if fnmatch(path, source.path):
			found.append(replace(source, path=path, blob=about.split()[2], group=source.group or Path(path).stem))
	if not found:
		raise MissingSourceError("no file matches the pattern")
	return found


class Collection:
	"""Reads clip after clip into `folder`, and remembers what was missing."""

	def __init__(self, folder: Path, repositories: Path, detector: FaceDetector, identity: Identity, host: str | None) -> None:
		self.folder, self.repositories, self.detector, self.identity, self.host = folder, repositories, detector, identity, host
		self.parts = folder / "parts"
		self.missing: list[tuple[str, str, str]] = []
		for made in (self.parts, folder / "faces"):
			made.mkdir(parents=True, exist_ok=True)

	def miss(self, source: Source, why: str) -> None:
		"""Records a missing file, or stops the step if the manifest says so."""
		self.missing.append((source.repository, source.path, why))
		if source.missing == "stop":
			raise SystemExit(f"collect: {source.repository} {source.path}: {why}; sources.csv says to stop without it")

	def repository(self, name: str, sources: list[Source]) -> Iterator[tuple[Source, dict]]:
		"""Yields each clip of one repository with what is stored of it."""
		try:
			folder = git_folder(self.repositories, name)
			if folder is None and self.host:
				folder = clone(self.repositories, name, sorted({source.commit for source in sources}), self.host)
			if folder is None:
				raise MissingSourceError("repository not in the folder")
		except MissingSourceError as error:
			for source in sources:
				self.miss(source, str(error))
			return
		single: list[Source] = []
		for source in sources:
			try:
				single += expand(folder, source)
			except MissingSourceError as error:
				self.miss(source, str(error))
		by_blob: dict[str, list[Source]] = {}
		for source in single:
			by_blob.setdefault(source.blob, []).append(source)
		for same in by_blob.values():
			yield from self.file(folder, same)

	def file(self, folder: Path, sources: list[Source]) -> Iterator[tuple[Source, dict]]:
		"""Yields every wanted panel of one file; the file is decoded once, and only if a panel is not done yet."""
		frames: list[tuple[float, np.ndarray]] | None = None
		for source in sources:
			part = self.parts / f"{source.clip}.json"
			if not part.exists():
				try:
					if frames is None:
						frames = list(read_frames(read_blob(folder, source.commit, source.path, source.blob), source.kind))
				except MissingSourceError as error:
					self.miss(source, str(error))
					continue
				temporary = part.with_suffix(".new")
				temporary.write_text(json.dumps(faces_of(source, frames, self.detector, self.identity, self.folder)))
				temporary.replace(part)
			found = json.loads(part.read_text())
			if not found["faces"]:
				self.miss(source, "no face of 80 px in any frame")
				continue
			yield source, found


def split_people(sources: list[Source], descriptors: np.ndarray) -> tuple[list[str], list[str]]:
	"""(group, split) of each clip. Group: a person across all repositories. Split: the use, or `drop` for a training clip whose person is held
	out."""
	person = [f"p{number}" for number in clusters(descriptors)]
	groups = join([f"{source.repository}:{source.group}" for source in sources], person)
	held = np.array([source.use in HELD_OUT for source in sources])
	held_groups = {group for group, is_held in zip(groups, held, strict=True) if is_held}
	splits = []
	for source, group, descriptor in zip(sources, groups, descriptors, strict=True):
		near = held.any() and float(np.linalg.norm(descriptors[held] - descriptor, axis=1).min()) < SAME_PERSON
		splits.append("drop" if source.use == "train" and (group in held_groups or near) else source.use)
	return groups, splits


def rows_of(source: Source, found: dict, group: str, split: str) -> Iterator[Face]:
	"""The index lines of one clip."""
	fake, person = int(source.label == "fake"), f"{source.repository}:{source.group}"
	for face in found["faces"]:
		place = (*face["box"], face["face_px"], face["time"])
		yield Face(face["file"], source.clip, fake, source.generator, person, group, source.repository, source.path, *place, source.use, split)


def write_csv(path: Path, header: list[str], rows: list[tuple]) -> None:
	"""Writes the file atomically."""
	temporary = path.with_suffix(".new")
	with temporary.open("w", newline="") as file:
		writer = csv.writer(file, lineterminator="\n")
		writer.writerow(header)
		writer.writerows(rows)
	temporary.replace(path)


def counts_table(faces: list[Face]) -> str:
	"""Counts of generators, clips, faces, people and sources of each split, as a Markdown table."""
	lines = ["| split | label | generators | clips | faces | people | repositories |", "|---|---|---|---|---|---|---|"]
	for split in sorted({face.split for face in faces}):
		for label, name in ((0, "genuine"), (1, "fake")):
			of = [face for face in faces if face.split == split and face.label == label]
			counts = [len({getattr(face, key) for face in of}) for key in ("generator", "clip", "file", "group", "repository")]
			lines.append(f"| {split} | {name} | {counts[0] if label else ''} | {' | '.join(map(str, counts[1:]))} |")
	return "\n".join(lines)


def collect(sources: list[Source], repositories: Path, folder: Path, detector: Path, host: str | None = HOST) -> Path:
	"""Runs the step into `folder`: faces/*.jpg, index.csv, hard.csv, missing.csv, counts.md. With `host` None, nothing is cloned."""
	collection = Collection(folder, repositories, FaceDetector(detector), Identity(MODELS / "face-identity.onnx"), host)
	used: dict[str, list[Source]] = {}
	for source in sources:
		if source.use != "drop":
			used.setdefault(source.repository, []).append(source)
	done: list[tuple[Source, dict]] = []
	for name, of in used.items():
		clips = list(collection.repository(name, of))
		done += clips
		print(f"collect: {name}: {len(clips)} of {len(of)} clips, {sum(len(found['faces']) for _, found in clips)} faces", flush=True)
	groups, splits = split_people([source for source, _ in done], np.array([found["descriptor"] for _, found in done], np.float32).reshape(-1, 128))
	faces = [face for (source, found), *where in zip(done, groups, splits, strict=True) for face in rows_of(source, found, *where)]
	header = [field.name for field in fields(Face)]
	write_csv(folder / "hard.csv", header, [astuple(face) for face in faces if face.use == "hard"])
	write_csv(folder / "missing.csv", ["repository", "path", "why"], collection.missing)
	(folder / "counts.md").write_text(counts_table(faces) + "\n")
	write_csv(folder / "index.csv", header, [astuple(face) for face in faces if face.use != "hard"])
	print(counts_table(faces))
	print(f"collect: {sum(source.use == 'drop' for source in sources)} lines of the manifest are not used; their notes say why")
	for why, count in Counter(why for *_, why in collection.missing).most_common():
		print(f"collect: {count} left out: {why} (missing.csv)")
	return folder / "index.csv"


HELP = "faces of the clips that sources.csv lists, with an index (WORK/collect)"


def arguments(parser: argparse.ArgumentParser) -> None:
	folder = os.environ.get("UNMASK_REPOSITORIES")
	parser.add_argument("--repositories", type=Path, default=folder, help="folder of git repositories; missing ones are cloned into it")
	parser.add_argument("--sources", type=Path, default=SOURCES, help="a manifest other than the kit's")
	parser.add_argument("--host", default=HOST, help=f"where repositories are cloned from ({HOST})")
	parser.add_argument("--offline", action="store_true", help="clone nothing; repositories that are not in the folder are reported and left out")


def run(work: Workspace, options: argparse.Namespace) -> None:
	if options.repositories is None:
		raise SystemExit("--repositories (or UNMASK_REPOSITORIES) is needed: a folder of clones, which may be empty if there is a network")
	sources, host = read_sources(options.sources), None if options.offline else options.host
	collect(sources, Path(options.repositories), work.root / "collect", work.detector, host)
