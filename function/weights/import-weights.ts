import { createHash } from 'node:crypto';
import { asWriteFailed, writeWhole } from '../files/write-whole.ts';
import { type ByteFile, openByteFile } from './byte-file.ts';
import { type Hint, hintFromName } from './hint-from-name.ts';
import { onnxBytes } from './onnx-bytes.ts';
import { seedGraph } from './seed-graph.ts';
import { recogniseSeed } from './seed-network.ts';
import { openTorchFile } from './torch-file.ts';
import type { TorchFile } from './torch-values.ts';

/** An ONNX model made from a weights file. */
export type ImportedWeights = {
	readonly network: 'resnext50-lstm';
	/** Format of the file that was read. */
	readonly container: TorchFile['container'];
	/** Prefix of the tensor names in the file, such as `state_dict.module.`; usually empty. */
	readonly prefix: string;
	/** SHA-256 of the file that was read, hexadecimal. */
	readonly sourceSha256: string;
	/** SHA-256 and size in bytes of the ONNX file. */
	readonly sha256: string;
	readonly bytes: number;
	readonly hint: Hint;
};

/** How to import. */
export type ImportOptions = {
	/** Whether to store the weights in 16 bits, which halves the size. */
	readonly fp16?: boolean;
	readonly signal?: AbortSignal;
};

/** Bytes hashed at a time. */
const BLOCK_BYTES = 4 * 1024 ** 2;

/**
 * Converts a PyTorch file of the legacy application's network to an ONNX model at `target`, written atomically. seedGraph describes
 * the graph and its outputs. Holds at most a few megabytes of the file at a time. Throws file-not-found, file-unreadable, not-a-file,
 * file-empty, not-weights, weights-truncated, weights-damaged, weights-unsafe, weights-unsupported, weights-other-network,
 * write-failed, or an AbortError when cancelled.
 */
export async function importWeights(
	path: string,
	target: string,
	options: ImportOptions = {},
): Promise<ImportedWeights> {
	const { fp16 = false, signal } = options;
	const file = await openByteFile(path);
	try {
		const torchFile = await openTorchFile(file);
		const weights = recogniseSeed(torchFile.root);
		const sourceSha256 = await digest(file, signal);
		const graph = seedGraph(torchFile, weights, fp16);
		const written = await writeWhole(target, until(signal, onnxBytes(graph))).catch(asWriteFailed(target));
		return {
			network: 'resnext50-lstm',
			container: torchFile.container,
			prefix: weights.prefix,
			sourceSha256,
			...written,
			hint: hintFromName(path),
		};
	} finally {
		await file.close();
	}
}

async function digest(file: ByteFile, signal: AbortSignal | undefined): Promise<string> {
	const hash = createHash('sha256');
	for (let at = 0; at < file.size; at += BLOCK_BYTES) {
		signal?.throwIfAborted();
		hash.update(await file.read(at, Math.min(BLOCK_BYTES, file.size - at)));
	}
	return hash.digest('hex');
}

/** Yields the same pieces until the signal aborts. */
async function* until(
	signal: AbortSignal | undefined,
	pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
	for await (const piece of pieces) {
		signal?.throwIfAborted();
		yield piece;
	}
}
