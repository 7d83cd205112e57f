import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../function/config.ts';

/** Small sequence models from test/goldens/sequence.py: one that changes scores, and one whose gate is 0. */
export type SequenceFixture = 'gated' | 'zero';

/** The path of the ONNX file of a small sequence model. */
export const sequenceFile = (name: SequenceFixture) =>
	join(packageRoot(), `test/fixtures/models/sequence-${name}.onnx`);

/** Makes a models folder like the repository's, in which the default classifier has a small sequence model with short windows, so that short clips have several. */
export async function makeSequenceModels(folder: string, name: SequenceFixture): Promise<string> {
	const models = join(packageRoot(), 'models');
	const manifest = JSON.parse(await readFile(join(models, 'manifest.json'), 'utf8'));
	const bytes = await readFile(sequenceFile(name));
	const file = `sequence-${name}.onnx`;
	const entry = {
		...{ id: `sequence-${name}`, file, kind: 'sequence', bytes: bytes.length, inputs: [], outputs: [] },
		...{ sha256: createHash('sha256').update(bytes).digest('hex'), licence: '', madeBy: 'a test' },
		spec: { window: 8, overlap: 4, minFrames: 4, maxGapS: 600 },
	};
	const shipped: { id: string; file: string; kind: string; spec: object; weights?: { file: string }[] }[] =
		manifest.files.filter(({ kind }: { kind: string }) => kind !== 'sequence');
	const files = shipped.map((one) =>
		one.id === manifest.defaultClassifier
			? { ...one, sequence: entry.id, spec: { ...one.spec, embedding: 'emb' } }
			: { ...one, sequence: undefined },
	);
	await mkdir(folder, { recursive: true });
	const linked = shipped.flatMap(({ file, weights = [] }) => [file, ...weights.map((each) => each.file)]);
	for (const one of new Set(linked)) await symlink(join(models, one), join(folder, one));
	await symlink(sequenceFile(name), join(folder, file));
	await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, files: [...files, entry] }));
	return folder;
}
