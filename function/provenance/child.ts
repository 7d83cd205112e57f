import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { headBytes } from '../media/kinds.ts';
import type { Bytes } from './bytes.ts';
import { credentialFormat } from './format.ts';
import { readProvenance } from './read-provenance.ts';
import { blobOf, defineFileReaderSync } from './sync-blob.ts';

/** The process that reads the provenance of one file and exits. Started by `open-provenance.ts`. */

const require = createRequire(import.meta.url);

// most files are read before V8's optimising compiler would pay off; long computations are still optimised
setFlagsFromString('--wasm-tiering-budget=100000000');

process.on('disconnect', () => process.exit());
process.on('message', async ({ path }: { path: string }) => {
	Object.assign(globalThis, { fetch: () => Promise.reject(new Error('network access is off')) });
	defineFileReaderSync();
	const file = openSync(path, 'r');
	const bytes = fileBytes(file);
	const format = credentialFormat(bytes.read(0, headBytes));
	const programs = {
		mediaInfo: require.resolve('mediainfo.js/MediaInfoModule.wasm'),
		credentials: () => new Uint8Array(readFileSync(require.resolve('@contentauth/c2pa-wasm/c2pa.wasm'))),
	};
	for await (const part of readProvenance({ bytes, blob: blobOf(bytes), format }, programs)) process.send?.(part);
	closeSync(file);
	process.disconnect();
});

function fileBytes(file: number): Bytes {
	const { size } = fstatSync(file);
	return {
		size,
		read(at, length) {
			const part = new Uint8Array(Math.max(0, Math.min(length, size - at)));
			return part.subarray(0, readSync(file, part, 0, part.length, at));
		},
	};
}
