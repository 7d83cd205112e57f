import type { Plan } from '../contract/plan.ts';
import type { Span } from '../contract/report.ts';
import { csvLine } from '../files/csv.ts';
import { type LeftOut, leftOutLines } from '../jobs/media-files.ts';
import type { IntervalNote } from './bootstrap.ts';
import type { ItemResult } from './item-result.ts';
import type { Rate } from './metrics.ts';
import type { StretchMeasures } from './stretches.ts';
import type { Measures } from './summarise.ts';

/** The complete result of an evaluation, as printed by `--json` and stored in `summary.json`; the same run gives the same bytes. */
export type EvalSummary = {
	readonly schema: 'unmask-eval/1';
	readonly tool: { readonly name: 'unmask'; readonly version: string };
	/** The folder or list as given on the command line. */
	readonly input: string;
	readonly plan: Plan;
	readonly models: readonly { readonly id: string; readonly kind: string; readonly sha256: string }[];
	readonly provider: string;
	readonly bootstrap: { readonly replicates: number; readonly seed: number };
	/** Files in a folder that were left out: outside of real/ and fake/, or neither video nor picture; and the first few with the reason. */
	readonly leftOut: { readonly unlabelled: number; readonly notMedia: number; readonly files: readonly LeftOut[] };
	readonly all: Measures;
	/** Empty if there is only one set. */
	readonly sets: readonly (Measures & { readonly set: string })[];
	readonly failures: readonly { readonly path: string; readonly code: string; readonly message: string }[];
};

/** The table for people: aligned plain text, one block for everything and one per set. */
export function formatSummary(summary: EvalSummary): string {
	const { all, sets, leftOut, failures } = summary;
	const blocks = [formatBlock(sets.length > 0 ? 'All sets' : summary.input, all)];
	for (const set of sets) blocks.push(formatBlock(`Set ${set.set}`, set));
	const notes = [
		'Intervals are 95 %: of the AUC by bootstrap over groups (whole clips), of shares by Wilson as if items were independent.',
		leftOut.files.length > 0 && leftOutText(leftOut),
		failures.length > 0 && `Failed:\n${listFailures(failures)}`,
	];
	return `${[...blocks, notes.filter(Boolean).join('\n')].join('\n\n')}\n`;
}

/** The per-file table as CSV, in the order of the list. */
export function formatItems(results: readonly ItemResult[]): string {
	const head =
		'path,label,group,set,status,outcome,reasons,fake_probability,faces_found,frames_sampled,tracks,error,message,kind,logit,segments,stretches';
	const rows = results.map((result) =>
		csvLine([
			result.path,
			result.label,
			result.group,
			result.set,
			result.status,
			result.outcome,
			result.reasons.join(' '),
			result.fakeProbability,
			result.facesFound,
			result.framesSampled,
			result.tracks,
			result.error?.code ?? null,
			result.error?.message ?? null,
			result.kind,
			result.logit,
			spansText(result.segments ?? []),
			spansText(result.stretches),
		]),
	);
	return `${[head, ...rows].join('\n')}\n`;
}

type Row = readonly [name: string, value: string, interval: string, remark: string];

function formatBlock(title: string, measures: Measures): string {
	const { items, real, fake, groups } = measures;
	const head = `${title}: ${items} ${items === 1 ? 'item' : 'items'}, ${real} real, ${fake} fake, ${groups} ${groups === 1 ? 'group' : 'groups'}`;
	return [
		head,
		...align([...countRows(measures), ...rankingRows(measures), ...verdictRows(measures), ...stretchRows(measures)]),
	].join('\n');
}

function countRows(m: Measures): Row[] {
	const rows: Row[] = [
		['scored', `${m.scoredReal + m.scoredFake}`, '', `${m.scoredReal} real, ${m.scoredFake} fake`],
		['without a score', `${m.unscored}`, '', `${m.notApplicable} not applicable; in no measure of ranking`],
		['failed', `${m.failed}`, '', 'could not be analysed'],
		rateRow('face found', m.faceFound, 'analysed'),
	];
	return rows.filter(([name]) => name !== 'without a score' || m.unscored > 0);
}

function rankingRows(m: Measures): Row[] {
	if (m.auc === null) return [['AUC, TPR, EER', '-', '', whyNoRanking(m)], ...probabilityRows(m)];
	const { interval, groups, note } = m.aucInterval;
	const points = (m.tprAtFpr ?? []).map(({ maxFpr, fpr, tpr }): Row => {
		const tooFew = m.scoredReal * maxFpr < 1;
		const remark = tooFew ? `only ${m.scoredReal} reals: too few for one false positive` : `actual FPR ${percent(fpr)}`;
		return [`TPR at ${maxFpr * 100} % FPR`, percent(tpr), '', remark];
	});
	return [
		[
			'AUC',
			m.auc.toFixed(3),
			interval ? range(interval, (x) => x.toFixed(3)) : '',
			note ? noteTexts[note] : `over ${groups} groups`,
		],
		...points,
		['EER', percent(m.equalErrorRate), '', ''],
		...probabilityRows(m),
	];
}

function probabilityRows(m: Measures): Row[] {
	return [
		['log loss', decimal(m.logLoss), '', 'a coin flip scores 0.693'],
		['Brier score', decimal(m.brierScore), '', 'a coin flip scores 0.250'],
		['ECE', decimal(m.calibrationError), '', '15 bins'],
	];
}

function verdictRows(m: Measures): Row[] {
	return [
		rateRow('coverage', m.coverage, 'called real or fake'),
		rateRow('accuracy of those', m.accuracy, 'right'),
		rateRow('false alarms', m.falseAlarms, 'reals called fake'),
		rateRow('misses', m.misses, 'fakes called real'),
	];
}

function stretchRows({ stretches }: Measures): Row[] {
	if (!stretches) return [];
	const { videos, stretches: n, meanIou, averagePrecision, byLength, byLengthWhereWholeIsFound } = stretches;
	const lengths = (rows: StretchMeasures['byLength'], remark: string) =>
		rows.flatMap(({ uptoS, found, withinASecond }): Row[] => [
			rateRow(`found, ${lengthText(uptoS)}`, found, remark),
			rateRow('  times within 1 s', withinASecond, ''),
		]);
	return [
		['temporal IoU', decimal(meanIou), '', `mean over ${videos} videos with ${n} manipulated stretches`],
		...averagePrecision.map(
			({ iou, value }): Row => [`AP at IoU ${iou}`, decimal(value), '', 'of all stretches found'],
		),
		...lengths(byLength, ''),
		...lengths(byLengthWhereWholeIsFound ?? [], 'whose whole clip is called fake, genuine footage not'),
	];
}

const lengthText = (uptoS: number | null) => (uptoS === null ? 'longer' : `up to ${uptoS} s`);
const spansText = (spans: readonly Span[]) =>
	spans.map(({ startS, endS }) => `${seconds(startS)}-${seconds(endS)}`).join(';');
const seconds = (value: number) => String(Math.round(value * 100) / 100);

function whyNoRanking({ scoredReal, scoredFake }: Measures): string {
	if (scoredReal + scoredFake === 0) return 'nothing was scored';
	return `needs both classes, and no ${scoredReal === 0 ? 'real' : 'fake'} was scored`;
}

const noteTexts: Record<IntervalNote, string> = {
	'one-class': '',
	'one-group': 'no interval: a class has one group only',
	'few-groups': 'a class has fewer than 10 groups: the interval is rough',
	'perfect-separation': 'no interval: every score of one class is above the other, so every draw gives the same AUC',
};

function rateRow(name: string, { rate, count, n, interval }: Rate, what: string): Row {
	return [
		name,
		percent(rate),
		interval ? range(interval, (x) => (100 * x).toFixed(1)) : '',
		`${count} of ${n} ${what}`,
	];
}

function align(rows: readonly Row[]): string[] {
	const width = (column: 0 | 1 | 2) => Math.max(...rows.map((row) => row[column].length));
	const [names, values, intervals] = [width(0), width(1), width(2)];
	return rows.map(([name, value, interval, remark]) =>
		`  ${name.padEnd(names)}  ${value.padStart(values)}  ${interval.padEnd(intervals)}  ${remark}`.trimEnd(),
	);
}

function leftOutText({ unlabelled, notMedia, files: first }: EvalSummary['leftOut']): string {
	const count = unlabelled + notMedia;
	return [`Left out, ${files(count)}:`, ...leftOutLines({ count, first }).map((line) => `  ${line}`)].join('\n');
}

const listedFailures = 20;

function listFailures(failures: EvalSummary['failures']): string {
	const lines = failures.slice(0, listedFailures).map(({ path, message, code }) => `  ${path}: ${message} [${code}]`);
	const more = failures.length - lines.length;
	return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}

const decimal = (value: number | null) => (value === null ? '-' : value.toFixed(3));
const percent = (share: number | null) => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);
const range = ([low, high]: readonly [number, number], text: (x: number) => string) => `[${text(low)}, ${text(high)}]`;
const files = (n: number) => `${n} ${n === 1 ? 'file' : 'files'}`;
