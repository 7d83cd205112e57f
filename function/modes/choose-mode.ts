import type { Plan } from '../contract/plan.ts';
import { AnalysisError } from '../errors.ts';
import { first } from './first.ts';
import type { Mode, ModeClassifier } from './mode.ts';
import { seed } from './seed.ts';
import { trained } from './trained.ts';
import { robust, whole } from './whole.ts';

/** The ways to read a model of the legacy application, in the order in which they are compared. */
export const legacyModes = { seed, trained, robust } as const;

/** Every mode by its name on the wire. */
export const modes: Readonly<Record<Plan['mode'], Mode>> = { whole, first, ...legacyModes };

/** The mode that a plan asks for; throws `usage` where the classifier or the number of frames does not fit it. */
export function chooseMode(
	{ mode: name, frames, fromS, toS }: Pick<Plan, 'mode' | 'frames'> & Partial<Pick<Plan, 'fromS' | 'toS'>>,
	{ id, network }: Pick<ModeClassifier, 'id' | 'network'>,
): Mode {
	const mode = modes[name];
	if (mode.needsLegacyNetwork && network === null)
		throw refused(`Mode ${name} is for models of the legacy application; ${id} is not one.`);
	if (mode.isLegacy && frames === 'all')
		throw refused(`Mode ${name} takes the first frames: a number of them, not all.`);
	if (mode.part === 'start' && (fromS ?? toS ?? null) !== null)
		throw refused(`Mode ${name} takes the first frames of the file; a part of it is for the modes whole and robust.`);
	return mode;
}

const refused = (sentence: string) => new AnalysisError('usage', 'request', sentence);
