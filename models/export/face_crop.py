"""Writes the face crop as an ONNX graph: RoiAlign of a frame, the same operator as torchvision's in training.

Usage: python face_crop.py SIZE OUT.onnx

Graph: frame uint8 [H, W, 3] RGB, boxes f32 [N, 4] (x1, y1, x2, y2 in px of the frame; may extend beyond it, where pixels are black)
    -> crops f32 [N, 3, SIZE, SIZE] RGB, 0..1.
Equal to torchvision.ops.roi_align(frame / 255, boxes, SIZE, aligned=True, sampling_ratio=-1): antialiased when shrinking.
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, checker, helper, numpy_helper


def build(size: int) -> onnx.ModelProto:
    """The crop graph for square crops of `size` px."""
    constants = {
        "axis_0": np.array([0], np.int64),
        "batch": np.array([0], np.int64),
        "full": np.array(1 / 255, np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["frame"], ["frame_f"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["frame_f"], ["frame_chw"], perm=[2, 0, 1]),
        helper.make_node("Unsqueeze", ["frame_chw", "axis_0"], ["frame_nchw"]),
        helper.make_node("Shape", ["boxes"], ["count"], start=0, end=1),
        helper.make_node("Expand", ["batch", "count"], ["indices"]),
        helper.make_node(
            "RoiAlign",
            ["frame_nchw", "boxes", "indices"],
            ["crops_255"],
            mode="avg",
            sampling_ratio=0,
            output_height=size,
            output_width=size,
            coordinate_transformation_mode="half_pixel",
        ),
        helper.make_node("Mul", ["crops_255", "full"], ["crops"]),
    ]
    graph = helper.make_graph(
        nodes,
        f"face-crop-{size}",
        [
            helper.make_tensor_value_info("frame", TensorProto.UINT8, ["H", "W", 3]),
            helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["N", 4]),
        ],
        [helper.make_tensor_value_info("crops", TensorProto.FLOAT, ["N", 3, size, size])],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9, producer_name="unmask")
    checker.check_model(model, full_check=True)
    return model


if __name__ == "__main__":
    size, out = int(sys.argv[1]), sys.argv[2]
    onnx.save(build(size), out)
    print(out)
