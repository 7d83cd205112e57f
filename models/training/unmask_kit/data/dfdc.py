"""Makes pairs of a fake and its own original from the faces of the DFDC training set (repository `i-Shreyansh/DeepFake-Detection`).

Reads a clone of the repository, bare or not: `faces_224/*.jpg` (one face per video, 224 px, cropped tightly) and `metadata.csv`. A pair is dropped if
it differs by less than 2.8 grey levels at 112 px, because such a fake shows nothing, or if one of its files exists twice, because those labels
contradict each other. Pairs are split by actor, using embeddings of the originals: some actors are drawn for `check`, and an original that
resembles one of them belongs to neither part. The actor whose face was swapped in is not tracked.

Writes `dfdc.bin` (the bytes of the pictures) and `dfdc.npz`: name, start and size of each picture; real and fake (rows of pictures), difference (grey
levels), correlation (over .95 at 112 px: both show the same frame) and split ("train", "check", "near") of each pair.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
from pathlib import Path

import cv2
import numpy as np

from ..sessions import open_session
from ..workspace import MODELS, Workspace

LEAST_DIFFERENCE = 2.8
SMALL = 112
SAME_PERSON, PERHAPS_SAME = 0.45, 0.52
"""Distance of two descriptors of `face-identity.onnx`: below the first they show one actor, below the second they may."""
CHECK_SHARE = 0.08
SAME_FRAME = 0.95
"""Correlation at 112 px above which original and fake show the same frame, so that their difference is a mask."""
HELP = "pairs of DFDC faces from a clone of i-Shreyansh/DeepFake-Detection (WORK/dfdc.bin, dfdc.npz)"


def blobs(repository: Path) -> dict[str, str]:
	"""Name of each face picture -> its blob in the newest commit."""
	listing = subprocess.run(["git", "-C", repository, "ls-tree", "-r", "HEAD", "faces_224"], check=True, capture_output=True, text=True).stdout
	rows = [line.split("\t") for line in listing.splitlines()]
	return {Path(path).stem: entry.split()[2] for entry, path in rows if path.endswith(".jpg")}


def contents(repository: Path, wanted: list[str]) -> list[bytes]:
	"""The bytes of blobs, in order."""
	given = ("\n".join(wanted) + "\n").encode()
	stream = io.BytesIO(subprocess.run(["git", "-C", repository, "cat-file", "--batch"], check=True, capture_output=True, input=given).stdout)
	out = []
	for _ in wanted:
		size = int(stream.readline().split()[2])
		out.append(stream.read(size))
		stream.read(1)
	return out


def pairs_of(repository: Path, files: dict[str, str]) -> list[tuple[str, str]]:
	"""(original, fake) pairs whose pictures both exist exactly once."""
	text = subprocess.run(["git", "-C", repository, "show", "HEAD:metadata.csv"], check=True, capture_output=True, text=True).stdout
	times: dict[str, int] = {}
	for blob in files.values():
		times[blob] = times.get(blob, 0) + 1
	once = {name for name, blob in files.items() if times[blob] == 1}
	rows = [(Path(row["original"]).stem, Path(row["videoname"]).stem) for row in csv.DictReader(io.StringIO(text)) if row["label"] == "FAKE"]
	return sorted((real, fake) for real, fake in rows if real in once and fake in once)


def small_grey(data: bytes) -> np.ndarray:
	picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_2)
	return cv2.resize(picture, (SMALL, SMALL), interpolation=cv2.INTER_AREA).astype(np.float32)


def descriptors(model: Path, pictures: list[bytes], threads: int = 1) -> np.ndarray:
	"""Descriptors float32 [n, 128] of whole, tightly cropped pictures."""
	session = open_session(model, threads)
	out = []
	for start in range(0, len(pictures), 64):
		crops = []
		for data in pictures[start : start + 64]:
			rgb = cv2.cvtColor(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
			crops.append(cv2.resize(rgb, (150, 150), interpolation=cv2.INTER_AREA).transpose(2, 0, 1).astype(np.float32) / 255)
		out.append(session.run(["descriptor"], {"crops": np.stack(crops)})[0])
		if start % 1280 == 0:
			print(f"dfdc: {start} of {len(pictures)} descriptors", flush=True)
	return np.concatenate(out)


def split_by_actor(found: np.ndarray, share: float = CHECK_SHARE, seed: int = 5) -> np.ndarray:
	"""The split of each original. Actors are drawn one after another, with every picture that is close enough to be the same person, until `share` is
	`check`. Pictures that may show one of these people are `near` and belong to neither part; the rest is `train`."""
	square = (found**2).sum(1)

	def distance(rows: np.ndarray) -> np.ndarray:
		return np.sqrt(np.maximum(square[rows, None] + square[None] - 2 * found[rows] @ found.T, 0))

	check = np.zeros(len(found), bool)
	for i in np.random.default_rng(seed).permutation(len(found)):
		if check.mean() >= share:
			break
		check |= distance(np.array([i]))[0] < SAME_PERSON
	rows = np.where(check)[0]
	near = np.zeros(len(found), bool)
	for start in range(0, len(rows), 256):
		near |= (distance(rows[start : start + 256]) < PERHAPS_SAME).any(0)
	return np.where(check, "check", np.where(near, "near", "train"))


def arguments(parser: argparse.ArgumentParser) -> None:
	"""Adds the step's arguments."""
	parser.add_argument("repository", type=Path, help="git folder of the clone")
	parser.add_argument("--identity", type=Path, default=MODELS / "face-identity.onnx")


def run(work: Workspace, options: argparse.Namespace) -> None:
	"""Runs the step."""
	work.root.mkdir(parents=True, exist_ok=True)
	prepare_dfdc(options.repository, work.root, options.identity, 40 if work.small else 0)


def prepare_dfdc(repository: Path, work: Path, identity: Path, limit: int = 0) -> Path:
	"""Makes and packs the pairs; `limit` > 0 keeps that many originals."""
	files = blobs(repository)
	pairs = pairs_of(repository, files)
	originals = sorted({real for real, _ in pairs})
	if limit:
		originals = originals[:limit]
		pairs = [pair for pair in pairs if pair[0] in set(originals)]
	fakes = [fake for _, fake in pairs]
	print(f"dfdc: {len(files)} pictures, {len(pairs)} pairs of {len(originals)} originals", flush=True)
	data = dict(zip([*originals, *fakes], contents(repository, [files[name] for name in (*originals, *fakes)]), strict=True))
	greys = {name: small_grey(data[name]) for name in originals}
	difference, correlation = np.zeros(len(pairs), np.float32), np.zeros(len(pairs), np.float32)
	for k, (real, fake) in enumerate(pairs):
		a, b = greys[real], small_grey(data[fake])
		difference[k], correlation[k] = np.abs(a - b).mean(), np.corrcoef(a.ravel(), b.ravel())[0, 1]
	keep = difference >= LEAST_DIFFERENCE
	same_frame = (correlation[keep] > SAME_FRAME).mean()
	print(f"dfdc: {(~keep).sum()} pairs differ by less than {LEAST_DIFFERENCE} grey levels; same frame in {same_frame:.1%} of the rest", flush=True)
	used = sorted({pairs[k][0] for k in np.where(keep)[0]})
	found = descriptors(identity, [data[name] for name in used])
	split = dict(zip(used, split_by_actor(found), strict=True))
	names = [*used, *(pairs[k][1] for k in np.where(keep)[0])]
	row = {name: i for i, name in enumerate(names)}
	sizes = np.array([len(data[name]) for name in names], np.int64)
	with (work / "dfdc.bin").open("wb") as file:
		for name in names:
			file.write(data[name])
	kept = [pairs[k] for k in np.where(keep)[0]]
	parts = np.array([split[real] for real, _ in kept])
	np.savez(
		work / "dfdc.npz",
		name=np.array(names),
		start=np.cumsum(sizes) - sizes,
		size=sizes,
		real=np.array([row[real] for real, _ in kept]),
		fake=np.array([row[fake] for _, fake in kept]),
		difference=difference[keep],
		correlation=correlation[keep],
		split=parts,
		descriptor=found.astype(np.float16),
	)
	for part in ("train", "check", "near"):
		print(f"dfdc: {part}: {(parts == part).sum()} pairs of {len({real for real, _ in kept if split[real] == part})} originals", flush=True)
	return work / "dfdc.npz"
