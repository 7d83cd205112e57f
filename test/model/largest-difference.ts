/** Largest absolute difference between two lists; Infinity if their lengths differ or a value is not a number. */
export function largestDifference(a: readonly number[], b: readonly number[]): number {
	if (a.length !== b.length) return Number.POSITIVE_INFINITY;
	const differences = a.map((value, i) => Math.abs(value - (b[i] as number)));
	return differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : Math.max(0, ...differences);
}
