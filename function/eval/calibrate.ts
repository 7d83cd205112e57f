import { createHash } from 'node:crypto';
import type { ErrorRate, VideoInfo } from '../contract/report.ts';
import { usageError } from '../errors.ts';
import { sigmoid } from '../statistics.ts';
import { type Calibrations, fakeProbabilityFromLogit } from '../verdict/calibration.ts';
import { rateOf } from './metrics.ts';

/** A file with a known label: its logit, its kind, and the clip or person it shows. */
export type CalibrationItem = {
	readonly fake: boolean;
	readonly logit: number;
	readonly group: string;
	readonly kind: VideoInfo['kind'];
};

/** Fewest files per label and kind in each half: with fewer, more than one in ten genuine files of one half score above the highest of the other. */
const minInHalf = 10;
/** Largest share of genuine files above the upper threshold (split conformal: Vovk et al. 2005), and of manipulated files below the lower one. */
const falseAlarms = 0.01;
const misses = 0.05;

type Thresholds = Pick<NonNullable<Calibrations['video']>, 'likelyFakeAbove' | 'likelyRealBelow'>;

/**
 * Fits temperature and offset by log loss with Platt's smoothed targets, sets the thresholds by quantiles of one half of the groups, and measures
 * their error rates on the other half. A kind of file with too few of either label gets no thresholds. Throws `usage` if no kind has enough, or
 * if manipulated files score no higher than genuine ones. The same items give the same calibration.
 */
export function calibrate(items: readonly CalibrationItem[], set: string): Calibrations {
	const halves = halve(items);
	const enough = (kind: VideoInfo['kind']) => halves.every((half) => hasEnough(half, kind));
	if (!enough('image') && !enough('video')) throw usageError(tooFew(items));
	const { temperature, offset } = fitPlatt(halves[0]);
	const of = (kind: VideoInfo['kind']) =>
		enough(kind) ? thresholdsOf(kind, halves, { temperature, offset }, set) : null;
	const [image, video] = [of('image'), of('video')];
	return {
		temperature,
		offset,
		image,
		video,
		source: `${set}: ${items.length} files, one half for the thresholds, the other for their error rates`,
	};
}

/** Two halves of about the same size, made of whole groups and ordered by a digest of the group's name. */
function halve(items: readonly CalibrationItem[]): [CalibrationItem[], CalibrationItem[]] {
	const digest = (text: string) => createHash('sha256').update(text).digest('hex');
	const groups = [...new Set(items.map(({ group }) => group))]
		.map((group) => ({ group, order: digest(group), isFake: items.some((item) => item.group === group && item.fake) }))
		.sort((a, b) => Number(a.isFake) - Number(b.isFake) || a.order.localeCompare(b.order));
	const half = new Map(groups.map(({ group }, i) => [group, i % 2]));
	const part = (which: number) => items.filter(({ group }) => half.get(group) === which);
	return [part(0), part(1)];
}

const hasEnough = (half: readonly CalibrationItem[], kind: VideoInfo['kind']) =>
	[true, false].every((fake) => half.filter((item) => item.kind === kind && item.fake === fake).length >= minInHalf);

/** Logistic regression by Newton's method (Platt 1999, with his targets, so that separable classes stay finite). */
function fitPlatt(items: readonly CalibrationItem[]): { temperature: number; offset: number } {
	const fakes = items.filter(({ fake }) => fake).length;
	const [high, low] = [(fakes + 1) / (fakes + 2), 1 / (items.length - fakes + 2)];
	let [slope, constant] = [0, 0];
	for (let step = 0; step < 100; step++) {
		let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9];
		for (const { logit: x, fake } of items) {
			const p = sigmoid(slope * x + constant);
			const [error, weight] = [p - (fake ? high : low), p * (1 - p)];
			g0 += error;
			g1 += error * x;
			h00 += weight;
			h01 += weight * x;
			h11 += weight * x * x;
		}
		const determinant = h00 * h11 - h01 * h01;
		const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
		// Newton overshoots from a flat start, so a step moves the logit of the farthest item by 1 at most
		const reach = Math.max(...items.map(({ logit }) => Math.abs(d0 + d1 * logit)), 1);
		constant -= d0 / reach;
		slope -= d1 / reach;
		if (Math.abs(d0) + Math.abs(d1) < 1e-10) break;
	}
	if (!(slope > 0))
		throw usageError(
			'This model does not score manipulated files higher than genuine ones, so thresholds would be meaningless. Check the class order in its spec (output.fake).',
		);
	return { temperature: 1 / slope, offset: -constant / slope };
}

function thresholdsOf(
	kind: VideoInfo['kind'],
	[first, second]: readonly [readonly CalibrationItem[], readonly CalibrationItem[]],
	scale: { readonly temperature: number; readonly offset: number },
	set: string,
): NonNullable<Calibrations['video']> {
	const scores = (items: readonly CalibrationItem[], fake: boolean) =>
		items
			.filter((item) => item.kind === kind && item.fake === fake)
			.map(({ logit }) => fakeProbabilityFromLogit(logit, scale))
			.sort((a, b) => a - b);
	const [reals, fakes, otherReals, otherFakes] = [
		scores(first, false),
		scores(first, true),
		scores(second, false),
		scores(second, true),
	];
	const thresholds = chooseThresholds(reals, fakes);
	const { likelyFakeAbove, likelyRealBelow } = thresholds;
	const count = (values: readonly number[], holds: (value: number) => boolean) => values.filter(holds).length;
	return {
		...thresholds,
		falseAlarm: errorRate(
			count(otherReals, (p) => p > likelyFakeAbove),
			otherReals.length,
			set,
		),
		missed: errorRate(
			count(otherFakes, (p) => p < likelyRealBelow),
			otherFakes.length,
			set,
		),
		reference: null,
		stretch: null, // needs clips that are tracked over time, see npm run stretches
	};
}

/** Thresholds from ascending scores. If the classes are so far apart that the thresholds cross, they are swapped, which is the more cautious choice. */
function chooseThresholds(reals: readonly number[], fakes: readonly number[]): Thresholds {
	const upper = reals[Math.min(reals.length, Math.ceil((reals.length + 1) * (1 - falseAlarms))) - 1] as number;
	const lower = fakes[Math.max(1, Math.floor((fakes.length + 1) * misses)) - 1] as number;
	return { likelyFakeAbove: Math.max(upper, lower), likelyRealBelow: Math.min(upper, lower) };
}

function errorRate(count: number, n: number, set: string): ErrorRate {
	const { rate, interval } = rateOf(count, n);
	return { rate: rate ?? 0, n, interval: [...(interval ?? [0, 1])], set: `${set}, the half that set no thresholds` };
}

function tooFew(items: readonly CalibrationItem[]): string {
	const n = (kind: VideoInfo['kind'], fake: boolean) =>
		items.filter((item) => item.kind === kind && item.fake === fake).length;
	return `Calibration needs at least ${2 * minInHalf} genuine and ${2 * minInHalf} manipulated files of one kind, each from a different clip or person. Scored: ${n('video', false)} and ${n('video', true)} videos, ${n('image', false)} and ${n('image', true)} pictures.`;
}
