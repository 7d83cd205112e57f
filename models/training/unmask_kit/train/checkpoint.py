"""Checkpoints: written whole or not at all, and read as models."""

from __future__ import annotations

import os
from pathlib import Path

import torch

from .model import Classifier, Ensemble


def save(path: Path, state: dict) -> None:
	temporary = path.with_suffix(".part")
	torch.save(state, temporary)
	os.replace(temporary, path)


def averaged(state: dict) -> dict:
	"""What `member` needs of a checkpoint."""
	return {"ema": state["ema"], "trunk": state.get("settings", {}).get("trunk", "lite0")}


def member(state: dict) -> Classifier:
	model = Classifier(state["trunk"])
	model.load_state_dict(state["ema"])
	return model.eval()


def load_averaged(checkpoint: Path) -> Classifier | Ensemble:
	"""The averaged weights of a checkpoint, in eval mode; all of them where it is of an ensemble."""
	state = torch.load(checkpoint, map_location="cpu", weights_only=False)
	if "members" in state:
		return Ensemble([member(one) for one in state["members"]]).eval()
	return member(averaged(state))
