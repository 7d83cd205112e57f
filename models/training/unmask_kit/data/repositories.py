"""Files out of git repositories that lie in a local folder, or are cloned into it.

A repository is looked for under the names that people give such folders (`owner+name`, `owner/name`, `owner_name`, `name`), bare or with a
work tree. Files are read by commit and path, never from a work tree, so that what is read is what the manifest means.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

HOST = "https://github.com"


class MissingSourceError(Exception):
	"""What the manifest names is not there; the message says what, in a few words that can be counted."""


def git_folder(root: Path, repository: str) -> Path | None:
	"""The git directory of `owner/name` under `root`, or None."""
	owner, name = repository.split("/")
	for place in (f"{owner}+{name}", f"{owner}/{name}", f"{owner}_{name}", name):
		for inner in ("", ".git", "repo", "repo/.git"):
			folder = root / place / inner
			if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
				return folder
	return None


def git(folder: Path, *arguments: str) -> bytes | None:
	"""What a git command prints, or None where it fails."""
	done = subprocess.run(["git", f"--git-dir={folder}", "-c", "safe.directory=*", *arguments], capture_output=True, check=False)
	return done.stdout if done.returncode == 0 else None


def blob_id(data: bytes) -> str:
	"""The name that git gives to these bytes."""
	return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def clone(root: Path, repository: str, commits: list[str], host: str = HOST) -> Path:
	"""A bare repository `root/owner+name` with the commits alone, without their history. Raises MissingSourceError."""
	folder = root / repository.replace("/", "+")
	folder.mkdir(parents=True, exist_ok=True)
	if git(folder, "init", "--quiet", "--bare") is None:
		raise MissingSourceError("git cannot make a repository here")
	for commit in commits:
		known = git(folder, "cat-file", "-e", f"{commit}^{{commit}}") is not None
		if not known and git(folder, "fetch", "--quiet", "--depth=1", f"{host}/{repository}", commit) is None:
			raise MissingSourceError("repository moved, or no network")
	return folder


def read_blob(folder: Path, commit: str, path: str, blob: str) -> bytes:
	"""The bytes of a file as the manifest means it: at its commit, or the same bytes wherever else the repository has them.

	Raises MissingSourceError where neither is there, or where the file at that path is another one now.
	"""
	data = git(folder, "cat-file", "blob", f"{commit}:{path}")
	if data is not None and blob_id(data) == blob:
		return data
	same = git(folder, "cat-file", "blob", blob)
	if same is not None:
		return same
	raise MissingSourceError("file not in the repository" if data is None else "file is another one than the manifest's")
