"""Checkpoints are read as data, never as code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from unmask_kit.train.between import between
from unmask_kit.train.checkpoint import load_averaged, read, save
from unmask_kit.train.ensemble import ensemble


class Malicious:
	"""Writes a file when it is unpickled."""

	def __init__(self, mark: Path) -> None:
		self.mark = mark

	def __reduce__(self) -> tuple:
		return os.system, (f"touch {self.mark}",)


def test_a_checkpoint_that_would_run_code_is_refused_in_a_sentence(tmp_path) -> None:
	run, mark = tmp_path / "run", tmp_path / "mark"
	run.mkdir()
	torch.save({"ema": {}, "extra": Malicious(mark)}, run / "checkpoint.pt")
	readers = (
		lambda: read(run / "checkpoint.pt"),
		lambda: load_averaged(run / "checkpoint.pt"),
		lambda: ensemble([run], tmp_path / "pair.pt"),
		lambda: between(run / "checkpoint.pt", run / "checkpoint.pt", 0.5, tmp_path / "mixed.pt"),
	)
	for reader in readers:
		with pytest.raises(SystemExit, match=r"^checkpoint\.pt was not loaded: .*could run code"):
			reader()
	assert not mark.exists()


@pytest.mark.parametrize("content", [b"", b"half of a checkpoint", b"PK\x03\x04 and no more"])
def test_what_is_no_checkpoint_is_refused_in_a_sentence(content: bytes, tmp_path) -> None:
	(tmp_path / "some.pt").write_bytes(content)
	with pytest.raises(SystemExit, match=r"^some\.pt was not loaded: "):
		read(tmp_path / "some.pt")


def test_what_the_kit_writes_can_be_read(tmp_path) -> None:
	state = {"ema": {"a": torch.ones(2)}, "settings": {"sizes": ((0.0, 128),), "trunk": "lite0"}, "step": 3, "between": ("first", 0.5)}
	save(tmp_path / "new" / "checkpoint.pt", state)
	found = read(tmp_path / "new" / "checkpoint.pt")
	assert found["settings"] == state["settings"] and torch.equal(found["ema"]["a"], torch.ones(2))


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[2] / "weights").glob("*.pt")), ids=lambda path: path.name)
def test_the_shipped_weights_can_be_read(path: Path) -> None:
	load_averaged(path)
