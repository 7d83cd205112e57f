"""Degradations of pictures: colour, filters, resizing, JPEG, H.264, noise. They are always drawn once and applied to both pictures of a pair.

If only the fake were re-encoded, the network would learn the codec and nothing else.
"""

from __future__ import annotations

import argparse
from fractions import Fraction

import av
import cv2
import numpy as np

from .families import INTERPOLATIONS, Face, Rng, sharpen

PRESETS = ("ultrafast", "superfast", "veryfast", "veryfast", "faster", "fast", "medium")
TUNES = ("", "", "", "film", "fastdecode", "zerolatency", "grain")
Coding = tuple[str, dict[str, str]]
"""An FFmpeg encoder and its options."""


def same(rng: Rng, change, pair: list[np.ndarray]) -> list[np.ndarray]:
	"""Applies `change(rng, picture)` to each picture with the same random numbers."""
	state = rng.bit_generator.state
	out = []
	for picture in pair:
		rng.bit_generator.state = state
		out.append(change(rng, picture))
	return out


def colour(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""Changes gamma, channel gains and saturation; sometimes makes the picture grey."""
	table = np.arange(256, dtype=np.float32)[:, None] / 255
	table = table ** rng.uniform(0.7, 1.4) * rng.uniform(0.9, 1.1, 3) * rng.uniform(0.8, 1.15) * 255
	out = cv2.LUT(rgb, np.clip(table, 0, 255).astype(np.uint8)[:, None, :])
	grey = cv2.cvtColor(cv2.cvtColor(out, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
	keep = 0.0 if rng.random() < 0.05 else rng.uniform(0.6, 1.3)
	return cv2.addWeighted(out, keep, grey, 1 - keep, 0)


def whole_filter(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""A hard negative: smooths or sharpens the whole picture, as beauty filters and phones do to real people."""
	kind = rng.random()
	if kind < 0.3:
		return cv2.bilateralFilter(rgb, 7, rng.uniform(15, 55), rng.uniform(3, 8))
	if kind < 0.5:
		return cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.8))
	if kind < 0.6:
		return cv2.medianBlur(rgb, 3)
	return sharpen(rng, rgb)


def resize_chain(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""Resizes to another size and back with random kernels."""
	scale = rng.uniform(0.45, 1.0) if rng.random() < 0.8 else rng.uniform(1.0, 1.6)
	there = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=int(rng.choice(INTERPOLATIONS)))
	return cv2.resize(there, rgb.shape[1::-1], interpolation=int(rng.choice(INTERPOLATIONS)))


def own_sharpness(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	"""Softens or sharpens at random, separately for each picture of a pair. For pairs in which one picture is inherently sharper, such as generated
	portraits beside compressed interviews, so that sharpness carries no label."""
	kind = rng.random()
	if kind < 0.25:
		return rgb
	if kind < 0.5:
		return sharpen(rng, rgb)
	scale = float(np.exp(rng.uniform(np.log(0.4), 0)))
	there = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
	return cv2.resize(there, rgb.shape[1::-1], interpolation=int(rng.choice(INTERPOLATIONS)))


def jpeg(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	quality = int(rng.integers(30, 101)) if rng.random() < 0.5 else int(rng.integers(70, 101))
	_, data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])
	return cv2.imdecode(data, cv2.IMREAD_COLOR)


def noise(rng: Rng, rgb: np.ndarray) -> np.ndarray:
	grain = rng.standard_normal((*rgb.shape[:2], 3 if rng.random() < 0.5 else 1), dtype=np.float32)
	return np.clip(rgb + grain * np.float32(rng.uniform(1, 8)), 0, 255).astype(np.uint8)


def overlay(rng: Rng, rgb: np.ndarray, face: Face) -> np.ndarray:
	"""A hard negative: text, or glasses drawn on the eyes, identical in both pictures of the pair."""
	out = rgb.copy()
	ink = tuple(int(v) for v in rng.integers(0, 256, 3))
	if rng.random() < 0.5:
		text = "".join(chr(int(c)) for c in rng.integers(65, 122, int(rng.integers(4, 18))))
		place = (int(rng.uniform(0.1, 0.5) * rgb.shape[1]), int(rng.uniform(0.15, 0.95) * rgb.shape[0]))
		cv2.putText(out, text, place, int(rng.integers(0, 5)), float(rng.uniform(0.4, 1.0)), ink, int(rng.integers(1, 3)), cv2.LINE_AA)
	else:
		for eye in (face.landmarks[36:42], face.landmarks[42:48]):
			centre, width = eye.mean(0), float(np.ptp(eye[:, 0])) * rng.uniform(0.8, 1.1)
			axes = (int(width), int(width * rng.uniform(0.6, 1.0)))
			cv2.ellipse(out, tuple(int(v) for v in centre), axes, 0, 0, 360, ink, int(rng.integers(1, 4)), cv2.LINE_AA)
		cv2.line(out, tuple(int(v) for v in face.landmarks[39]), tuple(int(v) for v in face.landmarks[42]), ink, 2, cv2.LINE_AA)
	return out


def degrade_pair(rng: Rng, real: np.ndarray, fake: np.ndarray, face: Face) -> list[np.ndarray]:
	"""[real, fake] after the same random colour change, filter, overlay, resizing, JPEG and noise; uint8 [C, C, 3] each."""
	pair = [real, fake]
	if rng.random() < 0.08:
		pair = same(rng, lambda r, p: overlay(r, p, face), pair)
	for chance, change in ((0.5, colour), (0.12, whole_filter), (0.25, resize_chain), (0.3, jpeg), (0.15, noise)):
		if rng.random() < chance:
			pair = same(rng, change, pair)
	return pair


# ---- H.264 ----


def draw_coding(rng: Rng, codec: str) -> Coding:
	"""`x264`: CRF 18-40, mostly about 24-28, like most video on the web. `varied` is milder: 10 % old MPEG-4; x264 in 55 % as from cameras and
	sites (CRF 15-26), in 23 % as above, in 12 % strong (CRF 30-40); tunings, profiles and key frames vary."""
	if codec == "x264":
		return "libx264", {"crf": f"{18 + 22 * rng.beta(1.3, 1.9):.1f}", "preset": str(rng.choice(PRESETS))}
	kind = rng.random()
	if kind < 0.1:
		return "mpeg4", {"qscale": str(int(rng.integers(2, 9)))}
	crf = rng.uniform(15, 26) if kind < 0.65 else 18 + 22 * rng.beta(1.3, 1.9) if kind < 0.88 else rng.uniform(30, 40)
	options = {"crf": f"{crf:.1f}", "preset": str(rng.choice(PRESETS))}
	if tune := str(rng.choice(TUNES)):
		options["tune"] = tune
	if rng.random() < 0.2:
		options["profile"] = str(rng.choice(["baseline", "main"]))
	if rng.random() < 0.2:
		options["g"] = str(int(rng.integers(1, 4)))
	return "libx264", options


def encode(frames: list[np.ndarray], coding: Coding) -> list[np.ndarray]:
	"""Encodes and decodes frames uint8 [H, W, 3] RGB (even sides)."""
	encoder = av.CodecContext.create(coding[0], "w")
	encoder.height, encoder.width = frames[0].shape[:2]
	encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", Fraction(1, 25), Fraction(25)
	encoder.thread_count = 1
	options = dict(coding[1])
	if "qscale" in options:
		encoder.qmin = encoder.qmax = int(options.pop("qscale"))
	encoder.options = options
	packets = []
	for i, rgb in enumerate(frames):
		frame = av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuv420p")
		frame.pts = i
		packets += encoder.encode(frame)
	packets += encoder.encode(None)
	decoder = av.CodecContext.create("h264" if coding[0] == "libx264" else coding[0], "r")
	decoder.extradata = encoder.extradata
	decoder.thread_count = 1
	out = []
	for packet in [*packets, None]:
		out += decoder.decode(packet)
	if len(out) != len(frames):
		raise RuntimeError(f"{coding[0]} gave {len(out)} of {len(frames)} frames")
	return [frame.to_ndarray(format="rgb24") for frame in out]


def film(rng: Rng, pairs: list[list[np.ndarray]], codec: str = "x264") -> list[list[np.ndarray]]:
	"""Puts up to four pairs through a video encoder. Each frame is a sheet of tiles that move smoothly; reals and fakes are on separate sheets.

	Motion and settings (`draw_coding`) are the same on both. Pictures are uint8 [C, C, 3]. The result is one frame of the clip, with its tiles moved
	back to their places.
	"""
	size, tiles = pairs[0][0].shape[0], len(pairs)
	columns = 1 if tiles == 1 else 2
	rows = -(-tiles // columns)
	length = int(rng.integers(2, 5))
	speed = np.round(rng.normal(0, 1.5, (tiles, 2)) * (rng.random((tiles, 1)) < 0.8)).astype(int)
	codings = [draw_coding(rng, codec) for _ in range(2 if rng.random() < 0.2 else 1)]
	chosen = int(rng.integers(0, length))
	out: list[list[np.ndarray]] = [[] for _ in pairs]
	for which in range(2):
		frames = [np.zeros((rows * size, columns * size, 3), np.uint8) for _ in range(length)]
		for i, pair in enumerate(pairs):
			y, x = i // columns * size, i % columns * size
			for t, frame in enumerate(frames):
				frame[y : y + size, x : x + size] = np.roll(pair[which], tuple(speed[i] * (t - chosen)), (0, 1))
		for coding in codings:
			frames = encode(frames, coding)
		for i in range(tiles):
			y, x = i // columns * size, i % columns * size
			out[i].append(frames[chosen][y : y + size, x : x + size])
	return out


CODECS = ("x264", "varied")
"""The settings of `draw_coding`."""


def codec_argument(parser: argparse.ArgumentParser) -> None:
	parser.add_argument("--codec", choices=CODECS, default="varied", help="video compression of the pairs; varied: milder, with more settings")
