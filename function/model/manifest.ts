import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnalysisError } from '../errors.ts';
import { type Manifest, type ModelEntry, manifestSchema } from './manifest-schema.ts';

/** Reads and checks `manifest.json` of a models folder; throws model-missing or model-damaged. */
export async function readManifest(folder: string): Promise<Manifest> {
	const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch((cause) => {
		throw new AnalysisError('model-missing', 'environment', `no manifest.json in ${folder}`, { cause });
	});
	try {
		return manifestSchema.parse(JSON.parse(text));
	} catch (cause) {
		throw new AnalysisError('model-damaged', 'environment', 'manifest.json is not valid', { cause });
	}
}

/** The content of a weights file; `file` is the name that the graph uses. */
export type Weights = { readonly file: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** The bytes of a model. */
export type ModelBytes = {
	readonly graph: Uint8Array;
	/** Its external weights, usually none. */
	readonly weights: readonly Weights[];
};

type Listed = Pick<ModelEntry, 'file' | 'bytes' | 'sha256'>;

/** Reads a model's graph and weights and checks the size and SHA-256 of each file, so that what runs is what was measured. Throws model-missing, model-damaged. */
export async function readModel(
	folder: string,
	entry: Pick<ModelEntry, keyof Listed | 'weights'>,
): Promise<ModelBytes> {
	const graph = await readListed(folder, entry);
	const weights: Weights[] = [];
	for (const listed of entry.weights) weights.push({ file: listed.file, bytes: await readListed(folder, listed) });
	return { graph, weights };
}

async function readListed(folder: string, { file, bytes: size, sha256 }: Listed): Promise<Uint8Array<ArrayBuffer>> {
	const bytes = await readFile(join(folder, file)).catch((cause) => {
		throw new AnalysisError('model-missing', 'environment', file, { cause });
	});
	if (bytes.length !== size)
		throw new AnalysisError('model-damaged', 'environment', `${file}: ${bytes.length} of ${size} bytes`);
	const digest = createHash('sha256').update(bytes).digest('hex');
	if (digest !== sha256) throw new AnalysisError('model-damaged', 'environment', `${file}: wrong SHA-256`);
	return bytes;
}
