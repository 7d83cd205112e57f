"""Simulates what happens to a face on its way into a video or a picture, for training `face_cover.py`: crops uint8 [3, 160, 160] RGB in and out.

Plain, drawn and covered faces go through the same changes with the same probabilities, so that none of these (darkness, noise, blur, a black or mirrored
border) gives a class away.
"""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 160
GAMMA = 2.2


def lit(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Changes exposure (mostly darker), colour cast and saturation, adds sensor noise, and lowers contrast."""
    light = (crop.astype(np.float32) / 255) ** GAMMA
    light = light * np.exp(rng.uniform(np.log(0.04), np.log(1.6))) * np.exp(rng.normal(0, 0.16, 3)).astype(np.float32)[:, None, None]
    grey = light.mean(0, keepdims=True)
    light = grey + (light - grey) * rng.uniform(0.2, 1.3)
    if rng.random() < 0.5:
        fine = int(rng.integers(60, 161))
        noise = cv2.resize(rng.normal(0, 1, (fine, fine, 3)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).transpose(2, 0, 1)
        light = light + noise * np.sqrt(np.maximum(light, 1e-4)) * rng.uniform(0.005, 0.06)
    seen = np.clip(light, 0, 1) ** (1 / GAMMA)
    if rng.random() < 0.4:
        seen = seen * rng.uniform(0.7, 1) + rng.uniform(0, 0.15)
    return (seen.clip(0, 1) * 255).round().astype(np.uint8)


def soft(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Makes the face small (36 to 150 px), out of focus, smoothed and compressed (JPEG of quality 12 to 90), as in a video."""
    side = int(rng.integers(36, 151))
    picture = cv2.resize(np.ascontiguousarray(crop.transpose(1, 2, 0)), (side, side), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.4:
        picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.4, 1.6)))
    if rng.random() < 0.3:
        picture = cv2.medianBlur(picture, 3)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(12, 91))])
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    if rng.random() < 0.3:
        picture = cv2.bilateralFilter(picture, 5, float(rng.uniform(8, 30)), 2)
    return cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR if rng.random() < 0.6 else cv2.INTER_CUBIC).transpose(2, 0, 1)


def moved(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Flips the face, shifts and scales its box, or crops so close that the area beyond the face is mirrored or black."""
    picture = np.ascontiguousarray(crop.transpose(1, 2, 0))
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
    if rng.random() < 0.3:
        rim = int(rng.integers(8, 24))
        picture = cv2.copyMakeBorder(np.ascontiguousarray(picture[rim:-rim, rim:-rim]), rim, rim, rim, rim, cv2.BORDER_REFLECT_101)
    scale = rng.uniform(0.9, 1.12)
    middle = SIDE / 2 * (1 - scale)
    place = np.array([[scale, 0, middle + rng.uniform(-10, 10)], [0, scale, middle + rng.uniform(-10, 10)]], np.float32)
    border = cv2.BORDER_REFLECT_101 if rng.random() < 0.8 else cv2.BORDER_CONSTANT
    return cv2.warpAffine(np.ascontiguousarray(picture), place, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border).transpose(2, 0, 1)


def changed(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Applies `moved`, and two times in three each `lit` and `soft`."""
    crop = moved(crop, rng)
    if rng.random() < 0.65:
        crop = lit(crop, rng)
    if rng.random() < 0.65:
        crop = soft(crop, rng)
    return np.ascontiguousarray(crop)


def small(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Imitates a small face in a compressed video: 36 to 110 px, JPEG of quality 25 to 80."""
    side = int(rng.integers(36, 110))
    picture = cv2.resize(np.ascontiguousarray(crop.transpose(1, 2, 0)), (side, side), interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))])
    return cv2.resize(cv2.imdecode(data, cv2.IMREAD_COLOR), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).transpose(2, 0, 1)


def dim(crop: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Makes the face dim and soft: .06 to .3 of the light, then `soft`."""
    light = (crop.astype(np.float32) / 255) ** GAMMA * np.float32(np.exp(rng.uniform(np.log(0.06), np.log(0.3))))
    return np.ascontiguousarray(soft((light.clip(0, 1) ** (1 / GAMMA) * 255).round().astype(np.uint8), rng))


def texture(crops: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An enlarged piece of a random crop, or a colour with a gradient and noise; [160, 160, 3]."""
    if rng.random() < 0.6:
        side = int(rng.integers(30, 120))
        y, x = rng.integers(0, SIDE - side, 2)
        piece = crops[rng.integers(len(crops))].transpose(1, 2, 0)[y : y + side, x : x + side]
        piece = cv2.resize(np.ascontiguousarray(piece), (SIDE, SIDE)).astype(np.float32)
        return cv2.GaussianBlur(piece, (0, 0), float(rng.uniform(1, 6))) if rng.random() < 0.5 else piece
    slope = np.linspace(-1, 1, SIDE)
    plain = rng.uniform(10, 245, 3) + slope[:, None, None] * rng.uniform(-40, 40) + slope[None, :, None] * rng.uniform(-40, 40)
    grains = int(rng.integers(8, SIDE))
    noise = cv2.resize(rng.normal(0, rng.uniform(2, 20), (grains, grains)).astype(np.float32), (SIDE, SIDE))
    return (plain + noise[..., None]).astype(np.float32)


def mask_shape(rng: np.random.Generator) -> np.ndarray:
    """A mask over nose, mouth and chin as 0..1 [160, 160]."""
    top, slant, bottom = rng.uniform(0.46, 0.6) * SIDE, rng.uniform(-8, 8), rng.uniform(0.82, 1) * SIDE
    left, right, middle = rng.uniform(0.05, 0.25) * SIDE, rng.uniform(0.75, 0.95) * SIDE, (top + bottom) / 2
    corners = [
        (left, top + slant + rng.uniform(0, 14)),
        (80 + rng.uniform(-15, 15), top - rng.uniform(-4, 10)),
        (right, top - slant + rng.uniform(0, 14)),
        (right - rng.uniform(0, 20), middle + rng.uniform(0, 20)),
        (100, bottom),
        (60, bottom),
        (left + rng.uniform(0, 20), middle + rng.uniform(0, 20)),
    ]
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(mask, [cv2.convexHull(np.array(corners, np.int32))], 1.0)
    return mask


def blob_shape(rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A few ellipses side by side, like fingers or a microphone, over `low` to `high` of the face's oval."""
    oval = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(oval, (80, 84), (46, 62), 0, 0, 360, 1.0, -1)
    while True:
        mask = np.zeros((SIDE, SIDE), np.float32)
        x, y, turn = rng.uniform(30, 130), rng.uniform(50, 150), float(rng.uniform(0, 180))
        for _ in range(int(rng.integers(1, 5))):
            axes = (int(rng.uniform(8, 45)), int(rng.uniform(20, 75)))
            cv2.ellipse(mask, (int(x), int(y)), axes, turn + float(rng.uniform(-15, 15)), 0, 360, 1.0, -1)
            x, y = x + rng.uniform(-30, 30), y + rng.uniform(-20, 20)
        if low <= (mask * oval).sum() / oval.sum() <= high:
            return mask


def painted(crop: np.ndarray, crops: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Paints a texture on the crop where the mask is."""
    mask = cv2.GaussianBlur(mask, (0, 0), float(rng.uniform(0.6, 2)))[..., None]
    mixed = mask * texture(crops, rng) + (1 - mask) * crop.transpose(1, 2, 0)
    return mixed.clip(0, 255).astype(np.uint8).transpose(2, 0, 1)
