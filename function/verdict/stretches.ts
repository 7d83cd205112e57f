/** From index `from` up to, but not including, `to` of a chronological series. */
export type Stretch = { readonly from: number; readonly to: number };

/** What makes a part of a series a stretch. All values are set on genuine clips (`npm run stretches`). */
export type StretchRule = {
	/** The stretch's mean, less its allowance for chance, lies above this, in logits: the threshold of whole videos. */
	readonly above: number;
	/** ... and it lies above the calmest part of the series by more than this, in logits; or */
	readonly contrast: number;
	/** it begins and ends at least this clearly, 0..1; null or undefined = clarity is not used. */
	readonly clarity?: number | null | undefined;
};

/** Shortest stretch, in scores: the fewest faces that give a person an answer. */
export const shortestStretch = 4;

/**
 * By how much the mean of `n` scores may exceed its level by chance: one window is picked out of many, and short ones scatter most. In logits;
 * the scores of one genuine clip scatter by about 1 around their mean.
 */
const allowance = (n: number) => 1 / Math.sqrt(n);

/** Series up to this long are searched exhaustively; in longer ones the window length grows by an eighth each time. */
const exhaustive = 400;

/**
 * The parts of a series of logits that stand out as manipulated from the rest, in order and not touching: a scan over all windows from
 * four scores to all but four. The reference is the series' own calmest part. A source whose genuine scores are high throughout therefore has
 * no stretches, and adding genuine footage never hides one. A lower contrast is enough if the part begins and ends as abruptly as an edit.
 * Empty if nothing stands out.
 */
export function findStretches(scores: readonly number[], rule: StretchRule): Stretch[] {
	const logits = cap(scores, rule.above + rule.contrast);
	const calm = scan(logits.map((logit) => -logit));
	if (!calm) return [];
	return within(logits, 0, logits.length, rule, -calm.level);
}

/** How far a series' highest window lies above its calmest one, in logits; null if the series is too short for two. This statistic is calibrated. */
export function contrastOf(scores: readonly number[], above: number): number | null {
	const logits = cap(scores, above + maxContrast);
	const calm = scan(logits.map((logit) => -logit));
	const high = scan(logits);
	return calm && high && high.level > above ? high.level + calm.level : null;
}

/** How clearly a series' highest window begins and ends, 0..1; null if it does not lie above `above` or the series is too short. Calibrated like the contrast. */
export function clarityOf(scores: readonly number[], above: number): number | null {
	const logits = cap(scores, above + maxContrast);
	const calm = scan(logits.map((logit) => -logit));
	const high = scan(logits);
	if (!calm || !high || high.level <= above) return null;
	return clarity(logits, grow(logits, high, 0, logits.length, -calm.level));
}

/** Caps each score: a single extreme frame is not a stretch. */
const cap = (scores: readonly number[], most: number) => scores.map((score) => Math.min(score, most));
/** The largest contrast that a rule may ask for, in logits. */
const maxContrast = 6;

function within(logits: readonly number[], from: number, to: number, rule: StretchRule, floor: number): Stretch[] {
	const found = scan(logits.slice(from, to), to - from === logits.length);
	if (!found || found.level <= rule.above) return [];
	const core = { from: from + found.from, to: from + found.to };
	const stretch = grow(logits, core, from, to, floor);
	const standsOut = found.level > floor + rule.contrast || clarity(logits, stretch) > (rule.clarity ?? 1);
	if (!standsOut) return [];
	return [
		...within(logits, from, Math.max(from, stretch.from - 1), rule, floor),
		stretch,
		...within(logits, Math.min(to, stretch.to + 1), to, rule, floor),
	];
}

/** Fewer scores than this can begin and end clearly by chance: one gesture in a genuine clip. */
const minClear = 8;
/** Fewest scores that clarity is measured on, including the stretch itself. */
const minMeasured = 38;
/** Most scores on either side of a stretch that are considered. */
const maxAround = 90;
/** Smallest difference between a stretch and its surroundings that can count as clear, in logits. */
const minStep = 2;

/**
 * How clearly a stretch begins and ends: the share of the total scatter of stretch and surroundings that one step up and one step down explain.
 * The most favourable surroundings are used, so added footage cannot lower the result. An edit is a step between two levels; a genuine person
 * in front of the camera moves the scores up and down all the time.
 */
function clarity(logits: readonly number[], { from, to }: Stretch): number {
	const inside = to - from;
	if (inside < minClear) return 0;
	const [first, last] = [Math.max(0, from - maxAround), Math.min(logits.length, to + maxAround)];
	const sums = [0];
	const squares = [0];
	for (let i = first; i < last; i++) {
		const logit = logits[i] as number;
		sums.push((sums.at(-1) as number) + logit);
		squares.push((squares.at(-1) as number) + logit * logit);
	}
	const between = (of: readonly number[], start: number, end: number) =>
		(of[end - first] as number) - (of[start - first] as number);
	const mean = between(sums, from, to) / inside;
	let best = 0;
	for (let start = first; start <= from; start++)
		for (let end = Math.max(to, start + Math.max(minMeasured, inside + shortestStretch)); end <= last; end++) {
			const around = end - start - inside;
			const sum = between(sums, start, end);
			const step = mean - (sum - mean * inside) / around;
			const scatter = between(squares, start, end) - (sum * sum) / (inside + around);
			const explained = (step * step * inside * around) / (inside + around);
			if (step >= minStep) best = Math.max(best, scatter > 0 ? explained / scatter : 1);
		}
	return best;
}

/** The window with the highest mean less its allowance; null if the series is shorter than two shortest stretches (one, for a part). */
function scan(logits: readonly number[], isWhole = true): (Stretch & { readonly level: number }) | null {
	const n = logits.length;
	const longest = isWhole ? n - shortestStretch : n;
	if (longest < shortestStretch) return null;
	const sums = new Float64Array(n + 1);
	for (let i = 0; i < n; i++) sums[i + 1] = (sums[i] as number) + (logits[i] as number);
	let best = { from: 0, to: 0, level: Number.NEGATIVE_INFINITY };
	for (let length = shortestStretch; length <= longest; length = n <= exhaustive ? length + 1 : longer(length)) {
		for (let from = 0; from + length <= n; from++) {
			const level = ((sums[from + length] as number) - (sums[from] as number)) / length - allowance(length);
			if (level > best.level) best = { from, to: from + length, level };
		}
	}
	return best.to > 0 ? best : null;
}

const longer = (length: number) => Math.max(length + 1, Math.floor(length * 1.125));

/** Extends a stretch from its purest part: each end moves out as far as scores are closer to the stretch than to the floor (maximum sum on either side). */
function grow(logits: readonly number[], core: Stretch, from: number, to: number, floor: number): Stretch {
	const mean = logits.slice(core.from, core.to).reduce((sum, logit) => sum + logit, 0) / (core.to - core.from);
	const middle = (mean + floor) / 2;
	const reach = (start: number, end: number, step: 1 | -1) => {
		let sum = 0;
		let best = { sum: 0, at: start };
		for (let i = start; i !== end; i += step) {
			sum += (logits[step === 1 ? i : i - 1] as number) - middle;
			if (sum > best.sum) best = { sum, at: i + step };
		}
		return best.at;
	};
	return { from: reach(core.from, from, -1), to: reach(core.to, to, 1) };
}
