import type { Models } from '../../function/contract/service.ts';

/** A classifier that the service offers: a tier, or a custom model of the operator. */
export type Classifier = Models['models'][number];

/** All classifiers, fast tier first; empty if the service's models are unknown. */
export function classifiersOf(models: Models | null): Classifier[] {
	const rank = ({ tier }: Classifier) => (tier === 'fast' ? 0 : tier === 'thorough' ? 1 : 2);
	return (models?.models ?? []).filter(({ kind }) => kind === 'classifier').toSorted((a, b) => rank(a) - rank(b));
}

/**
 * Id of the classifier to use: the chosen one (null = none chosen) if the service still has it, otherwise the default. Null leaves the choice to the
 * service, because there is no choice or the choices are unknown.
 */
export function classifierFor(chosen: string | null, models: Models | null): string | null {
	if (models === null) return chosen;
	const classifiers = classifiersOf(models);
	if (classifiers.length < 2) return null;
	const classifier = classifiers.find(({ id }) => id === chosen) ?? classifiers.find(({ isDefault }) => isDefault);
	return classifier?.id ?? null;
}

/** How many times as long a classifier takes per face as the fast tier, by measured speed; null for the fast tier itself, or if either speed was not measured. */
export function timesAsLong(classifier: Classifier, classifiers: readonly Classifier[]): number | null {
	const quick = classifiers.find(({ tier }) => tier === 'fast');
	if (!quick?.speed || !classifier.speed || quick.id === classifier.id) return null;
	return quick.speed.facesASecond / classifier.speed.facesASecond;
}
