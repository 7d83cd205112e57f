"""Compares the boxes of the legacy application (dlib's HOG detector) with this program's, and measures how far the score moves.

Usage: python compare_boxes.py MODELS_FOLDER VIDEO...        (four frames of each, spread over the video)
Python 3.11, dlib-bin 20.0.1, opencv 5.0, onnxruntime 1.32, torchvision 0.29. The classifier is this program's default, on a tight crop (1 x) and on its
usual square (1.3 x), because the legacy application's weights could not be obtained.
"""

import json
import pathlib
import sys

import cv2
import dlib
import numpy as np
import onnxruntime
import torch
from torchvision.ops import box_iou, roi_align


def main(folder: str, videos: list[str]) -> None:
    models = pathlib.Path(folder)
    manifest = json.loads((models / "manifest.json").read_text())
    entry = next(f for f in manifest["files"] if f["id"] == manifest["defaultClassifier"])
    detector = onnxruntime.InferenceSession(str(models / "face-detector.onnx"))
    classifier = onnxruntime.InferenceSession(str(models / entry["file"]))
    hog = dlib.get_frontal_face_detector()
    found = {"both": 0, "ours alone": 0, "dlib alone": 0, "neither": 0}
    ious, wider, higher, lower, moved = [], [], [], [], {1.0: [], 1.3: []}

    def ours(rgb):
        for side in (256, 512):
            feeds = {"frame": rgb, "side": np.array(side), "margin": np.array(0, np.float32), "min_score": np.array(0.5, np.float32)}
            boxes, _ = detector.run(["boxes", "scores"], feeds)
            if len(boxes):
                return boxes[0]
        return None

    def logit(rgb, box, margin):
        half, cx, cy = margin * max(box[2] - box[0], box[3] - box[1]) / 2, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        roi = torch.tensor([[0, cx - half, cy - half, cx + half, cy + half]], dtype=torch.float32)
        crop = roi_align(torch.from_numpy(rgb).permute(2, 0, 1)[None].float() / 255, roi, 160, sampling_ratio=-1, aligned=True)
        return float(classifier.run(["frame_logit"], {"crops": crop.numpy()})[0][0])

    for video in videos:
        capture = cv2.VideoCapture(video)
        for at in np.linspace(0, capture.get(cv2.CAP_PROP_FRAME_COUNT) - 2, 4, dtype=int):
            capture.set(cv2.CAP_PROP_POS_FRAMES, int(at))
            ok, frame = capture.read()
            if not ok:
                continue
            rgb = np.ascontiguousarray(frame[:, :, ::-1])
            a, rects = ours(rgb), hog(rgb, 1)
            key = "both" if a is not None and rects else "ours alone" if a is not None else "dlib alone" if rects else "neither"
            found[key] += 1
            if key != "both":
                continue
            b = np.array([rects[0].left(), rects[0].top(), rects[0].right(), rects[0].bottom()], np.float32)
            ious.append(float(box_iou(torch.tensor(a)[None], torch.tensor(b)[None])))
            if ious[-1] < 0.1:
                continue  # another person
            wider.append((b[2] - b[0]) / (a[2] - a[0]))
            higher.append((b[3] - b[1]) / (a[3] - a[1]))
            lower.append(((b[1] + b[3]) - (a[1] + a[3])) / 2 / (a[3] - a[1]))
            for margin, values in moved.items():
                values.append(logit(rgb, b, margin) - logit(rgb, a, margin))
    print(found)
    spread = lambda values: f"median {np.median(values):.3f}, 5 to 95 % {np.percentile(values, 5):.3f} to {np.percentile(values, 95):.3f}"
    print("intersection over union", spread(ious))
    print("width of dlib's / ours ", spread(wider))
    print("height of dlib's / ours", spread(higher))
    print("centre below ours, in units of our height", spread(lower))
    for margin, values in moved.items():
        print(f"logit moves, square of {margin} x: median of the absolute value {np.median(np.abs(values)):.2f}, mean {np.mean(values):.2f}, 5 to 95 % {np.percentile(values, 5):.2f} to {np.percentile(values, 95):.2f}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
