import { availableParallelism } from 'node:os';
import { Option } from '@commander-js/extra-typings';
import { type Plan, planSchema, tierSchema } from '../contract/plan.ts';
import { usageError } from '../errors.ts';

/** Options shared by several commands. */

const defaults = planSchema.parse({});

export const framesOption = new Option(
	'--frames <n|all>',
	'frames to sample over the whole clip: 1 to 1000, or all (5 per second)',
)
	.argParser(parseFrames)
	.default(defaults.frames);
export const refineOption = new Option(
	'--refine <n|auto|none>',
	'frames that a second pass may add where the first is in doubt: 1 to 1000, auto (as many as the first) or none',
)
	.argParser((text) =>
		text === 'auto' || text === 'none' ? text : parseNumber('refine', text, { min: 1, max: 1000, integer: true }),
	)
	.default(defaults.refine);
export const fromOption = new Option('--from <seconds>', 'analyse only a part of the file, starting here').argParser(
	(text) => parseNumber('from', text, { min: 0, max: Number.POSITIVE_INFINITY }),
);
export const toOption = new Option('--to <seconds>', 'where the part ends').argParser((text) =>
	parseNumber('to', text, { min: 0, max: Number.POSITIVE_INFINITY }),
);
export const stabilityOption = new Option(
	'--stability',
	'analyse a few seconds again after re-encoding, halving the size and blurring, and report whether the verdict survives',
);
export const modeOption = new Option(
	'--mode <mode>',
	'first: the first N frames only; seed, trained, robust: legacy modes, for an imported legacy model',
)
	.choices(planSchema.shape.mode.unwrap().options)
	.default(defaults.mode);
export const tierOption = new Option(
	'--tier <tier>',
	'shipped classifier (default: thorough on a GPU if installed, else fast)',
)
	.choices(tierSchema.options)
	.conflicts('model');
export const modelOption = new Option('--model <name>', 'classifier listed by unmask models, instead of a tier');
export const maxDurationOption = new Option('--max-duration <seconds>', 'refuse longer videos')
	.argParser((text) => parseNumber('max-duration', text, { min: 0.001, max: Number.POSITIVE_INFINITY }))
	.default(defaults.maxDurationS);
export const noHeatMapsOption = new Option('--no-heat-maps', 'leave out heat maps');
export const providerOption = new Option(
	'--provider <provider>',
	'where models run (default: UNMASK_PROVIDER, or auto)',
).choices(['auto', 'cpu', 'cuda'] as const);
/** Files analysed concurrently: each keeps about two cores busy, and more than 8 would wait for the two threads that run models. */
export const jobsOption = new Option('--jobs <n>', 'files to analyse concurrently, 1 to 64')
	.argParser((text) => parseNumber('jobs', text, { min: 1, max: 64, integer: true }))
	.default(Math.min(8, Math.max(1, Math.floor(availableParallelism() / 2))), 'half of the cores, at most 8');
export const quietOption = new Option('--quiet', 'do not show progress');
export const jsonOption = (description: string) => new Option('--json', description);

/** The values of the options that define a plan. */
export type PlanValues = {
	readonly frames?: Plan['frames'];
	readonly refine?: Plan['refine'];
	readonly mode?: Plan['mode'];
	readonly model?: string | undefined;
	readonly tier?: Plan['tier'] | undefined;
	readonly maxDuration?: number;
	readonly heatMaps?: boolean;
	readonly from?: number | undefined;
	readonly to?: number | undefined;
	readonly stability?: true | undefined;
};

/** The plan that the options define; the rest are the contract's defaults. */
export function planFromOptions(values: PlanValues): Plan {
	const { frames, refine, mode, model, tier, maxDuration, heatMaps, stability, from = null, to = null } = values;
	if (to !== null && to <= (from ?? 0)) throw usageError(`--to must be later than --from, not ${to}.`);
	return planSchema.parse({
		frames,
		refine,
		mode,
		model: model ?? null,
		tier: tier ?? null,
		heatMaps,
		stability,
		maxDurationS: maxDuration,
		fromS: from,
		toS: to,
	});
}

/** Parses an option's number: finite and within min..max (inclusive; max Infinity = no limit). Throws `usage` with a sentence that names the option. */
export function parseNumber(
	option: string,
	text: string,
	{ min, max, integer = false }: { min: number; max: number; integer?: boolean },
): number {
	const value = text.trim() === '' ? Number.NaN : Number(text);
	const valid = Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
	if (valid) return value;
	const range = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
	throw usageError(`--${option} takes ${integer ? 'a whole number' : 'a number'}, ${range}, not '${text}'.`);
}

function parseFrames(text: string): number | 'all' {
	if (text === 'all') return 'all';
	if (!/^\d+$/.test(text)) throw usageError(`--frames takes a whole number, 1 to 1000, or all, not '${text}'.`);
	return parseNumber('frames', text, { min: 1, max: 1000, integer: true });
}
