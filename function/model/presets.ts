import { type Spec, specSchema } from './spec.ts';

/** Spec of the legacy application's network as `unmask models import` writes it: its mean and std are folded into the graph. */
export const resnext50LstmSpec: Spec = specSchema.parse({
	crop: { margin: 1, shape: 'stretched', size: 112, resize: 'pillow' },
	input: { name: 'crops', colours: 'bgr' },
	output: { name: 'logits', kind: 'two-logits', fake: 0 },
	heatMap: { name: 'cam', kind: 'gradient' },
	source:
		'the legacy application: tight box, stretched to 112 x 112 px by Pillow, BGR; class 0 is FAKE; one LSTM step per frame, so that frames can be averaged as those of any other model',
});

/** Channel means and standard deviations of OpenAI's CLIP (preprocessor_config.json). */
const clip = {
	mean: [0.48145466, 0.4578275, 0.40821073],
	std: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * Approximates alignment by five landmarks with scale 1.3, where the eyes are .32 of the side apart before scaling and .246 after it. In
 * the three portraits of test/fixtures that side is 1.42, 1.46 and 1.61 x the longer side of this program's box, with eyes marked by hand.
 */
const alignedMargin = 1.5;
const aligned =
	'aligned by five landmarks with scale 1.3; there are no landmarks here, a square of 1.5 x the box stands in and is not turned upright';

/** Common to the published detectors: class 1 of two is fake, and probabilities are averaged over the frames. */
const published = { output: { kind: 'two-logits', fake: 1 }, frames: 'mean-probability' } as const;
const onClip = { ...published, crop: { margin: alignedMargin, size: 224 }, input: clip, people: 'main' } as const;

/** A spec with a name. */
export type Preset = {
	readonly spec: Spec;
	/** One-line description. */
	readonly about: string;
	readonly licence: string;
	/** The network, if more is known about it than its spec. */
	readonly network?: 'resnext50-lstm';
};

/** Published detectors by their name for `unmask models add --preset`. */
export const presets: Readonly<Record<string, Preset>> = {
	'sbi-efficientnet-b4': {
		spec: specSchema.parse({
			...published,
			crop: { margin: 1.25, shape: 'stretched', size: 380 },
			input: {},
			source:
				'github.com/mapooon/SelfBlendedImages, src/inference/preprocess.py (an eighth of the box on every side, resized to 380 x 380 px), inference_video.py (RGB 0..1, softmax, class 1; mean over frames; there the highest of a frame, here every person alone)',
		}),
		about: 'SelfBlendedImages (Shiohara and Yamasaki, CVPR 2022), EfficientNet-B4',
		licence: 'weights: research only, see github.com/mapooon/SelfBlendedImages',
	},
	deepfakebench: {
		spec: specSchema.parse({
			...published,
			crop: { margin: alignedMargin, size: 256 },
			input: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
			people: 'main',
			source: `github.com/SCLBD/DeepfakeBench, training/config/detector/efficientnetb4.yaml and its neighbours (256 px, mean and std .5, 2 classes), preprocessing/preprocess.py (the largest face; ${aligned})`,
		}),
		about: 'DeepfakeBench (Yan et al., NeurIPS 2023): Xception, EfficientNet-B4 and others of 256 px',
		licence: 'weights: CC BY-NC 4.0, see github.com/SCLBD/DeepfakeBench',
	},
	'gend-clip-l14': {
		spec: specSchema.parse({
			...onClip,
			source: `github.com/yermandy/GenD, src/hf/modeling_gend.py (CLIP ViT-L/14, 2 classes, CLIPProcessor), detector.py (the largest face; ${aligned})`,
		}),
		about: 'GenD (Yermakov et al., WACV 2026) on CLIP ViT-L/14',
		licence: 'see github.com/yermandy/GenD; trained on FaceForensics++, research only',
	},
	'effort-clip-l14': {
		spec: specSchema.parse({
			...onClip,
			source: `github.com/SCLBD/DeepfakeBench, training/config/detector/effort.yaml (224 px, CLIP's mean and std, 2 classes), preprocessing/preprocess.py (the largest face; ${aligned})`,
		}),
		about: 'Effort (Yan et al., ICML 2025) on CLIP ViT-L/14',
		licence: 'weights: CC BY-NC 4.0, see github.com/SCLBD/DeepfakeBench',
	},
	'resnext50-lstm': {
		spec: resnext50LstmSpec,
		about: "the legacy application's network, as unmask models import writes it",
		licence: 'that of its weights',
		network: 'resnext50-lstm',
	},
};
