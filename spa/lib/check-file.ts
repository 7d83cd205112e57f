import { wireType } from '../../function/contract/wire-type.ts';
import { headBytes, isPicture, kindOf } from '../../function/media/kinds.ts';

/** A file's type by its first bytes, and why it is not worth sending; `fault` is a code of the service's table or null. */
export type FileCheck = {
	readonly fault:
		| 'file-empty'
		| 'file-too-large'
		| 'file-gone'
		| 'playlist-refused'
		| 'no-video-stream'
		| 'not-a-video'
		| null;
	readonly kind: 'video' | 'image' | 'unknown';
	/** The type that is sent to the service. */
	readonly contentType: string;
};

/** Checks a file before anything is sent. An unknown type passes: the service decides. */
export async function checkFile(file: File, maxBytes: number | null): Promise<FileCheck> {
	const refuse = (fault: FileCheck['fault']): FileCheck => ({ fault, kind: 'unknown', contentType: fallbackType });
	if (file.size === 0) return refuse('file-empty');
	if (maxBytes !== null && file.size > maxBytes) return refuse('file-too-large');
	let head: Uint8Array;
	try {
		head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
	} catch {
		return refuse('file-gone');
	}
	const known = kindOf(head);
	if (known?.kind === 'playlist') return refuse('playlist-refused');
	if (known?.kind === 'audio') return refuse('no-video-stream');
	if (known && !isPicture(known)) return refuse('not-a-video');
	const isSpecific = known !== null && known.contentType !== fallbackType;
	const found = isSpecific ? known.contentType : wireType(file.type);
	const [kind] = found.split('/');
	return { fault: null, kind: kind === 'video' || kind === 'image' ? kind : 'unknown', contentType: found };
}

const fallbackType = 'application/octet-stream';
