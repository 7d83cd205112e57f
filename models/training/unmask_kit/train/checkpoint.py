"""Checkpoints: written atomically, and read only as tensors and plain values, or as models."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import torch

from .model import Ensemble
from .networks import Network, network


def save(path: Path, state: dict) -> None:
	"""Writes a checkpoint atomically."""
	path.parent.mkdir(parents=True, exist_ok=True)
	temporary = path.with_suffix(".part")
	torch.save(state, temporary)
	os.replace(temporary, path)


def read(path: Path) -> dict:
	"""Reads a checkpoint. Raises SystemExit with a sentence for a file that would run code or is not a checkpoint."""
	try:
		return torch.load(path, map_location="cpu", weights_only=True)
	except pickle.UnpicklingError:
		raise SystemExit(f"{path.name} was not loaded: it holds more than tensors and plain values, which could run code, or is damaged") from None
	except OSError:
		raise
	except Exception:  # a damaged file fails anywhere in torch's reader
		raise SystemExit(f"{path.name} was not loaded: it is not a checkpoint, or is damaged") from None


def averaged(state: dict) -> dict:
	"""The part of a checkpoint that `member` needs."""
	return {"ema": state["ema"], "trunk": trunks_of(state)[0]}


def trunks_of(state: dict) -> list[str]:
	"""The trunks of a checkpoint's networks."""
	return [one["trunk"] for one in state["members"]] if "members" in state else [state.get("settings", {}).get("trunk", "lite0")]


def member(state: dict) -> Network:
	"""The model with the averaged weights, in eval mode."""
	model = network(state["trunk"])
	model.load_state_dict(state["ema"])
	return model.eval()


def load_averaged(checkpoint: Path) -> Network | Ensemble:
	"""The model with a checkpoint's averaged weights, in eval mode; an ensemble if the checkpoint is one."""
	state = read(checkpoint)
	if "members" in state:
		return Ensemble([member(one) for one in state["members"]], state.get("weights"), state.get("offset", 0.0)).eval()
	return member(averaged(state))
