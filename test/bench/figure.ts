/** One measured figure with what it aims at. */
export type Figure = {
	readonly what: string;
	readonly measured: number;
	readonly atMost?: number;
	readonly atLeast?: number;
	readonly met: boolean;
	/** Numbers behind it. */
	readonly [detail: string]: unknown;
};

/** A bound on a figure; none = for information. */
export type Aim = { readonly atMost?: number; readonly atLeast?: number };

/** A figure with its aim; not a number misses every aim. */
export function figure(what: string, measured: number, aim: Aim, details: object = {}): Figure {
	const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = aim;
	return { what, measured, ...aim, met: measured <= atMost && measured >= atLeast, ...details };
}

/** One line of a table: what, measured, aim, and whether it was missed. */
export function rowOf({ what, measured, atMost, atLeast, met, ...details }: Figure): string {
	const bound = [atMost !== undefined && `at most ${atMost}`, atLeast !== undefined && `at least ${atLeast}`];
	const aim = bound.filter(Boolean).join(', ');
	const more = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
	const row = `${what.padEnd(66)} ${String(measured).padStart(8)}  ${aim.padEnd(14)} ${met ? '' : 'MISSED'}`.trimEnd();
	return more.length > 0 ? `${row}\n    ${more.join(', ')}` : row;
}

export const note = (text: string) => process.stderr.write(`${text}\n`);

/** Of an odd number of values the middle one, of an even number the upper of the two. */
export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value that `share` (0..1) of the values do not exceed. */
export const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] as number;

export const round = (value: number, digits = 2) => Number(value.toFixed(digits));

/** Wall seconds of some work. */
export async function seconds(work: () => unknown): Promise<number> {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1000;
}
