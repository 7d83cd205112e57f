import type { Plan } from '../contract/plan.ts';
import { AnalysisError } from '../errors.ts';
import { first } from './first.ts';
import type { Mode, ModeClassifier } from './mode.ts';
import { seed } from './seed.ts';
import { trained } from './trained.ts';
import { robust, whole } from './whole.ts';

/** The legacy modes, in the order in which they are compared. */
export const legacyModes = { seed, trained, robust } as const;

/** Every mode by its name on the wire. */
export const modes: Readonly<Record<Plan['mode'], Mode>> = { whole, first, ...legacyModes };

/** The mode that a plan asks for; throws `usage` if the classifier, the number of frames or the part does not fit it. */
export function chooseMode(
	{ mode: name, frames, fromS, toS }: Pick<Plan, 'mode' | 'frames'> & Partial<Pick<Plan, 'fromS' | 'toS'>>,
	{ id, network }: Pick<ModeClassifier, 'id' | 'network'>,
): Mode {
	const mode = modes[name];
	if (mode.needsLegacyNetwork && network === null)
		throw refused(`Mode ${name} is for models of the legacy application; ${id} is not one.`);
	if (mode.isLegacy && frames === 'all')
		throw refused(`Mode ${name} takes the first frames, so it needs a number of frames, not all.`);
	if (mode.part === 'start' && (fromS ?? toS ?? null) !== null)
		throw refused(
			`Mode ${name} takes the first frames of the file; only the modes whole and robust can analyse a part of it.`,
		);
	return mode;
}

const refused = (sentence: string) => new AnalysisError('usage', 'request', sentence);
