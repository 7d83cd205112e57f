"""Checkpoints: written whole or not at all, read as tensors and plain values only, and read as models."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import torch

from .model import Ensemble
from .networks import Network, network


def save(path: Path, state: dict) -> None:
	"""Writes a checkpoint whole or not at all."""
	path.parent.mkdir(parents=True, exist_ok=True)
	temporary = path.with_suffix(".part")
	torch.save(state, temporary)
	os.replace(temporary, path)


def read(path: Path) -> dict:
	"""The content of a checkpoint. A file that would run code, or that is no checkpoint, ends the step with a sentence."""
	try:
		return torch.load(path, map_location="cpu", weights_only=True)
	except pickle.UnpicklingError:
		raise SystemExit(f"{path.name} was not loaded: it holds more than tensors and plain values, which could run code, or is damaged") from None
	except OSError:
		raise
	except Exception:  # a damaged file fails anywhere in torch's reader
		raise SystemExit(f"{path.name} was not loaded: it is not a checkpoint, or is damaged") from None


def averaged(state: dict) -> dict:
	"""What `member` needs of a checkpoint."""
	return {"ema": state["ema"], "trunk": trunks_of(state)[0]}


def trunks_of(state: dict) -> list[str]:
	"""The trunks of a checkpoint's networks."""
	return [one["trunk"] for one in state["members"]] if "members" in state else [state.get("settings", {}).get("trunk", "lite0")]


def member(state: dict) -> Network:
	"""The model of averaged weights, in eval mode."""
	model = network(state["trunk"])
	model.load_state_dict(state["ema"])
	return model.eval()


def load_averaged(checkpoint: Path) -> Network | Ensemble:
	"""The averaged weights of a checkpoint, in eval mode; all of them where it is of an ensemble."""
	state = read(checkpoint)
	if "members" in state:
		return Ensemble([member(one) for one in state["members"]], state.get("weights"), state.get("offset", 0.0)).eval()
	return member(averaged(state))
