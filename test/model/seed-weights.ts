import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { halvesFromFloats } from '../../function/weights/half.ts';
import { weightsFolder } from '../unit/weights-files.ts';

/** The formula of models/export/seed_network.py, number for number, and files of the whole network rebuilt with it. */

/** 32-bit FNV-1a of a name. */
function fnv(text: string): number {
	let value = 0x811c9dc5;
	for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
	return value >>> 0;
}

/** The range of a tensor's values. */
function limits(name: string, shape: readonly number[]): [number, number] {
	const [, a = 1, b = 1, c = 1] = shape;
	const around = (high: number): [number, number] => [-high, high];
	if (name.endsWith('running_var')) return [0.5, 1.5];
	if (shape.length === 4) return around((6 / (a * b * c)) ** 0.5);
	if (name.startsWith('lstm') || name.startsWith('linear1.weight')) return around((12 / 2048) ** 0.5);
	if (name.endsWith('bn3.weight')) return [0.1, 0.3];
	return name.endsWith('.weight') ? [0.8, 1.2] : around(0.1);
}

/** float32 values of a tensor of the network. */
export function valuesByFormula(name: string, shape: readonly number[]): Float32Array<ArrayBuffer> {
	const [low, high] = limits(name, shape);
	const start = fnv(name);
	const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
	for (let i = 0; i < values.length; i++) {
		let x = (i + start) | 0;
		x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
		x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
		values[i] = low + (high - low) * (((x ^ (x >>> 16)) >>> 0) / 2 ** 32);
	}
	return values;
}

type Part = { bytes: string } | { tensor: string; shape: number[]; kind: 'float' | 'half' };

/** Rebuilds a file from its skeleton at `path` and returns its SHA-256. */
export async function rebuildFile(skeleton: string, path: string): Promise<string> {
	const packed = await readFile(join(weightsFolder, `${skeleton}.skeleton.gz`));
	const parts: Part[] = JSON.parse(gunzipSync(packed).toString());
	const hash = createHash('sha256');
	const file = await open(path, 'w');
	for (const part of parts) {
		const bytes = 'bytes' in part ? Buffer.from(part.bytes, 'base64') : numbers(part);
		hash.update(bytes);
		await file.writeFile(bytes);
	}
	await file.close();
	return hash.digest('hex');
}

function numbers({ tensor, shape, kind }: Exclude<Part, { bytes: string }>): Uint8Array {
	const values = valuesByFormula(tensor, shape);
	return new Uint8Array((kind === 'half' ? halvesFromFloats(values) : values).buffer);
}

/** The four crops of seed_network.py, [4, 3, 112, 112], 0..1. */
export function pictures(): Float32Array {
	const side = 112;
	const fine = (c: number, y: number, x: number) => 7 * x + 13 * y + 29 * c + ((x * y) % 97);
	const kinds = [
		(c: number, y: number, x: number) => fine(c, y, x) % 256,
		(c: number, y: number, x: number) => Math.floor((2 * x + 3 * y + 50 * c) / 3) % 256,
		(_: number, y: number, x: number) => (((x >> 4) ^ (y >> 4)) * 37) % 256,
		() => 0,
	];
	return Float32Array.from({ length: kinds.length * 3 * side * side }, (_, i) => {
		const kind = kinds[Math.floor(i / (3 * side * side))] as (typeof kinds)[number];
		return kind(Math.floor(i / (side * side)) % 3, Math.floor(i / side) % side, i % side) / 255;
	});
}
