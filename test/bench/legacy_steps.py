"""Times the steps of the legacy application on a video: `python legacy_steps.py VIDEO N`. Prints one JSON document with the seconds of each step.

The steps: OpenCV reads all frames into memory. dlib's HOG detector, which doubles the size of a frame, runs on the first N of them, once for the faces
that are shown and again for those that are scored. Faces are resized to 112 px and go through ResNeXt-50 and an LSTM together. Weights are random,
because the time does not depend on them. Needs opencv-python, dlib, torch, torchvision and Pillow.
"""

import json
import sys
import time

import cv2
import dlib
import torch
from PIL import Image
from torchvision.models import resnext50_32x4d
from torchvision.transforms.functional import normalize, to_tensor

SIDE = 112
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.features = torch.nn.Sequential(*list(resnext50_32x4d(weights=None).children())[:-2])
        self.memory = torch.nn.LSTM(2048, 2048, 1, bias=False)
        self.answer = torch.nn.Linear(2048, 2)

    def forward(self, faces):
        seen, _ = self.memory(self.features(faces).mean((2, 3)).unsqueeze(0))
        return self.answer(seen[:, -1])


def read_all(path):
    video = cv2.VideoCapture(path)
    frames = []
    while True:
        is_read, frame = video.read()
        if not is_read:
            return frames
        frames.append(frame)


def cut_faces(detector, frames):
    """The first face of each frame, or the whole frame if there is none."""
    faces = []
    for frame in frames:
        box = next(iter(detector(frame, 1)), None)
        height, width = frame.shape[:2]
        part = frame if box is None else frame[max(0, box.top()) : min(height, box.bottom()), max(0, box.left()) : min(width, box.right())]
        faces.append(part if part.size else frame)
    return faces


def score(network, faces):
    inputs = [normalize(to_tensor(Image.fromarray(face).resize((SIDE, SIDE), Image.BILINEAR)), MEAN, STD) for face in faces]
    with torch.inference_mode():
        return network(torch.stack(inputs)).softmax(1)


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    detector = dlib.get_frontal_face_detector()
    network = Network().eval()
    seconds = {}

    def timed(name, work):
        start = time.perf_counter()
        made = work()
        seconds[name] = round(time.perf_counter() - start, 3)
        return made

    frames = timed("read", lambda: read_all(path))
    timed("firstDetection", lambda: cut_faces(detector, frames[:count]))
    faces = timed("secondDetection", lambda: cut_faces(detector, frames[:count]))
    timed("network", lambda: score(network, faces))
    print(json.dumps({"frames": len(faces), "framesRead": len(frames), **seconds}))


main()
