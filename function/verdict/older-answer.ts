import type { Plan } from '../contract/plan.ts';
import type { Report, Verdict } from '../contract/report.ts';

/** Modes that read a model as the older application did, one face of every frame. */
export const isOlderMode = (mode: Plan['mode']): mode is 'seed' | 'trained' => mode === 'seed' || mode === 'trained';

/** How a model of the older application was read and what that would have shown: the winner of two classes and its softmax. null for other models. */
export function olderAnswer(
	{ mode }: Plan,
	classifier: Report['classifier'],
	{ fakeProbability }: Pick<Verdict, 'fakeProbability'>,
): Report['older'] {
	if (classifier?.network == null) return null;
	if (!isOlderMode(mode)) return { mode: 'robust', said: null };
	if (fakeProbability === null) return { mode, said: null };
	const isFake = fakeProbability > 0.5;
	return {
		mode,
		said: { label: isFake ? 'FAKE' : 'REAL', percent: 100 * (isFake ? fakeProbability : 1 - fakeProbability) },
	};
}
