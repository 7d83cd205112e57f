import type { Models } from '../../function/contract/service.ts';

/** A classifier of the service that can be chosen: a tier, or a model that whoever runs the service offers. */
export type Judge = Models['models'][number];

/** All of them, the quick tier first; none where the service's models are not known. */
export function judgesOf(models: Models | null): Judge[] {
	const rank = ({ tier }: Judge) => (tier === 'fast' ? 0 : tier === 'thorough' ? 1 : 2);
	return (models?.models ?? []).filter(({ kind }) => kind === 'classifier').toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Name of the model that is to judge: the one that was chosen (null = none), if the service still has it, or the usual one. Null leaves it to the
 * service: there is nothing to choose, or what there is to choose is not known.
 */
export function judgeFor(chosen: string | null, models: Models | null): string | null {
	if (models === null) return chosen;
	const judges = judgesOf(models);
	if (judges.length < 2) return null;
	const judge = judges.find(({ id }) => id === chosen) ?? judges.find(({ isDefault }) => isDefault);
	return judge?.id ?? null;
}

/** How many times as long a judge takes for a face as the quick tier, by their measured speeds; null where it is the quick one, or one of the two was not measured. */
export function timesAsLong(judge: Judge, judges: readonly Judge[]): number | null {
	const quick = judges.find(({ tier }) => tier === 'fast');
	if (!quick?.speed || !judge.speed || quick.id === judge.id) return null;
	return quick.speed.facesASecond / judge.speed.facesASecond;
}
