import { readFile, writeFile } from 'node:fs/promises';
import { AnalysisError } from '../errors.ts';
import { keysFrom, newKey, publicPart } from '../signature/signing-key.ts';
import { createCommand, type DeclareCommand, type Io } from './command.ts';

/** `unmask keys`: creates the key that signs reports, and prints its public part. */
export const keysCommand: DeclareCommand = (io, done) => {
	const command = createCommand('unmask keys', io).description('Creates and shows keys that sign reports (Ed25519).');
	command.addCommand(
		createCommand('new', io)
			.description(
				'Writes a new private key to a file and prints its public part. Set UNMASK_SIGNING_KEY to the path of the file.',
			)
			.argument('<file>', 'file to create; an existing one is never replaced')
			.action(async (file) => done(await writeNewKey(file, io))),
	);
	command.addCommand(
		createCommand('public', io)
			.description('Prints the public part of a key as a JWK set, to publish or to pass to unmask verify --key.')
			.argument('<file>', 'file created by unmask keys new')
			.action(async (file) => done(await printPublic(file, io))),
	);
	return command;
};

async function writeNewKey(file: string, io: Io): Promise<number> {
	const key = await newKey();
	try {
		await writeFile(file, `${JSON.stringify(key, null, '\t')}\n`, { flag: 'wx', mode: 0o600 });
	} catch (cause) {
		const why = (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it already exists' : (cause as Error).message;
		throw new AnalysisError('write-failed', 'write', `${file}: ${why}`, { cause });
	}
	io.stdout.write(`${JSON.stringify({ keys: [publicPart(key)] }, null, '\t')}\n`);
	io.stderr.write(
		`The private key is in ${file}. Set UNMASK_SIGNING_KEY to that path, and keep the file to yourself. Publish the key set above.\n`,
	);
	return 0;
}

async function printPublic(file: string, io: Io): Promise<number> {
	const text = await readFile(file, 'utf8').catch((cause) => {
		throw new AnalysisError('file-not-found', 'arguments', file, { cause });
	});
	const keys = await keysFrom(text);
	if (keys.length === 0) throw new AnalysisError('usage', 'arguments', `There is no Ed25519 key in ${file}.`);
	io.stdout.write(`${JSON.stringify({ keys: keys.map(publicPart) }, null, '\t')}\n`);
	return 0;
}
