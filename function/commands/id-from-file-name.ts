import { basename } from 'node:path';

/** A model id from a file name: without the extension, reduced to the characters that an id may have. */
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
