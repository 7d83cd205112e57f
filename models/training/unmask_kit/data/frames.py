"""Decoded frames as the program that serves the model sees them."""

from __future__ import annotations

import av
import numpy as np
from av.video.reformatter import Colorspace

MATRICES = {
	1: Colorspace.ITU709,
	4: Colorspace.FCC,
	5: Colorspace.ITU601,
	6: Colorspace.ITU601,
	7: Colorspace.SMPTE240M,
	9: Colorspace.BT2020,
	10: Colorspace.BT2020,
}
"""Of the codes of ITU-T H.273, table 4: `matrices` of `function/media/probe.ts`."""


def as_rgb(frame: av.VideoFrame) -> np.ndarray:
	"""uint8 [H, W, 3] RGB, bit for bit what the program's ffmpeg filter gives. An unset colour matrix is BT.601 for standard definition,
	else BT.709; PyAV alone takes BT.601 for all, up to 21 of 255 levels off on HD."""
	small = min(frame.width, frame.height) <= 576 and max(frame.width, frame.height) <= 1024
	matrix = MATRICES.get(int(frame.colorspace), Colorspace.ITU601 if small else Colorspace.ITU709)
	return frame.to_ndarray(format="rgb24", interpolation="BICUBIC", src_colorspace=matrix)
