import { describe, expect, it } from 'vitest';
import {
	parseArguments,
	parseChoice,
	parseNumber,
	planFromOptions,
	planOptions,
} from '../../../function/commands/parse-arguments.ts';
import { AnalysisError } from '../../../function/errors.ts';

const spec = {
	options: { ...planOptions, json: { type: 'boolean' }, out: { type: 'string', short: 'o' } },
	positionals: { min: 1, max: 2, what: 'FILE' },
} as const;

function detailOf(act: () => unknown): string {
	try {
		act();
	} catch (thrown) {
		expect(thrown).toBeInstanceOf(AnalysisError);
		expect((thrown as AnalysisError).code).toBe('usage');
		return (thrown as AnalysisError).detail;
	}
	throw new Error('nothing was thrown');
}
const refusal = (...args: string[]) => detailOf(() => parseArguments(args, spec));

describe('parseArguments', () => {
	it('gives typed values and positionals in any order', () => {
		const { values, positionals, help } = parseArguments(['a.mp4', '--out=d', '--json', 'b.mp4'], spec);
		expect(values.out).toBe('d');
		expect(values.json).toBe(true);
		expect(values.frames).toBeUndefined();
		expect(positionals).toEqual(['a.mp4', 'b.mp4']);
		expect(help).toBe(false);
	});

	it('takes what follows -- as files', () => {
		expect(parseArguments(['--', '--json'], spec).positionals).toEqual(['--json']);
	});

	it('lets help through without positionals', () => {
		expect(parseArguments(['-h'], spec).help).toBe(true);
	});

	it.each([
		[['x', '--fames', '3'], 'There is no option --fames; did you mean --frames?'],
		[['x', '--fames=3'], 'There is no option --fames; did you mean --frames?'],
		[['x', '--bananas'], 'There is no option --bananas.'],
		[['x', '-q'], 'There is no option -q.'],
		[['x', '--out'], '--out needs a value.'],
		[['x', '-o'], '--out needs a value.'],
		[['x', '--max-duration', ''], '--max-duration needs a value.'],
		[
			['x', '--max-duration', '-5'],
			'--max-duration needs a value; one that starts with a dash is written --max-duration=VALUE.',
		],
		[['x', '--json=yes'], '--json takes no value.'],
		[[], 'FILE is missing.'],
		[['a', 'b', 'c'], "'c' is one argument too many; FILE is all that is taken."],
	])('refuses %j with a sentence', (args, sentence) => {
		expect(refusal(...args)).toBe(sentence);
	});
});

describe('planFromOptions', () => {
	it('has the defaults of the contract', () => {
		expect(planFromOptions({})).toEqual({
			frames: 40,
			mode: 'whole',
			heatMaps: true,
			crops: false,
			model: null,
			tier: null,
			maxDurationS: 14400,
		});
	});

	it('takes what was asked for', () => {
		const plan = planFromOptions({
			frames: 'all',
			mode: 'first',
			model: 'x',
			'max-duration': '60.5',
			'no-heat-maps': true,
		});
		expect(plan).toEqual({
			frames: 'all',
			mode: 'first',
			heatMaps: false,
			crops: false,
			model: 'x',
			tier: null,
			maxDurationS: 60.5,
		});
	});

	it('takes a tier in place of a model, one of those that there are', () => {
		expect(planFromOptions({ tier: 'thorough' })).toMatchObject({ tier: 'thorough', model: null });
		expect(detailOf(() => planFromOptions({ tier: 'slow' }))).toBe("--tier is fast or thorough, not 'slow'.");
		expect(detailOf(() => planFromOptions({ tier: 'fast', model: 'x' }))).toMatch(/^--model and --tier exclude/);
	});

	it.each(['0', '1001', '4.5', '-1', '', 'many', '1e2', '0x10'])('refuses --frames %j', (frames) => {
		expect(detailOf(() => planFromOptions({ frames }))).toMatch(/^--frames takes a whole number, 1 to 1000/);
	});

	it.each(['0', '-5', 'NaN', 'Infinity', ''])('refuses --max-duration %j', (text) => {
		expect(detailOf(() => planFromOptions({ 'max-duration': text }))).toMatch(
			/^--max-duration takes a number, 0\.001 or more, not/,
		);
	});
});

describe('parseNumber and parseChoice', () => {
	it('name the option and what it takes', () => {
		expect(detailOf(() => parseNumber('jobs', '0', { min: 1, max: 64, integer: true }))).toBe(
			"--jobs takes a whole number, 1 to 64, not '0'.",
		);
		expect(detailOf(() => parseChoice('mode', 'half', ['whole', 'first']))).toBe(
			"--mode is whole or first, not 'half'.",
		);
		expect(parseNumber('x', '2.5', { min: 0, max: Number.POSITIVE_INFINITY })).toBe(2.5);
	});
});
