"""The legacy application's network in PyTorch, with weights from a formula that any language can reproduce, and its outputs; for check_seed.py and
test/goldens/seed.py.

The network: torchvision's resnext50_32x4d without its last two children, mean over the picture, nn.LSTM(2048, 2048, 1, False), which is an LSTM without
biases that takes [1, N, 2048] as one step of N frames, and nn.Linear(2048, 2); class 0 = fake, 1 = real.

The formula: value number i of the tensor NAME is float32(low + (high - low) * mix(i + fnv(NAME)) / 2^32), computed in double precision. fnv is the 32-bit
FNV-1a hash of the name and mix is the hash "lowbias32" (both below); low and high follow from the name and the shape (`limits`).
"""

import numpy as np
import torch
import torchvision
from torch import nn

SIDE, FEATURES = 112, 2048
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class SeedNetwork(nn.Module):
    """The network, with the names of its state dict."""

    def __init__(self) -> None:
        super().__init__()
        trunk = torchvision.models.resnext50_32x4d(weights=None)
        self.model = nn.Sequential(*list(trunk.children())[:-2])
        self.lstm = nn.LSTM(FEATURES, FEATURES, 1, False)
        self.linear1 = nn.Linear(FEATURES, 2)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """[N, 3, 112, 112], normalised -> logits [N, 2]; each frame is one step from the zero state."""
        return self.head(self.model(pictures))[0]

    def head(self, maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Feature maps [N, 2048, 4, 4] -> logits [N, 2] and the LSTM's states [N, 2048]."""
        states, _ = self.lstm(maps.mean((2, 3))[None])
        return self.linear1(states[0]), states[0]


def fnv(text: str) -> int:
    """32-bit FNV-1a."""
    value = 0x811C9DC5
    for byte in text.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def mix(x: np.ndarray) -> np.ndarray:
    """lowbias32 (nullprogram.com/blog/2018/07/31), uint32 -> uint32."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def limits(name: str, shape: tuple[int, ...]) -> tuple[float, float]:
    """The range of a tensor's values, chosen so that activations neither vanish nor overflow."""
    if name.endswith("running_var"):
        return 0.5, 1.5
    if len(shape) == 4:
        high = (6 / (shape[1] * shape[2] * shape[3])) ** 0.5
        return -high, high
    if name.startswith(("lstm", "linear1.weight")):
        high = (12 / FEATURES) ** 0.5
        return -high, high
    if name.endswith("bn3.weight"):
        return 0.1, 0.3
    if name.endswith(".weight"):
        return 0.8, 1.2
    return -0.1, 0.1


def by_formula(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """The float32 values of a tensor."""
    low, high = limits(name, shape)
    count = int(np.prod(shape))
    with np.errstate(over="ignore"):
        random = mix(np.arange(count, dtype=np.uint32) + np.uint32(fnv(name)))
    return (low + (high - low) * (random / 2.0**32)).astype(np.float32).reshape(shape)


def formula_network() -> SeedNetwork:
    """The network in eval mode, with all weights from the formula."""
    network = SeedNetwork().eval()
    state = network.state_dict()
    network.load_state_dict(
        {name: torch.from_numpy(by_formula(name, tuple(value.shape))) if value.is_floating_point() else value + 1000 for name, value in state.items()}
    )
    return network


def pictures() -> np.ndarray:
    """Four generated crops, uint8 [4, 3, 112, 112], in the channel order of the network: a fine pattern, ramps, blocks, black."""
    c, y, x = np.mgrid[0:3, 0:SIDE, 0:SIDE]
    fine = 7 * x + 13 * y + 29 * c + (x * y) % 97
    return np.stack([fine % 256, (2 * x + 3 * y + 50 * c) // 3 % 256, ((x // 16) ^ (y // 16)) * 37 % 256 + 0 * c, 0 * c]).astype(np.uint8)


def answers(network: SeedNetwork, crops: np.ndarray) -> dict[str, np.ndarray]:
    """The network's outputs for crops [N, 3, 112, 112], 0..1, in double precision. The map is Grad-CAM by autograd, without ReLU; each channel is
    weighted by the sum of its gradients over the cells."""
    network = network.double()
    mean, std = (torch.tensor(numbers, dtype=torch.float64).view(1, 3, 1, 1) for numbers in (MEAN, STD))
    with torch.no_grad():
        maps = network.model((torch.from_numpy(crops).double() - mean) / std)
    maps.requires_grad_(True)
    logits, states = network.head(maps)
    frame_logit = logits[:, 0] - logits[:, 1]
    (gradient,) = torch.autograd.grad(frame_logit.sum(), maps)
    cam = (gradient.sum((2, 3), keepdim=True) * maps).sum(1, keepdim=True)
    values = {"logits": logits, "frame_logit": frame_logit, "cam": cam, "emb": states}
    return {name: value.detach().numpy() for name, value in values.items()}
