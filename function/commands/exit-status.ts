import { errorTable } from '../errors.ts';

/** The highest exit status among some error codes; 0 if there are none. */
export function exitStatusOf(codes: readonly string[]): number {
	const exits = codes.map((code) =>
		code in errorTable ? errorTable[code as keyof typeof errorTable].exit : errorTable.internal.exit,
	);
	return exits.reduce<number>((highest, exit) => Math.max(highest, exit), 0);
}
