import type { Report, Verdict } from '../contract/report.ts';

type Said = NonNullable<Report['older']>['said'];

/** What the legacy application would have shown: the more probable of the two classes and its softmax, per cent. */
export function softmaxAnswer({ fakeProbability }: Pick<Verdict, 'fakeProbability'>): Said {
	if (fakeProbability === null) return null;
	const isFake = fakeProbability > 0.5;
	return { label: isFake ? 'FAKE' : 'REAL', percent: 100 * (isFake ? fakeProbability : 1 - fakeProbability) };
}
