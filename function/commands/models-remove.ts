import { customModelsFolder, parseConfig } from '../config.ts';
import { removeModel } from '../model/custom-models.ts';
import type { Command } from './command.ts';
import { parseArguments } from './parse-arguments.ts';

const usage = `unmask models remove NAME...

Deletes custom models. The shipped models stay.
`;

/** `unmask models remove`: deletes custom models. */
export const modelsRemoveCommand: Command = async (args, io) => {
	const { positionals, help } = parseArguments(args, {
		options: {},
		positionals: { min: 1, max: Number.POSITIVE_INFINITY, what: 'NAME' },
	});
	if (help) {
		io.stdout.write(usage);
		return 0;
	}
	for (const id of positionals) {
		await removeModel(customModelsFolder(parseConfig()), id);
		io.stdout.write(`${id} was removed.\n`);
	}
	return 0;
};
