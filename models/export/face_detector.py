"""Converts the SSD MobileNetV1 face detector of the npm package @vladmandic/face-api to one ONNX file.

Usage: python face_detector.py PATH/TO/@vladmandic/face-api/model OUT.onnx

Graph: frame uint8 [H, W, 3] RGB, side i64 scalar (256 or 512), margin f32 scalar, min_score f32 scalar
    -> boxes f32 [K, 4] (x1, y1, x2, y2 in px of the frame), scores f32 [K] (0..1, descending).
The frame is scaled (bilinear, as in face-api) so that its longer side, plus a border of `margin` times that side at both
ends, fills `side` px; it is centred on black. Decoding of anchors and non-maximum suppression are in the graph,
so Python (training) and TypeScript (serving) share every step.

At side 512 this is face-api's detector with its 5,118 anchors. The network is fully convolutional, so at side 256 the
same anchors (same px size and step) cover the smaller square: a quarter of the time, for faces of twice the size.

Source of the architecture: the weight names and shapes of the package's manifest, and `src/ssdMobilenetv1` of the package (MIT).
"""

import json
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper

SIDE = 512  # px; `Preprocessor/ResizeImage/size` of the manifest
GRIDS = (32, 16, 8, 4, 2, 1)  # cells per side of the six maps at 512 px; 3 anchors per cell in the first, 6 in the others
BOX_SCALES = (10.0, 10.0, 5.0, 5.0)  # cy, cx, h, w; face-api src/ssdMobilenetv1/outputLayer.ts
NMS_IOU = 0.5  # face-api's ssdMobilenetv1 uses .5
MAX_FACES = 100
BN_EPSILON = 0.001
STRIDE_2 = {2, 4, 6, 12}  # depthwise pairs with stride 2


class Stored(NamedTuple):
    """A stored tensor. Its value is `raw` x `scale` + `low`; without quantisation, scale is 1 and low is 0."""

    raw: np.ndarray
    scale: np.float32
    low: np.float32

    def value(self) -> np.ndarray:
        return self.raw.astype(np.float32) * self.scale + self.low


def read_stored(folder: Path, stem: str) -> dict[str, Stored]:
    """Reads a model of the package: tensors by name in TensorFlow layout, uint8 where the package quantised them."""
    manifest = json.loads((folder / f"{stem}-weights_manifest.json").read_text())
    data = (folder / f"{stem}.bin").read_bytes()
    stored, at = {}, 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        count = int(np.prod(entry["shape"])) if entry["shape"] else 1
        quantised = entry.get("quantization")
        raw = np.frombuffer(data, np.uint8 if quantised else "<f4", count, at).reshape(entry["shape"])
        at += raw.nbytes
        scale, low = (quantised["scale"], quantised["min"]) if quantised else (1, 0)
        stored[entry["name"]] = Stored(raw, np.float32(scale), np.float32(low))
    if at != len(data):
        raise ValueError(f"read {at} of {len(data)} bytes of {stem}.bin")
    return stored


def read_weights(folder: Path, stem: str) -> dict[str, np.ndarray]:
    """Reads a model of the package as float32 arrays by name, in TensorFlow layout."""
    return {name: stored.value() for name, stored in read_stored(folder, stem).items()}


class Graph:
    """Builds a flat list of ONNX nodes from named operators; weights are stored as fp16 and cast on load."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def weight(self, name: str, value: np.ndarray) -> str:
        return self.op("Cast", [self.constant(f"{name}:f16", value.astype(np.float16))], name, to=TensorProto.FLOAT)

    def op(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def conv(self, x: str, name: str, kernel: np.ndarray, bias: np.ndarray, stride: int = 1, groups: int = 1) -> str:
        weights = [self.weight(f"{name}/kernel", kernel), self.constant(f"{name}/bias", bias.astype(np.float32))]
        return self.op("Conv", [x, *weights], name, strides=[stride, stride], auto_pad="SAME_UPPER", group=groups)

    def relu6(self, x: str) -> str:
        return self.op("Clip", [x, "zero", "six"], f"{x}/relu6")


def pointwise_kernel(tensor: np.ndarray) -> np.ndarray:
    """[kh, kw, in, out] -> [out, in, kh, kw]."""
    return tensor.transpose(3, 2, 0, 1)


def add_preprocessing(g: Graph) -> str:
    """Scales the frame and centres it on a black square of `side` px; later nodes also use `scaled_m`, `size_hw_f` and `before_f`."""
    g.constant("zero", np.float32(0))
    g.constant("six", np.float32(6))
    g.constant("one", np.float32(1))
    g.constant("two", np.float32(2))
    g.op("Cast", ["side"], "side_f", to=TensorProto.FLOAT)
    g.op("Shape", ["frame"], "size_hw", start=0, end=2)
    g.op("Cast", ["size_hw"], "size_hw_f", to=TensorProto.FLOAT)
    g.op("ReduceMax", ["size_hw_f"], "longer", keepdims=0)
    g.op("Mul", ["margin", "two"], "margins")
    g.op("Add", ["margins", "one"], "span")
    g.op("Mul", ["longer", "span"], "span_px")
    g.op("Div", ["side_f", "span_px"], "scale")
    g.op("Mul", ["size_hw_f", "scale"], "scaled_f")
    g.op("Round", ["scaled_f"], "scaled_r")
    g.op("Max", ["scaled_r", "one"], "scaled_m")
    g.op("Cast", ["scaled_m"], "scaled_hw", to=TensorProto.INT64)
    g.op("Concat", ["scaled_hw", g.constant("channels", np.array([3], np.int64))], "scaled_hwc", axis=0)
    g.op(
        "Resize",
        ["frame", "", "", "scaled_hwc"],
        "scaled",
        mode="linear",
        coordinate_transformation_mode="half_pixel",
    )
    g.op("Cast", ["scaled"], "scaled_rgb", to=TensorProto.FLOAT)
    g.op("Sub", ["side", "scaled_hw"], "free")
    g.op("Div", ["free", g.constant("two_i", np.array([2, 2], np.int64))], "before")
    g.op("Sub", ["free", "before"], "after")
    none = g.constant("none", np.array([0], np.int64))
    g.op("Concat", ["before", none, "after", none], "pads", axis=0)
    g.op("Pad", ["scaled_rgb", "pads"], "square")
    g.op("Transpose", ["square"], "square_chw", perm=[2, 0, 1])
    g.op("Unsqueeze", ["square_chw", g.constant("axis_0", np.array([0], np.int64))], "square_nchw")
    g.op("Mul", ["square_nchw", g.constant("range", np.float32(1 / 127.5))], "ranged")
    g.op("Cast", ["before"], "before_f", to=TensorProto.FLOAT)
    return g.op("Sub", ["ranged", "one"], "input")


def anchor_counts() -> list[int]:
    """Number of anchors in each map at side 512."""
    return [cells * cells * (3 if index == 0 else 6) for index, cells in enumerate(GRIDS)]


def add_trunk(g: Graph, weights: dict[str, np.ndarray], x: str) -> list[str]:
    """MobileNetV1 and the extra feature layers; returns the six maps that the box predictors read."""

    def pointwise(x: str, name: str, stride: int) -> str:
        kernel = pointwise_kernel(weights[f"{name}/weights"])
        return g.relu6(g.conv(x, name, kernel, weights[f"{name}/convolution_bn_offset"], stride))

    x = pointwise(x, "MobilenetV1/Conv2d_0_pointwise", 2)
    maps = []
    for pair in range(1, 14):
        name = f"MobilenetV1/Conv2d_{pair}_depthwise"
        norm = {part: weights[f"{name}/BatchNorm/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")}
        factor = norm["gamma"] / np.sqrt(norm["moving_variance"] + BN_EPSILON)
        kernel = weights[f"{name}/depthwise_weights"].transpose(2, 3, 0, 1) * factor[:, None, None, None]
        bias = norm["beta"] - norm["moving_mean"] * factor
        x = g.relu6(g.conv(x, name, kernel, bias, 2 if pair in STRIDE_2 else 1, groups=kernel.shape[0]))
        x = pointwise(x, f"MobilenetV1/Conv2d_{pair}_pointwise", 1)
        if pair in (11, 13):
            maps.append(x)
    for layer in range(8):
        x = pointwise(x, f"Prediction/Conv2d_{layer}_pointwise", 1 + layer % 2)
        if layer % 2:
            maps.append(x)
    return maps


def add_predictors(g: Graph, weights: dict[str, np.ndarray], maps: list[str]) -> None:
    """Adds `encodings` [1, A, 4], `all_scores` [1, 1, A] and `anchors` [1, A, 4] over all six maps; A = 5,118 at side 512."""
    encodings, logits, anchors = [], [], []
    grids = np.split(weights["Output/extra_dim"][0] * SIDE, np.cumsum(anchor_counts())[:-1])
    g.constant("grid_start", np.array([0, 0], np.int64))
    g.constant("anchor_rows", np.array([1, -1, 4], np.int64))
    for index, features in enumerate(maps):
        name = f"Prediction/BoxPredictor_{index}/anchors"
        cells = GRIDS[index]
        grid = g.constant(f"{name}/grid", grids[index].reshape(cells, cells, -1, 4))
        g.op("Shape", [features], f"{name}/size", start=2, end=4)
        g.op("Slice", [grid, "grid_start", f"{name}/size"], f"{name}/used")
        anchors.append(g.op("Reshape", [f"{name}/used", "anchor_rows"], f"{name}/rows"))
        for part, width, found in (("BoxEncodingPredictor", 4, encodings), ("ClassPredictor", 3, logits)):
            name = f"Prediction/BoxPredictor_{index}/{part}"
            y = g.conv(features, name, pointwise_kernel(weights[f"{name}/weights"]), weights[f"{name}/biases"])
            y = g.op("Transpose", [y], f"{name}/nhwc", perm=[0, 2, 3, 1])
            shape = g.constant(f"{name}/shape", np.array([1, -1, width], np.int64))
            found.append(g.op("Reshape", [y, shape], f"{name}/rows"))
    g.op("Concat", encodings, "encodings", axis=1)
    g.op("Concat", logits, "logits", axis=1)
    g.op("Gather", ["logits", g.constant("face_class", np.array([1], np.int64))], "face_logits", axis=2)
    g.op("Sigmoid", ["face_logits"], "face_scores")
    g.op("Transpose", ["face_scores"], "all_scores", perm=[0, 2, 1])
    g.op("Concat", anchors, "anchors", axis=1)


def add_decoding(g: Graph) -> None:
    """Decodes the anchors, suppresses overlaps, and converts back to px of the frame."""
    g.constant("split", np.array([2, 2], np.int64))
    g.nodes.append(helper.make_node("Split", ["anchors", "split"], ["anchor_low", "anchor_high"], axis=2))
    g.op("Sub", ["anchor_high", "anchor_low"], "anchor_size")
    g.op("Div", ["anchor_size", "two"], "anchor_half")
    g.op("Add", ["anchor_low", "anchor_half"], "anchor_centre")
    g.op("Div", ["encodings", g.constant("box_scales", np.array(BOX_SCALES, np.float32))], "scaled_encodings")
    g.nodes.append(helper.make_node("Split", ["scaled_encodings", "split"], ["shift", "stretch"], axis=2))
    g.op("Mul", ["shift", "anchor_size"], "shift_f")
    g.op("Add", ["shift_f", "anchor_centre"], "centre")
    g.op("Exp", ["stretch"], "stretch_e")
    g.op("Mul", ["stretch_e", "anchor_size"], "extent")
    g.op("Div", ["extent", "two"], "half")
    g.op("Sub", ["centre", "half"], "low")
    g.op("Add", ["centre", "half"], "high")
    g.op("Concat", ["low", "high"], "yxyx", axis=2)
    limit = g.constant("max_faces", np.array([MAX_FACES], np.int64))
    iou = g.constant("nms_iou", np.array([NMS_IOU], np.float32))
    g.op("Reshape", ["min_score", g.constant("one_item", np.array([1], np.int64))], "min_score_1")
    g.op("NonMaxSuppression", ["yxyx", "all_scores", limit, iou, "min_score_1"], "selected")
    g.op("Gather", ["selected", g.constant("anchor_column", np.int64(2))], "kept", axis=1)
    g.op("Reshape", ["all_scores", g.constant("flat", np.array([-1], np.int64))], "scores_flat")
    g.op("Gather", ["scores_flat", "kept"], "scores", axis=0)
    g.op("Squeeze", ["yxyx", "axis_0"], "yxyx_rows")
    g.op("Gather", ["yxyx_rows", "kept"], "kept_yxyx", axis=0)
    g.op("Concat", ["before_f", "before_f"], "offset_yxyx", axis=0)
    g.op("Sub", ["kept_yxyx", "offset_yxyx"], "scaled_px")
    g.op("Div", ["scaled_m", "size_hw_f"], "scale_hw")
    g.op("Concat", ["scale_hw", "scale_hw"], "scale_yxyx", axis=0)
    g.op("Div", ["scaled_px", "scale_yxyx"], "frame_yxyx")
    g.op("Gather", ["frame_yxyx", g.constant("xyxy_order", np.array([1, 0, 3, 2], np.int64))], "boxes", axis=1)


def build(weights: dict[str, np.ndarray]) -> onnx.ModelProto:
    """Builds the whole detector as one checked ONNX model."""
    g = Graph()
    add_predictors(g, weights, add_trunk(g, weights, add_preprocessing(g)))
    add_decoding(g)
    graph = helper.make_graph(
        g.nodes,
        "face-detector",
        [
            helper.make_tensor_value_info("frame", TensorProto.UINT8, ["H", "W", 3]),
            helper.make_tensor_value_info("side", TensorProto.INT64, []),
            helper.make_tensor_value_info("margin", TensorProto.FLOAT, []),
            helper.make_tensor_value_info("min_score", TensorProto.FLOAT, []),
        ],
        [
            helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["K", 4]),
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["K"]),
        ],
        g.constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="unmask")
    checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    onnx.save(build(read_weights(folder, "ssd_mobilenetv1_model")), out)
    print(f"{out}: {out.stat().st_size} bytes")
