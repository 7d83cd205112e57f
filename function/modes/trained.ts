import { softmaxAnswer } from './legacy-answer.ts';
import type { Mode } from './mode.ts';
import { seed } from './seed.ts';

/** The same frames as in `seed`, averaged as in the training of the legacy application. */
export const trained: Mode = {
	...seed,
	judging: () => ({ calibration: null, frames: 'mean', countsEveryFace: true }),
	legacyAnswer: (verdict) => ({ mode: 'trained', said: softmaxAnswer(verdict) }),
	words: { from: 'the first frames', decides: 'mean of the frames' },
};
