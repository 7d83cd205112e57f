import type { OpenAnalyser } from './open-analyser.ts';

export type { OpenAnalyser };

/** Reads the program's largest part, and then opens the analyser: help and refused arguments come at once. */
export const openAnalyserLater: OpenAnalyser = async (...given) => {
	const { openAnalyser } = await import('./open-analyser.ts');
	return openAnalyser(...given);
};
