import { customModelsFolder, parseConfig } from '../config.ts';
import { removeModel } from '../model/custom-models.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';

export const modelsRemoveCommand: DeclareCommand = (io, done) =>
	createCommand('remove', io)
		.description('Deletes custom models. The shipped models stay.')
		.summary('delete custom models')
		.argument('<names...>', 'custom models')
		.action(async (names) => done(await removeModels(names, io)));

async function removeModels(names: readonly string[], io: Io): Promise<number> {
	for (const id of names) {
		await removeModel(customModelsFolder(parseConfig()), id);
		io.stdout.write(`${id} was removed.\n`);
	}
	return 0;
}
