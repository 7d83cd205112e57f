import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { planSchema } from '../../../function/contract/plan.ts';
import { chooseMode, modes } from '../../../function/modes/choose-mode.ts';

const custom = { id: 'custom', network: null };
const legacy = { id: 'old', network: 'resnext50-lstm' };

it('knows every mode on the wire', () => {
	expect(Object.keys(modes).toSorted()).toEqual([...planSchema.shape.mode.unwrap().options].toSorted());
});

it('gives each classifier its modes', () => {
	for (const mode of ['whole', 'first'] as const)
		for (const classifier of [custom, legacy])
			expect(chooseMode({ mode, frames: 'all' }, classifier)).toBe(modes[mode]);
	for (const mode of ['seed', 'trained', 'robust'] as const) {
		expect(chooseMode({ mode, frames: 10 }, legacy)).toBe(modes[mode]);
		expect(() => chooseMode({ mode, frames: 10 }, custom)).toThrow(/legacy application; custom is not one/);
	}
	expect(() => chooseMode({ mode: 'seed', frames: 'all' }, legacy)).toThrow(/not all/);
});

it('no other folder checks which mode it is', () => {
	const pattern = /[!=]==\s*'(whole|first|seed|trained|robust)'|includes\(\w*\.?mode\)|switch \(\w*\.?mode\)/;
	const root = join(import.meta.dirname, '../../../function');
	const offenders = readdirSync(root, { recursive: true, encoding: 'utf8' })
		.filter((path) => path.endsWith('.ts') && !path.startsWith('modes'))
		.filter((path) => pattern.test(readFileSync(join(root, path), 'utf8')));
	expect(offenders).toEqual([]);
});
