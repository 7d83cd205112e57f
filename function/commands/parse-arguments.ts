import { parseArgs } from 'node:util';
import { type Plan, planSchema, type Tier, tierSchema } from '../contract/plan.ts';
import { usageError } from '../errors.ts';

/** Options of a command, as node:util parseArgs takes them; `-h, --help` is always there. */
export type OptionsSpec = Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string }>;

/** What a command takes: its options and how many positionals (`what` names one of them for people, as in `FILE`). */
export type ArgumentsSpec<O extends OptionsSpec> = {
	readonly options: O;
	readonly positionals: { readonly min: number; readonly max: number; readonly what: string };
};

type Values<O extends OptionsSpec> = {
	-readonly [K in keyof O]?: (O[K]['type'] extends 'boolean' ? boolean : string) | undefined;
};

/** Arguments as typed values; with `-h` or `--help` among them `help` is true and nothing about positionals is checked. Throws AnalysisError `usage` whose `detail` is one sentence. */
export function parseArguments<const O extends OptionsSpec>(
	args: readonly string[],
	spec: ArgumentsSpec<O>,
): { values: Values<O>; positionals: string[]; help: boolean } {
	const options: OptionsSpec = { ...spec.options, help: { type: 'boolean', short: 'h' } };
	const parsed = parseStrictly([...args], options);
	const help = parsed.values.help === true;
	for (const [name, value] of Object.entries(parsed.values))
		if (value === '') throw usageError(`--${name} needs a value.`);
	if (!help) checkPositionals(parsed.positionals, spec.positionals);
	return { values: parsed.values as Values<O>, positionals: parsed.positionals, help };
}

/** The number that an option was given, finite and within min..max (inclusive; max Infinity = no limit); throws `usage` with a sentence that names the option. */
export function parseNumber(
	option: string,
	text: string,
	{ min, max, integer = false }: { min: number; max: number; integer?: boolean },
): number {
	const value = text.trim() === '' ? Number.NaN : Number(text);
	const valid = Number.isFinite(value) && value >= min && value <= max && (!integer || Number.isInteger(value));
	if (valid) return value;
	const bound = max === Number.POSITIVE_INFINITY ? `${min} or more` : `${min} to ${max}`;
	throw usageError(`--${option} takes ${integer ? 'a whole number' : 'a number'}, ${bound}, not ${quote(text)}.`);
}

/** One of the words that an option knows; throws `usage` with a sentence that lists them. */
export function parseChoice<const C extends readonly string[]>(option: string, text: string, choices: C): C[number] {
	if (choices.includes(text)) return text;
	throw usageError(`--${option} is ${choices.join(' or ')}, not ${quote(text)}.`);
}

/** The options that make a plan; spread them into the spec of a command and give its values to planFromOptions. */
export const planOptions = {
	frames: { type: 'string' },
	mode: { type: 'string' },
	model: { type: 'string' },
	tier: { type: 'string' },
	'max-duration': { type: 'string' },
	'no-heat-maps': { type: 'boolean' },
} as const satisfies OptionsSpec;

/** The plan that the options ask for, the rest by the contract's defaults; throws `usage`. */
export function planFromOptions(
	values: Partial<Record<'frames' | 'mode' | 'model' | 'tier' | 'max-duration', string | undefined>> & {
		'no-heat-maps'?: boolean | undefined;
	},
): Plan {
	const { frames, mode, model, tier, 'max-duration': maxDuration, 'no-heat-maps': noHeatMaps } = values;
	if (model !== undefined && tier !== undefined)
		throw usageError('--model and --tier exclude each other: a tier is one of the program’s own models.');
	return planSchema.parse({
		frames: frames === undefined ? undefined : parseFrames(frames),
		mode: mode === undefined ? undefined : parseChoice('mode', mode, planSchema.shape.mode.unwrap().options),
		model: model ?? null,
		tier: tier === undefined ? null : parseTier(tier),
		heatMaps: noHeatMaps !== true,
		maxDurationS:
			maxDuration === undefined
				? undefined
				: parseNumber('max-duration', maxDuration, { min: 0.001, max: Number.POSITIVE_INFINITY }),
	});
}

/** The tier that an option names; throws `usage`. */
export const parseTier = (text: string): Tier => parseChoice('tier', text, tierSchema.options);

function parseFrames(text: string): number | 'all' {
	if (text === 'all') return 'all';
	if (!/^\d+$/.test(text)) throw usageError(`--frames takes a whole number, 1 to 1000, or all, not ${quote(text)}.`);
	return parseNumber('frames', text, { min: 1, max: 1000, integer: true });
}

function parseStrictly(args: string[], options: OptionsSpec) {
	try {
		return parseArgs({ args, options, strict: true, allowPositionals: true });
	} catch (cause) {
		throw usageError(sentenceOf(cause, Object.keys(options)), { cause });
	}
}

/** One sentence for what parseArgs threw (its codes: nodejs.org/api/errors.html, ERR_PARSE_ARGS_*). */
function sentenceOf(thrown: unknown, known: readonly string[]): string {
	const { code, message } = thrown as { code?: string; message: string };
	const option = /--?[\w-]+(?=[ ',=])/.exec(message)?.[0] ?? /--?[^\s']+/.exec(message)?.[0];
	if (option === undefined) return message;
	if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
		const near = nearest(option.replace(/^-+/, ''), known);
		return `There is no option ${option}${near ? `; did you mean --${near}?` : '.'}`;
	}
	const name = /--[\w-]+/.exec(message)?.[0] ?? option;
	if (/does not take an argument/.test(message)) return `${name} takes no value.`;
	if (/ambiguous/.test(message)) return `${name} needs a value; one that starts with a dash is written ${name}=VALUE.`;
	return `${name} needs a value.`;
}

function checkPositionals(found: readonly string[], { min, max, what }: ArgumentsSpec<OptionsSpec>['positionals']) {
	if (found.length < min)
		throw usageError(min === 1 ? `${what} is missing.` : `${min} of ${what} are needed, ${found.length} given.`);
	const extra = found[max];
	if (extra === undefined) return;
	throw usageError(
		max === 0
			? `${quote(extra)} is one argument too many; none is taken.`
			: `${quote(extra)} is one argument too many; ${what} is all that is taken.`,
	);
}

const quote = (text: string) => `'${text}'`;

/** The known name within two edits (or of which this is the beginning), if there is one. */
function nearest(name: string, known: readonly string[]): string | undefined {
	const distances = known.map((option) => ({
		option,
		distance: option.startsWith(name) ? 1 : editDistance(name, option),
	}));
	const [best] = distances.sort((a, b) => a.distance - b.distance);
	return best && best.distance <= 2 && name.length > 1 ? best.option : undefined;
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
	let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
			current.push(Math.min(substituted, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
		}
		previous = current;
	}
	return previous[b.length] ?? 0;
}
