"""Tests of DFDC pairs and collected clips, on generated pictures."""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path

import cv2
import numpy as np
import pytest

from unmask_kit.data.collected import pack_clips
from unmask_kit.data.dfdc import blobs, contents, pairs_of, split_by_actor
from unmask_kit.data.packed import Packed
from unmask_kit.make.true_pairs import CANVAS, Clips, Dfdc, difference_mask, lay

USUAL = np.random.default_rng(0).random((68, 2)).astype(np.float32)


def picture(seed: int, side: int = 224) -> np.ndarray:
	"""Smooth noise."""
	rgb = np.random.default_rng(seed).integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)
	return cv2.resize(rgb, (side, side), interpolation=cv2.INTER_CUBIC)


def jpeg(rgb: np.ndarray) -> bytes:
	return cv2.imencode(".jpg", rgb)[1].tobytes()


def pack(work: Path, file: str, pictures: list[bytes], **columns: np.ndarray) -> None:
	size = np.array([len(data) for data in pictures])
	(work / f"{file}.bin").write_bytes(b"".join(pictures))
	np.savez(work / f"{file}.npz", start=np.cumsum(size) - size, size=size, **columns)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
	"""A clone with two originals, three fakes (one a copy of another), and metadata."""
	folder = tmp_path / "repo"
	(folder / "faces_224").mkdir(parents=True)
	for name, seed in (("a", 1), ("b", 2), ("x", 3), ("y", 4), ("z", 4)):
		(folder / "faces_224" / f"{name}.jpg").write_bytes(jpeg(picture(seed)))
	rows = ["videoname,original_width,original_height,label,original", "a.mp4,1,1,REAL,", "b.mp4,1,1,REAL,"]
	rows += ["x.mp4,1,1,FAKE,a.mp4", "y.mp4,1,1,FAKE,a.mp4", "z.mp4,1,1,FAKE,b.mp4", "w.mp4,1,1,FAKE,b.mp4"]
	(folder / "metadata.csv").write_text("\n".join(rows))
	for command in (("init", "-q"), ("add", "-A"), ("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all")):
		subprocess.run(["git", "-C", folder, *command], check=True)
	return folder


def test_pairs_leave_out_missing_and_repeated_files(repository: Path) -> None:
	files = blobs(repository)
	assert pairs_of(repository, files) == [("a", "x")]
	assert contents(repository, [files["b"], files["a"]]) == [jpeg(picture(2)), jpeg(picture(1))]


def test_split_keeps_similar_originals_together() -> None:
	rng = np.random.default_rng(1)
	people = rng.normal(0, 1, (40, 128))
	found = (np.repeat(people, 5, 0) + rng.normal(0, 0.01, (200, 128))).astype(np.float32)
	split = split_by_actor(found).reshape(40, 5)
	assert (split == split[:, :1]).all()
	assert (split[:, 0] == "check").sum() == 4


def test_both_pictures_of_a_dfdc_pair_are_placed_the_same_way(tmp_path: Path) -> None:
	same = picture(1)
	fake = same.copy()
	fake[90:140, 90:140] = 255 - fake[90:140, 90:140]
	columns = {
		"name": np.array(["a", "b"]),
		"real": np.array([0]),
		"fake": np.array([1]),
		"correlation": np.array([0.99]),
		"split": np.array(["train"]),
	}
	pack(tmp_path, "dfdc", [jpeg(same), jpeg(fake)], **columns)
	pair = Dfdc(tmp_path, USUAL).pair(np.random.default_rng(3))
	assert np.array_equal(pair.faces[0].box, pair.faces[1].box)
	assert pair.name == "dfdc" and pair.mask.shape == (CANVAS, CANVAS)
	assert pair.mask.max() == 1 and (pair.mask > 0.5).mean() < 0.3


def test_mask_of_equal_pictures_is_empty() -> None:
	box = np.array([20, 20, 200, 200], np.float32)
	face = lay(np.random.default_rng(1), picture(1), box, USUAL)
	assert difference_mask([face, face]).max() == 0


def test_clips_stay_in_their_split(tmp_path: Path) -> None:
	rows = [("train", 1, "G", "r", "c1"), ("train", 0, "", "r", "c2"), ("unseen-generator", 1, "H", "r", "c3"), ("unseen-source", 0, "", "s", "c4")]
	(tmp_path / "faces").mkdir()
	with (tmp_path / "index.csv").open("w", newline="") as file:
		writer = csv.writer(file)
		writer.writerow(["file", "clip", "label", "generator", "group", "repository", "x1", "y1", "x2", "y2", "split"])
		for i, (split, label, generator, repository, clip) in enumerate(rows):
			(tmp_path / "faces" / f"{i}.jpg").write_bytes(jpeg(picture(i)))
			writer.writerow([f"faces/{i}.jpg", clip, label, generator, "p", repository, 40, 40, 180, 190, split])
	pack_clips(tmp_path, tmp_path)
	assert np.array_equal(Packed(tmp_path, "collected").label, [1, 0, 1, 0])
	clips = Clips(tmp_path, USUAL)
	assert list(clips.fakes) == ["G"] and list(clips.reals) == ["r"]
	pair = clips.pair(np.random.default_rng(1), lambda rng: lay(rng, picture(9), np.array([40, 40, 180, 190], np.float32), USUAL))
	assert pair.name == "true:G" and pair.mask.max() == 0
	assert not Clips(tmp_path, USUAL, left_out=("G",)).fakes
