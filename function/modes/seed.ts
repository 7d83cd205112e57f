import { detectOneFace, faceOrWholeFrame } from '../vision/one-face.ts';
import { softmaxAnswer } from './legacy-answer.ts';
import type { Mode } from './mode.ts';

/** The legacy application: the first frames, one face per frame or the whole frame; the last frame decides. */
export const seed: Mode = {
	needsLegacyNetwork: true,
	isLegacy: true,
	part: 'start',
	hasSecondPass: false,
	detectFaces: detectOneFace,
	trackFaces: faceOrWholeFrame,
	judging: () => ({ calibration: null, frames: 'last', countsEveryFace: true }),
	legacyAnswer: (verdict) => ({ mode: 'seed', said: softmaxAnswer(verdict) }),
	words: { from: 'the first frames', decides: 'the last frame' },
};
