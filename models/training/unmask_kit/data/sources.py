"""The training data, and which part of it may be used for what.

Splits are decided by source and identity, never by picture:
- `train`  pictures that pseudo-fakes are made from, and true fakes with reals of the same kind;
- `check`  a twentieth of the training sources' pictures: seen sources, unseen pictures;
- `unseen` whole sources of reals that training never touches (they set the thresholds), and whole generators and identities of true fakes;
- `drop`   not used anywhere, because it would link the training set to an evaluation set.
"""

from __future__ import annotations

import csv
import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNSEEN_SOURCES = ("ciplab", "uscongress", "london")
"""Sources of real faces held out as a whole: 1,560 pictures, more than the 1,000 that a 1 % quantile needs."""
UNSEEN_GENERATORS = ("VASA-1", "EMO", "StyleHEAT")
"""Generators of talking heads held out as a whole, with every clip that shares a face with them."""
UNSEEN_CLIPS = ("vasa", "emo", "styleheat", "40_intuitive", "vox2", "MEAD_W011", "WDA", "d18", "d19", "d20")
"""Name prefixes of talking-head clips that go with the unseen generators, with the same number of real pictures."""
DEV_IDENTITIES = ("ffpp_634", "ffpp_660")
"""Identities of true-fakes.tar that also appear in the dev set (its videos 634 and 634_660, its crops 660): not for training."""


@dataclass(frozen=True)
class Item:
	"""One picture: name in its archive, archive, label (0 real, 1 fake), source, who is seen, generator ('' if real), crop kind, split."""

	name: str
	archive: str
	label: int
	source: str
	group: str
	generator: str
	crop: str
	split: str


def share(text: str) -> float:
	"""A number in 0..1 that depends only on the text, so that the split is the same on every machine."""
	return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def real_items(data: Path) -> Iterator[Item]:
	"""Pictures of real-faces.csv; the group is the person if the note names one, else the picture."""
	with (data / "real-faces.csv").open(newline="") as file:
		for row in csv.DictReader(file):
			source, name = row["source"], row["file"]
			person = row["note"] if source in ("ukmp", "usgov", "uscongress") else name
			group = f"{source}:{person.split('_')[0] if source == 'london' else person}"
			split = "unseen" if source in UNSEEN_SOURCES else "check" if share(group) < 0.05 else "train"
			yield Item(name, "real-faces", 0, source, group, "", "still", split)


def true_items(data: Path) -> Iterator[Item]:
	"""Pictures of true-fakes.csv. Face2Face: a pair of identities (a onto b, b onto a) goes to one side as a whole."""
	with (data / "true-fakes.csv").open(newline="") as file:
		rows = list(csv.DictReader(file))
	partner = {}
	for row in rows:
		if row["generator"] == "Face2Face":
			_, _, target, other, _ = Path(row["file"]).stem.split("_")
			partner[f"ffpp_{target}"] = f"ffpp_{other}"
	for row in rows:
		label, clip = int(row["label"] == "fake"), row["source"]
		kind = "ffpp" if clip.startswith("ffpp_") else "talking"
		if kind == "ffpp":
			pair = "-".join(sorted((clip, partner.get(clip, clip))))
			split = "drop" if clip in DEV_IDENTITIES else "unseen" if share(pair) < 0.2 else "train"
		else:
			held_clip = clip.startswith(UNSEEN_CLIPS)
			held = row["generator"] in UNSEEN_GENERATORS or (held_clip and not label)
			split = "unseen" if held else "drop" if held_clip else "train"
		yield Item(row["file"], "true-fakes", label, kind, f"{kind}:{clip}", row["generator"], row["crop"], split)


def read_archive(data: Path, archive: str, names: set[str]) -> Iterator[tuple[str, bytes]]:
	"""(name, bytes) of the wanted members of `<archive>.tar`, with or without the archive's folder in their path."""
	with tarfile.open(data / f"{archive}.tar") as tar:
		for member in tar:
			name = member.name.removeprefix("./").removeprefix(f"{archive}/")
			if member.isfile() and name in names:
				yield name, tar.extractfile(member).read()
