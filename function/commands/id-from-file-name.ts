import { basename } from 'node:path';

/** A model's name from that of its file: without the ending, in the letters that a model's name may have. */
export function idFromFileName(path: string): string {
	const stem = basename(path)
		.replace(/\.(onnx|pt|pth|bin|ckpt)$/i, '')
		.toLowerCase();
	return (
		stem
			.replace(/[^a-z0-9._-]+/g, '-')
			.replace(/^[^a-z0-9]+/, '')
			.slice(0, 58) || 'model'
	);
}
