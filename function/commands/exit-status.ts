import { errorTable } from '../errors.ts';

/** The highest exit status of the table among codes of failures; 0 without any. */
export function exitStatusOf(codes: readonly string[]): number {
	const exits = codes.map((code) =>
		code in errorTable ? errorTable[code as keyof typeof errorTable].exit : errorTable.internal.exit,
	);
	return exits.reduce<number>((highest, exit) => Math.max(highest, exit), 0);
}
