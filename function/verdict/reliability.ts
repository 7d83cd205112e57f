/** A labelled probability of being fake, 0..1. */
export type Judged = { readonly fake: boolean; readonly probability: number };

/** One bin of a reliability diagram: items with a probability from `from` to `to`. */
export type ReliabilityBin = {
	readonly from: number;
	readonly to: number;
	readonly n: number;
	readonly fakes: number;
	/** Mean probability of the bin's items; null if it is empty. */
	readonly meanProbability: number | null;
};

/** Bins of equal width over 0..1. A probability on a border belongs to the bin above, and 1 to the last bin. */
export function reliabilityBins(items: readonly Judged[], bins = 15): ReliabilityBin[] {
	const sums = Array.from({ length: bins }, () => ({ n: 0, fakes: 0, total: 0 }));
	for (const { fake, probability } of items) {
		const bin = sums[Math.min(bins - 1, Math.floor(probability * bins))];
		if (!bin) continue;
		bin.n++;
		bin.fakes += fake ? 1 : 0;
		bin.total += probability;
	}
	return sums.map(({ n, fakes, total }, i) => ({
		from: i / bins,
		to: (i + 1) / bins,
		n,
		fakes,
		meanProbability: n > 0 ? total / n : null,
	}));
}
