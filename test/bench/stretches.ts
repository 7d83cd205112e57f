import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Report, reportSchema } from '../../function/contract/report.ts';
import { rateOf } from '../../function/eval/metrics.ts';
import { logOdds, quantile } from '../../function/statistics.ts';
import { contrastOf } from '../../function/verdict/stretches.ts';

/**
 * `npm run stretches -- OUT [--source REGEX]`: how far stretches of genuine clips stand out from the rest of them, and in how many clips the
 * program found one. OUT is what `unmask batch GENUINE --out OUT` wrote; the first group of REGEX in a file's name is its source. The
 * contrast that `models/manifest.json` asks for has to lie above what all but a few sources reach.
 */
const { positionals, values } = parseArgs({ allowPositionals: true, options: { source: { type: 'string' } } });
const [out] = positionals;
if (!out) throw new Error('npm run stretches -- OUT [--source REGEX]');
/** What the rule asks for beyond the widest contrast of a genuine source, logits. */
const margin = 0.15;
const source = new RegExp(values.source ?? '^(.*)$');

const reports = readdirSync(join(out, 'reports')).map((name) => {
	const parsed: unknown = JSON.parse(readFileSync(join(out, 'reports', name), 'utf8'));
	return reportSchema.safeParse((parsed as { report?: unknown }).report ?? parsed);
});
const clips = reports.flatMap(({ data }) => (data && data.video.kind === 'video' ? [clipOf(data)] : []));
console.log(`${clips.length} clips with a judged face, of ${reports.length} results`);

/** The widest contrast of a clip, whether a stretch was found, and whose it is. */
function clipOf({ fileName, tracks, thresholds, calibration, verdict }: Report) {
	const scale = calibration ?? { temperature: 1, offset: 0 };
	const above = logOdds(thresholds.likelyFakeAbove) * scale.temperature + scale.offset;
	const contrasts = tracks.map(({ faces }) =>
		contrastOf(
			faces.filter((face) => face.excluded === null).map((face) => face.logit),
			above,
		),
	);
	return {
		source: source.exec(fileName)?.[1] ?? fileName,
		contrast: Math.max(0, ...contrasts.map((contrast) => contrast ?? 0)),
		isFound: verdict.segments.length > 0,
		isFake: verdict.outcome === 'likely-fake',
	};
}

const sources = [...new Set(clips.map((clip) => clip.source))].map((name) =>
	clips.filter((clip) => clip.source === name),
);
const widest = Float64Array.from(sources.map((of) => Math.max(...of.map((clip) => clip.contrast)))).sort();
const share = (label: string, count: number, n: number) => {
	const { rate, interval } = rateOf(count, n);
	const percent = (value: number | undefined) => (100 * (value ?? Number.NaN)).toFixed(1);
	console.log(
		`${label}: ${count} of ${n}, ${percent(rate ?? 0)} % [${percent(interval?.[0])}, ${percent(interval?.[1])}]`,
	);
};
share('clips with a false stretch', clips.filter((clip) => clip.isFound).length, clips.length);
share('clips called likely fake', clips.filter((clip) => clip.isFake).length, clips.length);
share('sources with a false stretch', sources.filter((of) => of.some((clip) => clip.isFound)).length, sources.length);
console.log(`widest contrast of a source (n ${sources.length}), logits:`);
for (const q of [0.5, 0.9, 0.95, 0.98, 1]) console.log(`  quantile ${q}: ${quantile(widest, q).toFixed(2)}`);
for (const clip of clips.filter(({ isFound }) => isFound))
	console.log(`  found in ${clip.source}: ${clip.contrast.toFixed(2)}`);

// each source judged by what the others reach: the error rate that may be stated
const beyond = clips.filter((clip) => {
	const others = clips.filter((other) => other.source !== clip.source).map((other) => other.contrast);
	return clip.contrast > Math.max(...others) + margin;
});
share(`clips beyond what all other sources reach by more than ${margin}`, beyond.length, clips.length);
