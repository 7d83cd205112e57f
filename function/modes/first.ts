import type { Mode } from './mode.ts';
import { whole } from './whole.ts';

/** The first frames, one after the other; every person is followed and judged. */
export const first: Mode = {
	...whole,
	part: 'start',
	hasSecondPass: false,
	words: { ...whole.words, from: 'the first ones' },
};
