"""Tests of the clips and the time head on made-up faces and numbers: `python -m pytest models/training/tests`."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from test_kit import drawn_face

from unmask_kit.make.clips import KINDS, TILES, Clip, Plan, animate, cut_clips, degrade_clip, draw_family, film_clips
from unmask_kit.studies.clips import in_order
from unmask_kit.studies.time_head import NOTHING, Line, decide, line
from unmask_kit.train.sequence import PLANS, Settings, TimeHead, mean_logit, score, tensors, train_head, window, without
from unmask_kit.train.sequence_model import sequence_model


def drawn_clip(kind: str, seed: int, length: int = 4) -> Clip:
	rng = np.random.default_rng(seed)
	return animate(rng, drawn_face(seed), drawn_face(seed + 50), Plan(kind, draw_family(rng, kind, ()), length))


@pytest.mark.parametrize("kind", KINDS)
def test_every_frame_is_identical_outside_its_mask(kind: str) -> None:
	for seed in range(5):
		clip = drawn_clip(kind, seed)
		differs = (clip.real != clip.fake).any(-1)
		assert clip.mask.shape == differs.shape and clip.box.shape == (4, 4)
		assert not differs[clip.mask == 0].any()
		assert clip.mask.min() >= 0 and clip.mask.max() <= 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_moves_and_changes_something(kind: str) -> None:
	several = [drawn_clip(kind, seed) for seed in range(4)]
	assert any((clip.real != clip.fake).any() for clip in several)
	assert all((clip.real[0] != clip.real[-1]).any() for clip in several)


def test_only_jitter_moves_the_blend_against_the_face() -> None:
	"""Relative to the face's box, the mask of a steady clip stays in place; that of a jittered one does not."""

	def unrest(kind: str) -> float:
		places = []
		for seed in range(12):
			clip = drawn_clip(kind, seed, 6)
			y, x = np.mgrid[: clip.mask.shape[1], : clip.mask.shape[2]]
			middle = np.array([[(m * x).sum(), (m * y).sum()] / m.sum() for m in clip.mask]) - (clip.box[:, :2] + clip.box[:, 2:]) / 2
			places.append(np.linalg.norm(np.diff(middle, 2, axis=0), axis=1).mean())
		return float(np.mean(places))

	assert unrest("jitter") > 2 * unrest("steady")


def test_equal_clips_stay_equal_through_degradation_encoder_and_crop() -> None:
	for seed in range(4):
		rng = np.random.default_rng(seed)
		several = [drawn_clip("steady", seed * 10 + n) for n in range(TILES)]
		several = [Clip(clip.real, clip.real, clip.mask, clip.box, "steady", "", "", "") for clip in several]
		real, fake = film_clips(rng, several)
		assert real.shape == (4, TILES, 256, 256, 3) and np.array_equal(real, fake)
		crops = cut_clips(rng, several, [real, fake], 64)
		assert crops.shape == (2, TILES, 4, 3, 64, 64) and torch.equal(crops[0], crops[1])


def test_noise_is_new_in_each_frame_and_the_same_in_both_clips_of_a_pair() -> None:
	picture = np.full((64, 64, 3), 128, np.uint8)
	found = [degrade_clip(np.random.default_rng(seed), [picture] * 4) for seed in range(40)]
	assert all(np.array_equal(few[0], few[1]) and np.array_equal(few[2], few[3]) for few in found)
	assert any(not np.array_equal(few[0], few[2]) for few in found)


def test_frames_of_a_clip_are_put_in_order() -> None:
	names = np.array(["a/x_10.jpg", "a/x_9.jpg", "a/b_0.jpg"])
	ordered = in_order({"name": names, "label": np.array([1, 2, 0]), "failed": np.array([])})
	assert ordered["name"].tolist() == ["a/b_0.jpg", "a/x_9.jpg", "a/x_10.jpg"] and ordered["label"].tolist() == [0, 2, 1]


# ---- the head ----


def made_up(n: int, seed: int, told_by: str = "order", length: int = 6, kind: str = "steady") -> dict[str, np.ndarray]:
	"""n pairs whose logits carry no information; the first feature jumps from frame to frame in fakes and moves slowly in reals."""
	rng = np.random.default_rng(seed)
	emb, label = rng.normal(0, 0.3, (2 * n, length, 12)), np.tile([0, 1], n)
	slow = np.repeat(rng.normal(0, 1, (2 * n, 1)), length, 1)
	fast = np.array([1, -1])[np.arange(length) % 2] * rng.choice([-1, 1], (2 * n, 1))
	emb[:, :, 0] += np.where(label[:, None] == 1, fast, np.abs(slow)) if told_by == "order" else 0
	text = {"kind": np.full(2 * n, kind), "family": np.full(2 * n, "self-blend"), "group": np.array([f"talking:{i // 2}" for i in range(2 * n)])}
	logit = rng.normal(0, 1, (2 * n, length)).astype(np.float32)
	return {"emb": emb.astype(np.float16), "logit": logit, "length": np.full(2 * n, length), "label": label, **text}


def fresh(plan: str, gate: float) -> TimeHead:
	torch.manual_seed(0)
	head = TimeHead(PLANS[plan], torch.zeros(12), torch.ones(12)).eval()
	with torch.no_grad():
		head.gate.fill_(gate)
	return head


@pytest.mark.parametrize("plan", list(PLANS))
def test_closed_gate_and_single_frames_give_the_mean(plan: str) -> None:
	clips = made_up(5, 1)
	assert np.allclose(score(fresh(plan, 0), clips), mean_logit(clips), atol=1e-6)
	assert not np.allclose(score(fresh(plan, 2), clips), mean_logit(clips), atol=1e-3)
	one = window(clips, 0, 1)
	assert np.allclose(score(fresh(plan, 2), one), one["logit"][:, 0], atol=1e-6)


@pytest.mark.parametrize("plan", list(PLANS))
def test_padding_after_the_end_of_a_clip_does_not_count(plan: str) -> None:
	clips, head = made_up(3, 2), fresh(plan, 2)
	short = clips | {"length": np.full(6, 4)}
	assert np.allclose(score(head, short), score(head, window(clips, 0, 4)), atol=1e-5)


def test_the_sequence_model_gives_the_logit_of_its_head() -> None:
	clips, head = made_up(4, 7), fresh("lstm", 0.7)
	emb, logit, length = tensors(clips)
	frames, video = sequence_model(head)(emb, logit, torch.arange(6.0)[None].expand(8, -1))
	assert np.allclose(video.detach().numpy(), head(emb, logit, length).detach().numpy(), atol=1e-5)
	assert frames.shape == logit.shape and not torch.allclose(frames, logit, atol=1e-3)
	closed, mean = sequence_model(fresh("lstm", 0))(emb, logit, torch.zeros_like(logit))
	assert torch.equal(closed, logit) and torch.equal(mean, logit.mean(1))
	with pytest.raises(ValueError, match="plan 'lstm'"):
		sequence_model(fresh("frames", 1))


def test_a_head_learns_what_only_the_order_of_frames_shows() -> None:
	settings = Settings(epochs=40, patience=40, pairs=16, true_clips=0, dropout=0.0, rate=5e-3, seed=1)
	head, _, _ = train_head(PLANS["lstm"], settings, made_up(48, 3), made_up(2, 4), made_up(24, 5))
	test = made_up(40, 6)
	found = line((NOTHING, "lstm", "made up"), test, [score(head, test)], 50)
	assert found.mean < 0.65 and found.auc > 0.85


def test_pairs_are_left_out_as_a_whole() -> None:
	kept = without(made_up(3, 1, kind="flicker"), ("flicker",))
	assert len(kept["label"]) == 0
	assert len(without(made_up(3, 1), ("flicker",))["label"]) == 6


def test_a_head_must_be_better_on_what_was_left_out_and_not_worse_elsewhere() -> None:
	def made(left_out: str, name: str, gap: float, low: float) -> Line:
		return Line(left_out, "lstm", name, 10, 0.5, 0.5 + gap, (low, gap + 0.1))

	good = [
		made("flicker", "unseen: flicker", 0.1, 0.05),
		made(NOTHING, "true: talking", 0.0, -0.1),
		made(NOTHING, "unseen: drift", -1, -1),
	]
	assert all(fine for _, fine in decide(good))
	assert not all(fine for _, fine in decide([*good, made("drift", "unseen: drift", 0.1, -0.01)]))
	assert not all(fine for _, fine in decide([*good, made(NOTHING, "true: ffpp", -0.01, -0.02)]))
