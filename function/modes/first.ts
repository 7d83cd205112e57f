import type { Mode } from './mode.ts';
import { whole } from './whole.ts';

/** Consecutive frames from the start; every person is tracked and judged. */
export const first: Mode = {
	...whole,
	part: 'start',
	hasSecondPass: false,
	words: { ...whole.words, from: 'the first frames' },
};
