"""The trainable networks, by the name of their trunk, and their initial weights."""

from __future__ import annotations

import torch

from .clip import CLIP_TRUNKS, ClipClassifier, load_package, package_file
from .model import TRUNKS, Classifier, load_imagenet

Network = Classifier | ClipClassifier
NAMES = (*TRUNKS, *CLIP_TRUNKS)


def network(trunk: str, training: bool = False) -> Network:
	"""A network without trained weights. A CLIP network has the package's matrices, widened to bfloat16 for training."""
	if trunk not in CLIP_TRUNKS:
		return Classifier(trunk)
	model = ClipClassifier(trunk)
	load_package(model.encoder, package_file())
	if training:
		model.encoder.prepare(torch.bfloat16)
	return model


def load_pretrained(model: Network) -> None:
	"""Loads the ImageNet weights; a CLIP network already has the package's."""
	if isinstance(model, Classifier):
		load_imagenet(model)
