"""Decoded frames, with colours converted as in the program."""

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
"""By the codes of ITU-T H.273, table 4; matches `matrices` in `function/media/probe.ts`."""


def as_rgb(frame: av.VideoFrame) -> np.ndarray:
	"""uint8 [H, W, 3] RGB, equal to the output of the program's ffmpeg filter bit for bit. An unset colour matrix means BT.601 for standard
	definition and BT.709 otherwise. PyAV alone assumes BT.601 for everything, which is up to 21 of 255 levels off on HD."""
	small = min(frame.width, frame.height) <= 576 and max(frame.width, frame.height) <= 1024
	matrix = MATRICES.get(int(frame.colorspace), Colorspace.ITU601 if small else Colorspace.ITU709)
	return frame.to_ndarray(format="rgb24", interpolation="BICUBIC", src_colorspace=matrix)
