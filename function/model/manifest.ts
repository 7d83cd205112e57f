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

/** Reads a listed model file whole and checks its size and SHA-256, so that what runs is what was measured. */
export async function readModel(
	folder: string,
	entry: Pick<ModelEntry, 'file' | 'bytes' | 'sha256'>,
): Promise<Uint8Array> {
	const bytes = await readFile(join(folder, entry.file)).catch((cause) => {
		throw new AnalysisError('model-missing', 'environment', entry.file, { cause });
	});
	if (bytes.length !== entry.bytes)
		throw new AnalysisError('model-damaged', 'environment', `${entry.file}: ${bytes.length} of ${entry.bytes} bytes`);
	const digest = createHash('sha256').update(bytes).digest('hex');
	if (digest !== entry.sha256) throw new AnalysisError('model-damaged', 'environment', `${entry.file}: other SHA-256`);
	return bytes;
}
