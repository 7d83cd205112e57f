import { type Spec, specSchema } from './spec.ts';

/** Spec of the older application's network as `unmask models import` writes it: its mean and std are folded into the graph. */
export const resnext50LstmSpec: Spec = specSchema.parse({
	crop: { margin: 1, shape: 'stretched', size: 112, resize: 'pillow' },
	input: { name: 'crops', colours: 'bgr' },
	output: { name: 'logits', kind: 'two-logits', fake: 0 },
	heatMap: { name: 'cam', kind: 'gradient' },
	source:
		'the older application: tight box, stretched to 112 x 112 px by Pillow, BGR; class 0 is FAKE; an LSTM step a frame, so that frames can be averaged as those of any other model',
});

/** A spec that is known by a name. */
export type Preset = {
	readonly spec: Spec;
	/** A line for people. */
	readonly about: string;
	readonly licence: string;
};

/** Published detectors, by the name of `unmask models add --preset`. */
export const presets: Readonly<Record<string, Preset>> = {
	'resnext50-lstm': {
		spec: resnext50LstmSpec,
		about: "the older application's network, as unmask models import writes it",
		licence: 'that of its weights',
	},
};
