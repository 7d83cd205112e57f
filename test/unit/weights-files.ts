import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type ByteFile, openByteFile } from '../../function/weights/byte-file.ts';
import { readFloats } from '../../function/weights/read-floats.ts';
import { openTorchFile } from '../../function/weights/torch-file.ts';
import { countOf, type Pickled, TensorView } from '../../function/weights/torch-values.ts';

/** Files written by torch.save and similar ones, made by test/goldens/seed.py. */
export const weightsFolder = join(import.meta.dirname, '../fixtures/weights');
export const weightsFile = (name: string) => join(weightsFolder, `${name}.pt`);

/** Most numbers that a test reads from one tensor, because a damaged file may claim any shape. */
const MAX_READ = 100_000;

/** Opens a file, runs `work` on it, and closes it. */
export async function withFile<T>(path: string, work: (file: ByteFile) => Promise<T>): Promise<T> {
	const file = await openByteFile(path);
	try {
		return await work(file);
	} finally {
		await file.close();
	}
}

/** All float tensors in a file, by path. */
export const readAllFloats = (path: string) =>
	withFile(path, async (file) => {
		const torchFile = await openTorchFile(file);
		const read = new Map<string, { shape: readonly number[]; values: number[] }>();
		for (const [name, tensor] of tensorsIn(torchFile.root)) {
			if (!/Float|Half|Double|BFloat16/.test(tensor.storage.type) || countOf(tensor.shape) > MAX_READ) continue;
			read.set(name, { shape: tensor.shape, values: [...(await readFloats(torchFile, name, tensor))] });
		}
		return { container: torchFile.container, tensors: read };
	});

function tensorsIn(root: Pickled): [string, TensorView][] {
	const found: [string, TensorView][] = [];
	const seen = new Set<Pickled>();
	const waiting: [string, Pickled][] = [['', root]];
	for (let at = 0; at < waiting.length; at++) {
		const [path, value] = waiting[at] as [string, Pickled];
		if (value instanceof TensorView) found.push([path, value]);
		if ((!(value instanceof Map) && !Array.isArray(value)) || seen.has(value)) continue;
		seen.add(value);
		for (const [key, inner] of value.entries())
			if (typeof key !== 'object') waiting.push([path ? `${path}.${key}` : String(key), inner]);
	}
	return found;
}

/** Writes a changed copy of a fixture. */
export async function writeChanged(from: string, to: string, change: (bytes: Buffer) => Uint8Array): Promise<string> {
	await writeFile(to, change(await readFile(from)));
	return to;
}

/** A zip archive of stored entries without checksums (PKWARE's APPNOTE.TXT, 4.3); `packed` entries are marked as deflated. */
export function storedZip(entries: Record<string, Buffer>, packed: Record<string, Buffer> = {}): Buffer {
	const files: Buffer[] = [];
	const directory: Buffer[] = [];
	let at = 0;
	for (const [name, content] of Object.entries(entries)) {
		const body = packed[name] ?? content;
		const head = Buffer.alloc(26);
		head.writeUInt16LE(20, 0);
		head.writeUInt16LE(packed[name] ? 8 : 0, 4);
		head.writeUInt32LE(crc32(content), 10);
		head.writeUInt32LE(body.length, 14);
		head.writeUInt32LE(content.length, 18);
		head.writeUInt16LE(name.length, 22);
		const place = Buffer.alloc(14);
		place.writeUInt32LE(at, 10);
		files.push(Buffer.from('PK\x03\x04'), head, Buffer.from(name), body);
		directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), head, place, Buffer.from(name));
		at += 30 + name.length + body.length;
	}
	const size = directory.reduce((sum, part) => sum + part.length, 0);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(Object.keys(entries).length, 4);
	end.writeUInt16LE(Object.keys(entries).length, 6);
	end.writeUInt32LE(size, 8);
	end.writeUInt32LE(at, 12);
	return Buffer.concat([...files, ...directory, Buffer.from('PK\x05\x06'), end]);
}
