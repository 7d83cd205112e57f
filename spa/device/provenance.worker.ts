import credentialsUrl from '@contentauth/c2pa-wasm/c2pa.wasm?url';
import mediaInfoUrl from 'mediainfo.js/MediaInfoModule.wasm?url';
import { headBytes } from '../../function/media/kinds.ts';
import type { Bytes } from '../../function/provenance/bytes.ts';
import { credentialFormat } from '../../function/provenance/format.ts';
import { readProvenance } from '../../function/provenance/read-provenance.ts';

/** Reads the origin of one file and is then terminated: a hostile file might make it run forever or fill memory. */

self.addEventListener('message', async ({ data: file }: MessageEvent<File>) => {
	const bytes = fileBytes(file);
	const format = credentialFormat(bytes.read(0, headBytes));
	const programs = { mediaInfo: mediaInfoUrl, credentials: () => fetch(credentialsUrl) };
	for await (const part of readProvenance({ bytes, blob: file, format }, programs)) self.postMessage(part);
	self.postMessage(null);
});

/** Exists only in workers, so TypeScript's types for pages lack it. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

const fileBytes = (file: File): Bytes => ({
	size: file.size,
	read: (at, length) => new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(at, at + length))),
});
