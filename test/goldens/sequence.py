"""Makes sequence.json and test/fixtures/models/sequence-*.onnx: small sequence models with weights by a formula, exported by the kit, and what PyTorch
answers for clips that both languages can make.

Usage: PYTHONPATH=models/training python test/goldens/sequence.py     (in the repository's root; torch, onnx, onnxruntime)
"""

import json
import math
from pathlib import Path

import torch
from unmask_kit.ship.export_sequence import LENGTHS, classifier_of, export_sequence, features_of, made_up_clip
from unmask_kit.train.sequence_model import SequenceModel

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "models"
WIDTH, EACH_WAY = 4, 3
GATES = {"gated": 0.5, "zero": 0.0}


def by_formula(features: int, gate: float) -> SequenceModel:
    model = SequenceModel(torch.zeros(features), torch.ones(features), WIDTH, EACH_WAY)
    with torch.no_grad():
        for k, (name, parameter) in enumerate(model.named_parameters()):
            scale = 1 / math.sqrt(parameter.shape[-1]) if parameter.ndim > 1 else 0.1
            numbers = torch.sin(0.7 * torch.arange(parameter.numel(), dtype=torch.float64) + k)
            parameter.copy_((scale * numbers).reshape(parameter.shape).float() if name != "gate" else torch.tensor(gate))
    return model.eval()


def main() -> None:
    features = features_of(classifier_of(MODELS / "manifest.json", "fast"))
    digests, clips = {}, []
    for name, gate in GATES.items():
        digests[name] = export_sequence(by_formula(features, gate), HERE.parent / f"fixtures/models/sequence-{name}.onnx")
    model = by_formula(features, GATES["gated"])
    for frames in LENGTHS:
        with torch.inference_mode():
            frame_logit, video_logit = model(*(torch.from_numpy(part) for part in made_up_clip(frames, features)))
        clips.append({"frames": frames, "frameLogits": [round(v, 6) for v in frame_logit[0].tolist()], "videoLogit": round(float(video_logit), 6)})
    head = {"torch": torch.__version__, "files": digests}
    (HERE / "sequence.json").write_text(json.dumps({"madeWith": head, "features": features, "clips": clips}) + "\n")


if __name__ == "__main__":
    main()
