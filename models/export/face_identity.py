"""Converts the face recognition network of the npm package @vladmandic/face-api (dlib's ResNet) to one ONNX file.

Usage: python face_identity.py PATH/TO/@vladmandic/face-api/model OUT.onnx

Graph: crops f32 [N, 3, 150, 150] RGB, 0..1 -> descriptor f32 [N, 128].
The Euclidean distance between two descriptors is small for one person and large for two. Weights that the package
quantised stay uint8 in the file and are widened on load by plain operators, which onnxruntime folds away.

Source of the architecture: the weight names and shapes of the package's manifest, and `src/faceRecognitionNet` of the package (MIT).
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, checker, helper

from face_detector import Graph, Stored, pointwise_kernel, read_stored

SIDE = 150  # px; face-api src/faceRecognitionNet/FaceRecognitionNet.ts
MEAN_RGB = (122.782, 117.001, 104.298)  # 0..255; the same file
# Residual blocks in order; True = halves the picture. FaceRecognitionNet.ts
BLOCKS = [
    *((f"conv32_{i}", False) for i in (1, 2, 3)),
    ("conv64_down", True),
    *((f"conv64_{i}", False) for i in (1, 2, 3)),
    ("conv128_down", True),
    *((f"conv128_{i}", False) for i in (1, 2)),
    ("conv256_down", True),
    *((f"conv256_{i}", False) for i in (1, 2)),
    ("conv256_down_out", True),
]


def add_kernel(g: Graph, name: str, filters: Stored, gain: np.ndarray) -> str:
    """Adds a convolution kernel times `gain` per output channel, stored as compactly as in the package."""
    if filters.raw.dtype != np.uint8:
        return g.weight(name, pointwise_kernel(filters.value()) * gain[:, None, None, None])
    per_channel = gain.astype(np.float32)[:, None, None, None]
    raw = g.constant(f"{name}:u8", pointwise_kernel(filters.raw))
    g.op("Cast", [raw], f"{name}:wide", to=TensorProto.FLOAT)
    g.op("Mul", [f"{name}:wide", g.constant(f"{name}:scale", filters.scale * per_channel)], f"{name}:scaled")
    return g.op("Add", [f"{name}:scaled", g.constant(f"{name}:low", filters.low * per_channel)], name)


def add_conv(g: Graph, stored: dict[str, Stored], x: str, name: str, down: bool) -> str:
    """Adds a convolution with its bias and the following channel scale folded in; `down` = stride 2 without padding."""
    gain, offset = stored[f"{name}/scale/weights"].value(), stored[f"{name}/scale/biases"].value()
    bias = stored[f"{name}/conv/bias"].value() * gain + offset
    kernel = add_kernel(g, f"{name}/kernel", stored[f"{name}/conv/filters"], gain)
    padding = {"strides": [2, 2]} if down else {"auto_pad": "SAME_UPPER"}
    return g.op("Conv", [x, kernel, g.constant(f"{name}/bias", bias)], name, **padding)


def add_block(g: Graph, stored: dict[str, Stored], x: str, name: str, down: bool, side: int, channels: int) -> tuple[str, int, int]:
    """Adds one residual block; returns its output with the output's side (px) and channels."""
    y = g.op("Relu", [add_conv(g, stored, x, f"{name}/conv1", down)], f"{name}/conv1/relu")
    y = add_conv(g, stored, y, f"{name}/conv2", False)
    if down:
        x = g.op("AveragePool", [x], f"{name}/pooled", kernel_shape=[2, 2], strides=[2, 2])
        convolved, side = (side - 3) // 2 + 1, side // 2
        # Both paths are padded with zeros to the same shape: below and right (src/faceRecognitionNet/residualLayer.ts), ...
        if side != convolved:
            missing = side - convolved
            y = g.op("Pad", [y, g.constant(f"{name}/edge", np.array([0, 0, 0, 0, 0, 0, missing, missing]))], f"{name}/padded")
        # ... and behind the channels.
        wider = len(stored[f"{name}/conv2/conv/bias"].raw)
        if wider != channels:
            pads = g.constant(f"{name}/more", np.array([0, 0, 0, 0, 0, wider - channels, 0, 0]))
            x = g.op("Pad", [x, pads], f"{name}/widened")
        channels = wider
    g.op("Add", [x, y], f"{name}/sum")
    return g.op("Relu", [f"{name}/sum"], f"{name}/relu"), side, channels


def build(stored: dict[str, Stored]) -> onnx.ModelProto:
    """Builds the whole network as one checked ONNX model."""
    g = Graph()
    mean = np.array(MEAN_RGB, np.float32)[None, :, None, None] / 255
    x = g.op("Sub", ["crops", g.constant("mean", mean)], "input")
    x = g.op("Relu", [add_conv(g, stored, x, "conv32_down", True)], "conv32_down/relu")
    x = g.op("MaxPool", [x], "pooled", kernel_shape=[3, 3], strides=[2, 2])
    side, channels = ((SIDE - 7) // 2 + 1 - 3) // 2 + 1, 32
    for name, down in BLOCKS:
        x, side, channels = add_block(g, stored, x, name, down, side, channels)
    g.op("ReduceMean", [x, g.constant("picture_axes", np.array([2, 3]))], "features", keepdims=0)
    g.op("MatMul", ["features", g.weight("fc", stored["fc"].value())], "descriptor")
    graph = helper.make_graph(
        g.nodes,
        "face-identity",
        [helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["N", 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("descriptor", TensorProto.FLOAT, ["N", 128])],
        g.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="unmask")
    checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    onnx.save(build(read_stored(folder, "face_recognition_model")), out)
    print(f"{out}: {out.stat().st_size} bytes")
