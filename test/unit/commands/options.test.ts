import { describe, expect, it } from 'vitest';
import { createCommand, type DeclareCommand } from '../../../function/commands/command.ts';
import {
	framesOption,
	fromOption,
	jsonOption,
	maxDurationOption,
	modelOption,
	modeOption,
	noHeatMapsOption,
	planFromOptions,
	tierOption,
	toOption,
} from '../../../function/commands/options.ts';
import { runDeclared } from './run-declared.ts';

/** A command with the options of a plan that prints the plan and its files. */
const declare: DeclareCommand = (io, done) =>
	createCommand('unmask test', io)
		.argument('<files...>', 'files')
		.option('--out <folder>', 'a folder')
		.addOption(jsonOption('print JSON'))
		.addOption(framesOption)
		.addOption(fromOption)
		.addOption(toOption)
		.addOption(modeOption)
		.addOption(tierOption)
		.addOption(modelOption)
		.addOption(maxDurationOption)
		.addOption(noHeatMapsOption)
		.action((files, options) => {
			io.stdout.write(JSON.stringify({ files, out: options.out, json: options.json, plan: planFromOptions(options) }));
			done(0);
		});
const parse = async (...args: string[]) => JSON.parse((await runDeclared(declare, args)).out);
const refusal = async (...args: string[]) => {
	const { status, out, err } = await runDeclared(declare, args);
	expect({ status, out }).toEqual({ status: 2, out: '' });
	return err;
};

describe('a part of the file', () => {
	it('has a start and an end', async () => {
		expect((await parse('a.mp4', '--from', '1.5', '--to=4')).plan).toMatchObject({ fromS: 1.5, toS: 4 });
		expect((await parse('a.mp4')).plan).toMatchObject({ fromS: null, toS: null });
	});
	it.each([
		[['--from', '5', '--to', '5'], '--to must be later than --from, not 5.'],
		[['--to', '0'], '--to must be later than --from, not 0.'],
		[['--from', '-1'], "--from takes a number, 0 or more, not '-1'."],
		[['--from', '0:05'], "--from takes a number, 0 or more, not '0:05'."],
	])('is refused with a sentence: %j', async (args, sentence) => {
		expect(await refusal('a.mp4', ...args)).toContain(sentence);
	});
});

describe('arguments', () => {
	it('are taken in any order', async () => {
		expect(await parse('a.mp4', '--out=d', '--json', 'b.mp4')).toMatchObject({
			files: ['a.mp4', 'b.mp4'],
			out: 'd',
			json: true,
		});
	});

	it('after -- are files', async () => {
		expect((await parse('--', '--json', '-x.mp4')).files).toEqual(['--json', '-x.mp4']);
	});

	it('are ignored for help', async () => {
		const { status, out } = await runDeclared(declare, ['-h']);
		expect(status).toBe(0);
		expect(out).toContain('Usage: unmask test [options] <files...>');
	});

	it.each([
		[['x', '--fames', '3'], "Unknown option '--fames' (Did you mean --frames?) [usage]"],
		[['x', '--bananas'], "Unknown option '--bananas'. [usage]"],
		[['x', '-q'], "Unknown option '-q'. [usage]"],
		[['x', '--out'], "Option '--out <folder>' argument missing. [usage]"],
		[['x', '--out', ''], '--out needs a value. [usage]'],
		[['x', '--out', '--json'], '--json was taken as the value of the option before it, which needs one. [usage]'],
		[['x', '--max-duration', '-5'], "--max-duration takes a number, 0.001 or more, not '-5'. [usage]"],
		[[], "Missing required argument 'files'. [usage]"],
	])('%j are refused with a sentence', async (args, sentence) => {
		expect(await refusal(...args)).toBe(`${sentence}\n`);
	});
});

describe('the options of a plan', () => {
	it('have the defaults of the contract', async () => {
		expect((await parse('x')).plan).toEqual({
			frames: 40,
			refine: 'auto',
			stability: false,
			mode: 'whole',
			heatMaps: true,
			crops: false,
			model: null,
			tier: null,
			fromS: null,
			toS: null,
			maxDurationS: 14400,
		});
	});

	it('are applied', async () => {
		const { plan } = await parse(
			...['x', '--frames', 'all', '--mode', 'first', '--model', 'm', '--max-duration', '60.5', '--no-heat-maps'],
		);
		expect(plan).toEqual({
			frames: 'all',
			refine: 'auto',
			stability: false,
			mode: 'first',
			heatMaps: false,
			crops: false,
			model: 'm',
			tier: null,
			fromS: null,
			toS: null,
			maxDurationS: 60.5,
		});
	});

	it('give a tier instead of a model, if it exists', async () => {
		expect((await parse('x', '--tier', 'thorough')).plan).toMatchObject({ tier: 'thorough', model: null });
		expect(await refusal('x', '--tier', 'slow')).toContain('Allowed choices are fast, thorough.');
		expect(await refusal('x', '--tier', 'fast', '--model', 'm')).toContain('cannot be used with');
		expect(await refusal('x', '--mode', 'half')).toContain('Allowed choices are whole, first, seed, trained, robust.');
	});

	it.each(['0', '1001', '4.5', '-1', 'many', '1e2', '0x10'])('refuse --frames %j', async (frames) => {
		expect(await refusal('x', '--frames', frames)).toMatch(/^--frames takes a whole number, 1 to 1000/);
	});

	it.each(['0', '-5', 'NaN', 'Infinity', ' '])('refuse --max-duration %j', async (text) => {
		expect(await refusal('x', '--max-duration', text)).toMatch(/^--max-duration takes a number, 0\.001 or more, not/);
	});
});
