"""Exports real architectures with random weights for the presets of `unmask models add`, to check interface, size and speed; they detect nothing.

Usage: python random_architectures.py FOLDER
Python 3.11, torch 2.15, torchvision 0.29, onnx 1.23. EfficientNet-B4 is torchvision's, the ViT is its VisionTransformer with the dimensions of CLIP
ViT-L/14 (24 layers, 16 heads, width 1024, patches of 14 px); the networks of the papers differ from both in details that do not change shapes.
"""

import pathlib
import sys

import torch
from torchvision.models import VisionTransformer, efficientnet_b4


def vit_l14() -> torch.nn.Module:
    return VisionTransformer(image_size=224, patch_size=14, num_layers=24, num_heads=16, hidden_dim=1024, mlp_dim=4096, num_classes=2)


NETWORKS = {
    "sbi-efficientnet-b4": (lambda: efficientnet_b4(num_classes=2), 380),
    "deepfakebench": (lambda: efficientnet_b4(num_classes=2), 256),
    "gend-clip-l14": (vit_l14, 224),
    "effort-clip-l14": (vit_l14, 224),
}


def main(folder: str) -> None:
    for preset, (build, size) in NETWORKS.items():
        torch.manual_seed(1)
        path = pathlib.Path(folder) / f"random-{preset}.onnx"
        torch.onnx.export(
            build().eval(),
            (torch.zeros(1, 3, size, size),),
            str(path),
            input_names=["input"],
            output_names=["logits"],
            dynamic_axes={"input": {0: "N"}, "logits": {0: "N"}},
            opset_version=17,
            dynamo=False,
        )
        print(preset, path.name, f"{path.stat().st_size / 1e6:.0f} MB", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
