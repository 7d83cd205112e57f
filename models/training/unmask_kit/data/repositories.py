"""Reads files from git repositories in a local folder, or clones the repositories into it.

A repository is looked for under the usual names for such folders (`owner+name`, `owner/name`, `owner_name`, `name`), bare or with a
work tree. Files are read by commit and path, never from a work tree, so that they are exactly what the manifest names.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

HOST = "https://github.com"


class MissingSourceError(Exception):
	"""Something in the manifest is missing; the message says what, in a few words, so that equal cases can be counted."""


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
	"""The output of a git command, or None if it fails."""
	done = subprocess.run(["git", f"--git-dir={folder}", "-c", "safe.directory=*", *arguments], capture_output=True, check=False)
	return done.stdout if done.returncode == 0 else None


def blob_id(data: bytes) -> str:
	"""The id that git gives to these bytes."""
	return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def clone(root: Path, repository: str, commits: list[str], host: str = HOST) -> Path:
	"""Makes a bare repository `root/owner+name` with only these commits, without their history. Raises MissingSourceError."""
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
	"""The bytes of a file in the manifest: at its commit, or the same bytes wherever else the repository has them.

	Raises MissingSourceError if neither exists, or if the file at that path is now a different one.
	"""
	data = git(folder, "cat-file", "blob", f"{commit}:{path}")
	if data is not None and blob_id(data) == blob:
		return data
	same = git(folder, "cat-file", "blob", blob)
	if same is not None:
		return same
	raise MissingSourceError("file not in the repository" if data is None else "file differs from the manifest's")
