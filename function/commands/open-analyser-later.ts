import type { OpenAnalyser } from './open-analyser.ts';

export type { OpenAnalyser };

/** Opens the analyser, importing it only now: it is the program's largest part, and help and usage errors should not wait for it. */
export const openAnalyserLater: OpenAnalyser = async (...given) => {
	const { openAnalyser } = await import('./open-analyser.ts');
	return openAnalyser(...given);
};
