/** One measured figure with its aim. */
export type Figure = {
	readonly what: string;
	readonly measured: number;
	readonly atMost?: number;
	readonly atLeast?: number;
	readonly met: boolean;
	/** Further numbers, by name. */
	readonly [detail: string]: unknown;
};

/** The aim of a figure; without either, the figure is for information. */
export type Aim = { readonly atMost?: number; readonly atLeast?: number };

/** A figure with its aim; NaN misses every aim. */
export function figure(what: string, measured: number, aim: Aim, details: object = {}): Figure {
	const { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY } = aim;
	return { what, measured, ...aim, met: measured <= atMost && measured >= atLeast, ...details };
}

/** One line of the table: what, measured, aim, and whether it was missed. */
export function rowOf({ what, measured, atMost, atLeast, met, ...details }: Figure): string {
	const bound = [atMost !== undefined && `at most ${atMost}`, atLeast !== undefined && `at least ${atLeast}`];
	const aim = bound.filter(Boolean).join(', ');
	const more = Object.entries(details).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
	const row = `${what.padEnd(66)} ${String(measured).padStart(8)}  ${aim.padEnd(14)} ${met ? '' : 'MISSED'}`.trimEnd();
	return more.length > 0 ? `${row}\n    ${more.join(', ')}` : row;
}

export const note = (text: string) => process.stderr.write(`${text}\n`);

/** The middle value, or the upper of the two middle values if their number is even. */
export const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

export const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value that `share` (0..1) of the values do not exceed. */
export const quantile = (values: readonly number[], share: number) =>
	values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)] as number;

export const round = (value: number, digits = 2) => Number(value.toFixed(digits));

/** Wall-clock seconds of some work. */
export async function seconds(work: () => unknown): Promise<number> {
	const start = performance.now();
	await work();
	return (performance.now() - start) / 1000;
}
