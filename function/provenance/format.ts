import { kindOf } from '../media/kinds.ts';

/** File formats that can contain Content Credentials, by their first file name extension. */
const formats: ReadonlySet<string> = new Set(['mp4', 'mov', 'avi', 'jpg', 'png', 'webp', 'avif', 'heic', 'gif', 'tif']);

/** The credential format of a file that starts with `head`; null = it cannot contain any. */
export function credentialFormat(head: Uint8Array): string | null {
	const kind = kindOf(head);
	const ending = kind?.endings[0] ?? (kind?.contentType === 'video/mp4' ? 'mp4' : null);
	return ending !== null && formats.has(ending) ? ending : null;
}
