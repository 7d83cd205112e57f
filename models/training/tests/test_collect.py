"""Tests of the step that collects faces from clips, on a generated repository: `python -m pytest models/training/tests`."""

from __future__ import annotations

import csv
import subprocess
from dataclasses import fields, replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from unmask_kit.data.collect import Source, collect, cut, read_frames, read_sources, split_people
from unmask_kit.data.people import clusters, join
from unmask_kit.data.repositories import MissingSourceError, blob_id, clone, git_folder, read_blob
from unmask_kit.workspace import MODELS

PORTRAITS = sorted((MODELS.parent / "test" / "fixtures" / "portraits").glob("*.jpg"))


def git(folder: Path, *arguments: str) -> str:
	settings = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"]
	return subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def film(path: Path, rgb: np.ndarray, frames: int = 24) -> None:
	"""A short clip that repeats one picture."""
	with av.open(str(path), "w") as container:
		stream = container.add_stream("libx264", rate=12)
		stream.width, stream.height, stream.pix_fmt = rgb.shape[1] // 2 * 2, rgb.shape[0] // 2 * 2, "yuv420p"
		for _ in range(frames):
			picture = np.ascontiguousarray(rgb[: stream.height, : stream.width])
			container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
		container.mux(stream.encode())


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, list[Source]]:
	"""(folder of repositories, manifest): one repository with a picture, a clip, and a file that is not a picture."""
	repository = tmp_path / "repositories" / "someone" / "page"
	repository.mkdir(parents=True)
	git(repository, "init", "--quiet")
	git(repository, "config", "uploadpack.allowAnySHA1InWant", "true")
	portrait = cv2.imread(str(PORTRAITS[0]))
	portrait = cv2.resize(portrait, None, fx=512 / portrait.shape[1], fy=512 / portrait.shape[1])
	cv2.imwrite(str(repository / "face.png"), portrait)
	film(repository / "clip.mp4", cv2.cvtColor(portrait, cv2.COLOR_BGR2RGB))
	(repository / "broken.jpg").write_bytes(b"no picture")
	git(repository, "add", ".")
	git(repository, "commit", "--quiet", "-m", "made")
	commit = git(repository, "rev-parse", "HEAD")

	def line(path: str, kind: str, label: str, use: str) -> Source:
		blob = git(repository, "rev-parse", f"HEAD:{path}")
		generator = "Maker" if label == "fake" else ""
		return Source("someone/page", commit, path, blob, kind, label, generator, path, "none stated", "", use, "skip", "")

	sources = [line("face.png", "image", "real", "train"), line("clip.mp4", "video", "fake", "train"), line("broken.jpg", "image", "real", "train")]
	return tmp_path / "repositories", sources


def rows(path: Path) -> list[dict[str, str]]:
	with path.open(newline="") as file:
		return list(csv.DictReader(file))


def run(sources: list[Source], repositories: Path, folder: Path, host: str | None = None) -> list[dict[str, str]]:
	return rows(collect(sources, repositories, folder, MODELS / "face-detector.onnx", host))


def test_collects_faces_and_lists_what_is_broken(made, tmp_path) -> None:
	repositories, sources = made
	faces = run(sources, repositories, tmp_path / "out")
	assert [sum(face["path"] == path for face in faces) for path in ("face.png", "clip.mp4")] == [1, 8]
	assert len({face["group"] for face in faces}) == 1, "one person in both files"
	for face in faces:
		picture = cv2.imread(str(tmp_path / "out" / face["file"]))
		assert 0 <= float(face["x1"]) < float(face["x2"]) <= picture.shape[1]
	assert rows(tmp_path / "out" / "missing.csv") == [{"repository": "someone/page", "path": "broken.jpg", "why": "picture cannot be read"}]
	assert run(sources, repositories, tmp_path / "out") == faces, "a second run gives the same"


def test_a_missing_repository_is_counted_or_stops_as_the_manifest_says(made, tmp_path) -> None:
	repositories, sources = made
	gone = replace(sources[0], repository="nobody/nothing")
	assert len(run([gone, sources[1]], repositories, tmp_path / "out")) == 8
	assert rows(tmp_path / "out" / "missing.csv")[0]["why"] == "repository not in the folder"
	with pytest.raises(SystemExit, match="stop without it"):
		run([replace(gone, missing="stop")], repositories, tmp_path / "out")


def test_a_file_is_found_by_its_bytes_when_its_commit_is_gone(made) -> None:
	repositories, (picture, *_) = made
	folder = git_folder(repositories, "someone/page")
	data = read_blob(folder, "0" * 40, "elsewhere.png", picture.blob)
	assert blob_id(data) == picture.blob
	with pytest.raises(MissingSourceError, match="differs from"):
		read_blob(folder, picture.commit, "broken.jpg", "1" * 40)
	with pytest.raises(MissingSourceError, match="not in the repository"):
		read_blob(folder, picture.commit, "elsewhere.png", "1" * 40)


def test_clones_the_commits_that_it_needs(made, tmp_path) -> None:
	repositories, (picture, *_) = made
	folder = clone(tmp_path / "clones", "someone/page", [picture.commit], f"file://{repositories}")
	assert blob_id(read_blob(folder, picture.commit, picture.path, picture.blob)) == picture.blob
	with pytest.raises(MissingSourceError, match="moved"):
		clone(tmp_path / "clones", "someone/other", [picture.commit], f"file://{repositories}")


def test_a_pattern_expands_to_its_files(made, tmp_path) -> None:
	repositories, (picture, *_) = made
	pattern = replace(picture, path="*.png", blob="", group="", use="hard")
	assert run([pattern], repositories, tmp_path / "out") == []
	assert [face["split"] for face in rows(tmp_path / "out" / "hard.csv")] == ["hard"]


def test_held_out_people_leave_training(made) -> None:
	_, (picture, clip, other) = made
	held, near, far = replace(clip, use="unseen-generator"), replace(picture, group="a"), replace(other, group="b")
	descriptors = np.zeros((3, 128), np.float32)
	descriptors[1, 0], descriptors[2, 0] = 0.2, 1.5
	groups, splits = split_people([held, near, far], descriptors)
	assert splits == ["unseen-generator", "drop", "train"]
	assert groups[0] == groups[1] != groups[2]


def test_people_are_joined_through_any_key() -> None:
	assert join(["a", "b", "c"], ["1", "1", "2"]) == ["1", "1", "2"]
	assert len(set(clusters(np.eye(128, dtype=np.float32)[:3]))) == 3


def test_the_canvas_stays_inside_the_picture() -> None:
	canvas, box = cut(np.zeros((400, 300, 3), np.uint8), np.array([10, 20, 110, 140], np.float32))
	assert canvas.shape[:2] == (200, 180)
	assert box.tolist() == [10, 20, 110, 140]
	canvas, box = cut(np.zeros((1400, 1400, 3), np.uint8), np.array([400, 400, 1000, 1000], np.float32))
	assert canvas.shape[:2] == (600, 600)
	assert np.allclose(box, [150, 150, 450, 450])


def test_a_file_that_is_not_a_clip_counts_as_missing() -> None:
	with pytest.raises(MissingSourceError, match="clip cannot be read"):
		list(read_frames(b"no clip", "video"))


def test_the_kit_s_manifest_can_be_read() -> None:
	sources = read_sources()
	assert len({source.generator for source in sources if source.use == "unseen-generator"}) >= 8
	assert len({source.repository for source in sources if source.use == "unseen-source" and source.label == "real"}) >= 6
	assert not {s.generator for s in sources if s.use == "train"} & {s.generator for s in sources if s.use == "unseen-generator"}


def test_a_crop_that_cannot_be_read_is_refused_before_any_clip_is(tmp_path: Path) -> None:
	manifest = tmp_path / "sources.csv"
	header = ",".join(field.name for field in fields(Source))
	manifest.write_text(f'{header}\nsomeone/page,0,a.mp4,0,video,real,,a,none stated,"10,20,300,300",train,skip,\n')
	with pytest.raises(SystemExit, match="line 2: crop is not four whole numbers"):
		read_sources(manifest)
