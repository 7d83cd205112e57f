import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { asWriteFailed, writeWhole } from '../files/write-whole.ts';
import { reliabilityBins } from '../verdict/reliability.ts';
import { type EvalSummary, formatItems } from './format.ts';
import type { ItemResult } from './item-result.ts';
import { rocCurve } from './metrics.ts';
import { histogramSvg, type NamedCurve, reliabilitySvg, rocSvg } from './plots.ts';
import { resultsBySet, scoredItems } from './summarise.ts';

/** Writes summary.json, items.csv, roc.svg, reliability.svg and histogram.svg, each completely or not at all; throws write-failed. */
export async function writeResults(
	folder: string,
	summary: EvalSummary,
	results: readonly ItemResult[],
): Promise<string[]> {
	const scored = scoredItems(results);
	const probabilities = (fake: boolean) => scored.filter((item) => item.fake === fake).map((item) => item.probability);
	const files: Record<string, string> = {
		'summary.json': `${JSON.stringify(summary, null, '\t')}\n`,
		'items.csv': formatItems(results),
		'roc.svg': rocSvg(curvesOf(summary, results)),
		'reliability.svg': reliabilitySvg(reliabilityBins(scored)),
		'histogram.svg': histogramSvg(probabilities(false), probabilities(true)),
	};
	await mkdir(folder, { recursive: true }).catch(asWriteFailed(folder));
	for (const [name, text] of Object.entries(files)) {
		const file = join(folder, name);
		await writeWhole(file, text).catch(asWriteFailed(file));
	}
	return Object.keys(files);
}

function curvesOf({ all, sets }: EvalSummary, results: readonly ItemResult[]): NamedCurve[] {
	const curve = (name: string, auc: number | null, own: readonly ItemResult[]): NamedCurve[] => {
		const points = rocCurve(scoredItems(own));
		return points && auc !== null ? [{ name, points, auc }] : [];
	};
	const bySet = new Map(resultsBySet(results));
	return [...curve('all', all.auc, results), ...sets.flatMap(({ set, auc }) => curve(set, auc, bySet.get(set) ?? []))];
}
