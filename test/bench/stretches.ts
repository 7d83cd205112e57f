import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Report, reportSchema } from '../../function/contract/report.ts';
import { rateOf } from '../../function/eval/metrics.ts';
import { logOdds, quantile } from '../../function/statistics.ts';
import { countedLogit } from '../../function/verdict/counted-logit.ts';
import { clarityOf, contrastOf, shortestStretch } from '../../function/verdict/stretches.ts';
import { trimmedMean } from '../../function/verdict/trimmed-mean.ts';

/**
 * `npm run stretches -- OUT [--source REGEX]`: prints how far stretches of genuine clips stand out from the rest, how clearly they begin and end, and
 * in how many clips the program found one. OUT is the output of `unmask batch GENUINE --out OUT`; the first group of REGEX in a file's name is its
 * source. The contrast and the clarity in `models/manifest.json` have to be above the values of all but a few sources.
 */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { source: { type: 'string' } } });
const [out] = positionals;
if (!out) throw new Error('npm run stretches -- OUT [--source REGEX]');
/** Margins of the rule, logits: above the largest contrast of a genuine source, and below the threshold, where a part counts as if it lay above it. */
const margin = 0.15;
/** Margin above the highest clarity. */
const clarityMargin = 0.05;
/** Share of the clips of a new source that may lie above the threshold for whole videos, on average over sources (docs/decisions/058). */
const alarms = 0.05;
/** Mean of a clip in which nobody is judged, logits. */
const leastMean = -20;
const source = new RegExp(values.source ?? '^(.*)$');

const reports = readdirSync(join(out, 'reports')).map((name) => {
	const parsed: unknown = JSON.parse(readFileSync(join(out, 'reports', name), 'utf8'));
	return reportSchema.safeParse((parsed as { report?: unknown }).report ?? parsed);
});
const clips = reports.flatMap(({ data }) => (data && data.video.kind === 'video' ? [clipOf(data)] : []));
console.log(`${clips.length} clips with a judged face, of ${reports.length} results`);

/** The largest contrast and clarity of a clip, its mean and its source, and whether a stretch was found. */
function clipOf({ fileName, tracks, thresholds, calibration, verdict }: Report) {
	const scale = calibration ?? { temperature: 1, offset: 0 };
	const above = logOdds(thresholds.likelyFakeAbove) * scale.temperature + scale.offset;
	const series = tracks.map(({ faces }) => faces.filter((face) => face.excluded === null).map(countedLogit));
	const widest = (of: (scores: readonly number[], above: number) => number | null) =>
		Math.max(0, ...series.map((scores) => of(scores, above - margin) ?? 0));
	return {
		source: source.exec(fileName)?.[1] ?? fileName,
		contrast: widest(contrastOf),
		clarity: widest(clarityOf),
		mean: Math.max(
			...tracks.map(({ faces }) => {
				// the second pass counts only for stretches
				const scores = faces.filter((face) => face.excluded === null && !face.secondPass).map(countedLogit);
				return scores.length < shortestStretch ? leastMean : (trimmedMean(scores) ?? leastMean);
			}),
		),
		isFound: verdict.segments.length > 0,
		isFake: verdict.outcome === 'likely-fake',
		above,
	};
}

const sources = [...new Set(clips.map((clip) => clip.source))].map((name) =>
	clips.filter((clip) => clip.source === name),
);
const share = (label: string, count: number, n: number) => {
	const { rate, interval } = rateOf(count, n);
	const percent = (value: number | undefined) => (100 * (value ?? Number.NaN)).toFixed(1);
	console.log(
		`${label}: ${count} of ${n}, ${percent(rate ?? 0)} % [${percent(interval?.[0])}, ${percent(interval?.[1])}]`,
	);
};
share('clips with a false stretch', clips.filter((clip) => clip.isFound).length, clips.length);
share('clips called likely fake', clips.filter((clip) => clip.isFake).length, clips.length);
share('... by the mean of the first pass', clips.filter(({ mean, above }) => mean > above).length, clips.length);
const differently = clips.filter(({ mean, above, isFake }) => mean > above !== isFake);
share('... whose verdict stretches and the second pass changed', differently.length, clips.length);
share('sources with a false stretch', sources.filter((of) => of.some((clip) => clip.isFound)).length, sources.length);
for (const what of ['contrast', 'clarity', 'mean'] as const) {
	const widest = Float64Array.from(sources.map((of) => Math.max(...of.map((clip) => clip[what])))).sort();
	console.log(`largest ${what} per source (n ${sources.length}):`);
	for (const q of [0.5, 0.9, 0.95, 0.98]) console.log(`  quantile ${q}: ${quantile(widest, q).toFixed(2)}`);
	console.log(`  highest: ${[...widest.slice(-6)].map((value) => value.toFixed(2)).join(', ')}`);
}
for (const clip of clips.filter(({ isFound }) => isFound))
	console.log(`  found in ${clip.source}: contrast ${clip.contrast.toFixed(2)}, clarity ${clip.clarity.toFixed(2)}`);

// each source is compared with the others: this is the error rate that may be stated
const beyond = clips.filter((clip) => {
	const others = clips.filter((other) => other.source !== clip.source);
	const most = (what: 'contrast' | 'clarity') => Math.max(...others.map((other) => other[what]));
	return clip.contrast > most('contrast') + margin || clip.clarity > most('clarity') + clarityMargin;
});
share(
	`clips above all other sources by more than ${margin} in contrast or ${clarityMargin} in clarity`,
	beyond.length,
	clips.length,
);
/** Number of sources that may lie above; the source to come counts as if it did. */
const sourcesAbove = Math.floor(alarms * (sources.length + 1));
const aboveOthers = clips.filter((clip) => {
	const others = sources.filter(([one]) => one?.source !== clip.source);
	const means = others.map((of) => Math.max(...of.map(({ mean }) => mean))).sort((a, b) => b - a);
	return clip.mean > (means[sourcesAbove] ?? Number.POSITIVE_INFINITY);
});
share(
	`clips above the threshold that the other sources set (${sourcesAbove} of them may lie above it)`,
	aboveOthers.length,
	clips.length,
);
