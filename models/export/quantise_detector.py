"""Quantises the face detector's convolutions to 8 bits: 2.4 times faster on a CPU with 8-bit dot products, half the size.

Usage: python quantise_detector.py FACE_DETECTOR.onnx PICTURES_FOLDER OUT.onnx

The package's weights are already uint8 and every activation is clipped to 0..6, so little is lost (README.md, "The detector in 8 bits"). The box and class
predictors stay in float. The activations on PICTURES_FOLDER set the ranges. The shipped file was made with 110 public-domain portraits,
`usgov_00*.jpg` and `uscongress_000*.jpg`, each at both sides and once with a border.
"""

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
import onnx
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

PASSES = ((256, 0.0), (512, 0.0), (512, 1.0))


def with_float_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Replaces the model's fp16 weights by plain fp32 initialisers."""
    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in stored and stored[node.input[0]].data_type == TensorProto.FLOAT16:
            value = numpy_helper.to_array(stored[node.input[0]]).astype(np.float32)
            model.graph.initializer.remove(stored[node.input[0]])
            model.graph.initializer.append(numpy_helper.from_array(value, node.output[0]))
        else:
            nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


class Pictures(CalibrationDataReader):
    """Feeds every picture once per pass."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("usgov_00*.jpg")) + sorted(folder.glob("uscongress_000*.jpg"))
        self.feeds = iter([(file, setting) for file in files for setting in PASSES])

    def get_next(self) -> dict | None:
        file, (side, margin) = next(self.feeds, (None, (0, 0)))
        if file is None:
            return None
        rgb = np.ascontiguousarray(cv2.imread(str(file))[..., ::-1])
        return {"frame": rgb, "side": np.array(side), "margin": np.array(margin, np.float32), "min_score": np.array(0.3, np.float32)}


def main(source: str, pictures: str, out: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "float.onnx"
        model = with_float_weights(onnx.load(source))
        onnx.save(model, path)
        quantize_static(
            path,
            out,
            Pictures(Path(pictures)),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv", "Clip"],
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=[node.name for node in model.graph.node if "Predictor" in node.name],
        )
    print(f"{out}: {Path(out).stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
