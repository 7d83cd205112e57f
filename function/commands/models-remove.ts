import { ownModelsFolder, parseConfig } from '../config.ts';
import { removeModel } from '../model/own-models.ts';
import type { Command } from './command.ts';
import { parseArguments } from './parse-arguments.ts';

const usage = `unmask models remove NAME...

Deletes models that were added or imported; the program's own stay.
`;

/** `unmask models remove`: takes models off the user's list and deletes their files. */
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
		await removeModel(ownModelsFolder(parseConfig()), id);
		io.stdout.write(`${id} was removed.\n`);
	}
	return 0;
};
