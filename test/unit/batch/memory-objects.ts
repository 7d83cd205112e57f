import { writeFile } from 'node:fs/promises';
import type { Objects } from '../../../function/batch/objects.ts';

type Kept = { text: string; contentType: string; generation: number };

/** Objects in memory by gs:// address; each write creates a new generation. `writes` lists the names written, in order. */
export function memoryObjects(
	begin: Record<string, string | { text: string; contentType: string }>,
): Objects & { readonly kept: Map<string, Kept>; readonly writes: string[] } {
	const kept = new Map<string, Kept>();
	const writes: string[] = [];
	let generation = 1;
	const put = (bucket: string, name: string, contentType: string, text: string) => {
		kept.set(`gs://${bucket}/${name}`, { text, contentType, generation: generation++ });
		writes.push(name);
	};
	for (const [address, object] of Object.entries(begin))
		kept.set(address, {
			...(typeof object === 'string' ? { text: object, contentType: '' } : object),
			generation: generation++,
		});
	return {
		kept,
		writes,
		async *list(bucket, prefix) {
			const start = `gs://${bucket}/`;
			for (const [address, { contentType }] of [...kept].sort(([a], [b]) => (a < b ? -1 : 1)))
				if (address.startsWith(start + prefix)) yield { name: address.slice(start.length), contentType };
		},
		async find(bucket, name) {
			const found = kept.get(`gs://${bucket}/${name}`);
			return found ? { sizeBytes: found.text.length, generation: String(found.generation) } : null;
		},
		async download(bucket, name, _generation, file) {
			await writeFile(file, kept.get(`gs://${bucket}/${name}`)?.text ?? '');
		},
		readText: async (bucket, name) => kept.get(`gs://${bucket}/${name}`)?.text ?? null,
		async writeText(bucket, name, contentType, text) {
			put(bucket, name, contentType, text);
		},
		async write(bucket, name, contentType, pieces) {
			let text = '';
			for await (const piece of pieces) text += piece;
			put(bucket, name, contentType, text);
		},
	};
}
