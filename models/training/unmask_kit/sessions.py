"""Sessions of onnxruntime that compute what the program's do."""

from __future__ import annotations

import platform
import re
from pathlib import Path

import onnxruntime


def saturates() -> bool:
	"""Whether 8-bit products may overflow their 16-bit sums (x86 without VNNI, or unknown): function/model/session-worker.mjs."""
	flags = Path("/proc/cpuinfo")
	known = flags.read_text() if flags.exists() else ""
	return platform.machine() in ("x86_64", "AMD64") and not re.search(r"\bavx(512)?_vnni\b", known)


def open_session(model: Path, threads: int = 1) -> onnxruntime.InferenceSession:
	"""A session on the CPU with exact 8-bit sums, which does not spin."""
	options = onnxruntime.SessionOptions()
	options.intra_op_num_threads = threads
	options.log_severity_level = 3
	options.add_session_config_entry("session.intra_op.allow_spinning", "0")
	options.add_session_config_entry("session.x64quantprecision", "1" if saturates() else "0")
	return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
