"""Training logs as one static picture (SVG): what a run looked like, and runs beside each other."""

from __future__ import annotations

import argparse
import csv
from html import escape
from pathlib import Path

import numpy as np

from ..workspace import Workspace

PANELS = (
	("frame_loss", "frame loss"),
	("mask_loss", "mask loss"),
	("accuracy", "right, all"),
	("accuracy_true", "right, true fakes and their reals"),
	("rate", "learning rate of the trunk"),
	("images_per_s", "images a second"),
)
"""(column of log.csv, title)."""
COLOURS = ("#1f6feb", "#d1242f", "#1a7f37", "#9a6700", "#8250df", "#57606a")
WIDTH, HEIGHT = 420, 190
"""Of a panel's plot, px."""
LEFT, TOP, GAP_X, GAP_Y = 60, 60, 80, 62
SMOOTHED = 9
"""Lines of the log (20 s each) in a moving mean."""
Log = dict[str, np.ndarray]


def read_log(path: Path) -> Log:
	"""Columns of a log.csv; empty where it has no lines yet. Lines that a resumed run made again replace those before."""
	with path.open(newline="") as file:
		rows: list[dict[str, float]] = []
		for row in csv.DictReader(file):
			values = {key: float(value) for key, value in row.items()}
			while rows and rows[-1]["passes"] >= values["passes"]:
				rows.pop()
			rows.append(values)
	return {key: np.array([row[key] for row in rows]) for key in (rows[0] if rows else ())}


def smoothed(values: np.ndarray, count: int = SMOOTHED) -> np.ndarray:
	"""Moving mean that leaves NaN out; shorter windows at the ends."""
	half = count // 2
	windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
	return np.array([np.nanmean(w) if np.isfinite(w).any() else np.nan for w in windows])


def ticks(low: float, high: float, count: int = 4) -> list[float]:
	"""Round numbers between the two."""
	step = (high - low) / count
	size = 10 ** np.floor(np.log10(step))
	step = next(size * k for k in (1, 2, 2.5, 5, 10) if size * k >= step * 0.999)
	return [float(step * i) for i in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]


def line(x: np.ndarray, y: np.ndarray, style: str) -> str:
	some = np.isfinite(y)
	points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x[some], y[some], strict=True))
	return f'<polyline points="{points}" fill="none" {style}/>'


def panel(logs: dict[str, Log], column: str, title: str, x0: int, y0: int) -> list[str]:
	"""One plot: thin the log's lines, thick their moving mean; a dashed upright where the crops grow."""
	curves = {name: log[column] for name, log in logs.items()}
	values = np.concatenate(list(curves.values()))
	low, high = (float(f(values)) for f in (np.nanmin, np.nanmax)) if np.isfinite(values).any() else (0.0, 1.0)
	if high - low < 1e-9:
		low, high = low - 0.5 * abs(low or 1), high + 0.5 * abs(high or 1)
	last = max(float(log["passes"][-1]) for log in logs.values())

	def across(passes: np.ndarray) -> np.ndarray:
		return x0 + np.asarray(passes) / last * WIDTH

	def up(value: np.ndarray) -> np.ndarray:
		return y0 + HEIGHT - (np.asarray(value) - low) / (high - low) * HEIGHT

	out = [f'<text x="{x0}" y="{y0 - 10}" class="title">{escape(title)}</text>']
	for tick in ticks(low, high):
		out.append(f'<path d="M{x0} {up(tick):.1f}h{WIDTH}" class="grid"/><text x="{x0 - 6}" y="{up(tick) + 4:.1f}" class="y">{tick:.4g}</text>')
	for tick in ticks(0, last):
		out.append(f'<text x="{across(tick):.1f}" y="{y0 + HEIGHT + 16}" class="x">{tick / 1000:.4g} k</text>')
	for i, (name, log) in enumerate(logs.items()):
		colour, x = COLOURS[i % len(COLOURS)], across(log["passes"])
		for k in np.where(np.diff(log["size"]) != 0)[0] + 1:
			out.append(f'<path d="M{x[k]:.1f} {y0}v{HEIGHT}" stroke="{colour}" stroke-dasharray="3 3" stroke-opacity=".6"/>')
			if column == PANELS[0][0]:
				beside = f'x="{x[k] - 4:.1f}" y="{y0 + 11 + 12 * i}" style="fill:{colour}" class="y"'
				out.append(f"<text {beside}>{log['size'][k]:.0f} px</text>")
		if column != "rate":
			out.append(line(x, up(curves[name]), f'stroke="{colour}" stroke-opacity=".25"'))
		out.append(line(x, up(smoothed(curves[name])), f'stroke="{colour}" stroke-width="2"'))
	return out


STYLE = "text{font:12px sans-serif;fill:#24292f}.title{font-weight:bold}.y{text-anchor:end}.x{text-anchor:middle}.grid{stroke:#d8dee4}"


def curves(paths: list[Path], out: Path) -> None:
	"""Draws the logs that have lines, named by their file or, for log.csv, by their folder."""
	missing = [str(path) for path in paths if not path.exists()]
	if missing:
		raise SystemExit(f"curves: not there: {', '.join(missing)}")
	named = {path.parent.name if path.name == "log.csv" else path.stem: read_log(path) for path in paths}
	logs = {name: log for name, log in named.items() if log}
	if not logs:
		print("curves: nothing to draw: a run writes its first line after 20 s")
		return
	width = LEFT + 2 * WIDTH + GAP_X + 20
	height = TOP + (len(PANELS) + 1) // 2 * (HEIGHT + GAP_Y)
	parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><style>{STYLE}</style>']
	parts.append('<rect width="100%" height="100%" fill="#fff"/>')
	for i, (name, log) in enumerate(logs.items()):
		text = f"{name}: {log['passes'][-1]:.0f} passes, {log['elapsed_s'][-1] / 60:.0f} min"
		parts.append(f'<text x="{LEFT + 230 * i}" y="22" style="fill:{COLOURS[i % len(COLOURS)]}" class="title">{escape(text)}</text>')
	for i, (column, title) in enumerate(PANELS):
		parts += panel(logs, column, title, LEFT + i % 2 * (WIDTH + GAP_X), TOP + i // 2 * (HEIGHT + GAP_Y))
	out.write_text("\n".join([*parts, "</svg>"]) + "\n")
	print(f"curves: {out}")


HELP = "loss, accuracy, rate and speed of runs over their passes, as one picture (SVG)"


def arguments(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("runs", nargs="*", help="runs in WORK or log files; the one of --run if none is given")
	parser.add_argument("--out", type=Path, help="WORK/curves.svg if not given")


def run(work: Workspace, options: argparse.Namespace) -> None:
	named = [Path(name) if name.endswith(".csv") else work.of_run(name).log for name in options.runs or [work.run]]
	curves(named, options.out or work.root / "curves.svg")
