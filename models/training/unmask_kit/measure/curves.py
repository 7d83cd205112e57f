"""Draws training logs as one static picture (SVG): a single run, or several runs overlaid."""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ..workspace import Workspace

HELP = "loss, accuracy, rate and speed of runs over their passes, as one picture (SVG)"
PANELS = (
	("frame_loss", "frame loss"),
	("mask_loss", "mask loss"),
	("accuracy", "right, all"),
	("accuracy_true", "right, true fakes and their reals"),
	("rate", "learning rate of the trunk"),
	("images_per_s", "images per second"),
)
"""(column of log.csv, title)."""
SMOOTHED = 9
"""Number of log lines (20 s each) in a moving mean."""
STYLE = {"svg.fonttype": "none", "svg.hashsalt": "unmask", "axes.grid": True, "grid.color": "#d8dee4", "font.size": 9}
"""Text stays text, and the same logs give the same file."""
Log = dict[str, np.ndarray]


def read_log(path: Path) -> Log:
	"""Columns of a log.csv; empty if it has no lines yet. Lines that a resumed run has repeated replace the earlier ones."""
	with path.open(newline="") as file:
		rows: list[dict[str, float]] = []
		for row in csv.DictReader(file):
			values = {key: float(value) for key, value in row.items()}
			while rows and rows[-1]["passes"] >= values["passes"]:
				rows.pop()
			rows.append(values)
	return {key: np.array([row[key] for row in rows]) for key in (rows[0] if rows else ())}


def smoothed(values: np.ndarray, count: int = SMOOTHED) -> np.ndarray:
	"""Moving mean without NaN; windows are shorter at the ends."""
	half = count // 2
	windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
	return np.array([np.nanmean(w) if np.isfinite(w).any() else np.nan for w in windows])


def panel(axes: Axes, logs: dict[str, Log], column: str) -> None:
	"""Draws one plot: the log's lines thin, their moving mean thick, and a dashed vertical line where the crops grow."""
	for i, log in enumerate(logs.values()):
		colour, passes = f"C{i}", log["passes"] / 1000
		for k in np.where(np.diff(log["size"]) != 0)[0] + 1:
			axes.axvline(passes[k], color=colour, linestyle="--", linewidth=0.8)
			if column == PANELS[0][0]:
				place = (passes[k], 0.95 - 0.08 * i)
				axes.text(*place, f"{log['size'][k]:.0f} px", color=colour, transform=axes.get_xaxis_transform(), ha="right")
		if column != "rate":
			axes.plot(passes, log[column], color=colour, alpha=0.25, linewidth=1)
		axes.plot(passes, smoothed(log[column]), color=colour)


def curves(paths: list[Path], out: Path) -> None:
	"""Draws all logs that have lines; names come from the file or, for log.csv, from its folder."""
	missing = [str(path) for path in paths if not path.exists()]
	if missing:
		raise SystemExit(f"curves: not there: {', '.join(missing)}")
	named = {path.parent.name if path.name == "log.csv" else path.stem: read_log(path) for path in paths}
	logs = {name: log for name, log in named.items() if log}
	if not logs:
		print("curves: nothing to draw: a run writes its first line after 20 s")
		return
	with mpl.rc_context(STYLE):
		figure = Figure(figsize=(12, 10), layout="constrained")
		for axes, (column, title) in zip(figure.subplots(3, 2).flat, PANELS, strict=True):
			panel(axes, logs, column)
			axes.set_title(title)
			axes.set_xlabel("thousand passes")
		texts = [f"{name}: {log['passes'][-1]:.0f} passes, {log['elapsed_s'][-1] / 60:.0f} min" for name, log in logs.items()]
		figure.legend([Line2D([], [], color=f"C{i}") for i in range(len(texts))], texts, loc="outside upper left", ncols=2)
		figure.savefig(out, metadata={"Date": None})
	print(f"curves: {out}")


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("runs", nargs="*", help="runs in WORK or log files; the one of --run if none is given")
	parser.add_argument("--out", type=Path, help="WORK/curves.svg if not given")


def run(work: Workspace, options: argparse.Namespace) -> None:
	named = [Path(name) if name.endswith(".csv") else work.of_run(name).log for name in options.runs or [work.run]]
	curves(named, options.out or work.root / "curves.svg")
