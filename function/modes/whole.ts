import { calibrationFor } from '../verdict/calibration.ts';
import { detectFaces } from '../vision/detect-faces.ts';
import { trackFaces } from '../vision/track-faces.ts';
import type { Mode } from './mode.ts';

/** Frames spread over the clip; every person is tracked and judged. */
export const whole: Mode = {
	needsLegacyNetwork: false,
	isLegacy: false,
	part: 'whole',
	hasSecondPass: true,
	detectFaces,
	trackFaces,
	judging: (kind, { calibration, frames, people }) => ({
		calibration: calibrationFor(kind, calibration),
		frames,
		people,
	}),
	legacyAnswer: () => ({ mode: 'robust', said: null }),
	words: { from: 'the whole clip', decides: 'each person, trimmed mean' },
};

/** The same for a model of the legacy application, for comparison with the modes that reproduce it. */
export const robust: Mode = { ...whole, needsLegacyNetwork: true };
