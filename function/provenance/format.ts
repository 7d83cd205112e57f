import { kindOf } from '../media/kinds.ts';

/** Kinds of files that Content Credentials can be in, by the first ending of their names. */
const formats: ReadonlySet<string> = new Set(['mp4', 'mov', 'avi', 'jpg', 'png', 'webp', 'avif', 'heic', 'gif', 'tif']);

/** The format in which credentials are looked for in a file that begins with `head`; null = it cannot have any. */
export function credentialFormat(head: Uint8Array): string | null {
	const kind = kindOf(head);
	const ending = kind?.endings[0] ?? (kind?.contentType === 'video/mp4' ? 'mp4' : null);
	return ending !== null && formats.has(ending) ? ending : null;
}
