import type { UploadRequest } from '../../function/contract/upload.ts';

/** What a file is by its first bytes, and why it is not worth sending; `fault` is a code of the service's table or null. */
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
	/** What the service is told. */
	readonly contentType: string;
};

/** Bytes that are looked at; enough for every signature below and for the first words of a text. */
const headBytes = 4096;

type Signature = readonly [at: number, bytes: string, contentType: string];

/** File signatures, in the order in which they are tried (as function/media/sniff.ts, which has the last word). */
const signatures: readonly Signature[] = [
	...['M4A ', 'M4B '].map((brand): Signature => [8, brand, 'audio/mp4']),
	...['avif', 'avis', 'heic', 'heix', 'mif1', 'msf1'].map((brand): Signature => [8, brand, 'image/heif']),
	[8, 'qt  ', 'video/quicktime'],
	[4, 'ftyp', 'video/mp4'],
	...['moov', 'mdat', 'free', 'skip', 'wide', 'pnot'].map((atom): Signature => [4, atom, 'video/quicktime']),
	[0, '\x1a\x45\xdf\xa3', 'video/x-matroska'],
	[8, 'AVI ', 'video/x-msvideo'],
	[8, 'AVIX', 'video/x-msvideo'],
	[8, 'WEBP', 'image/webp'],
	[8, 'WAVE', 'audio/wav'],
	[0, 'FLV', 'video/x-flv'],
	[0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'video/x-ms-asf'],
	[0, 'GIF8', 'image/gif'],
	[0, '\xff\xd8\xff', 'image/jpeg'],
	[0, '\x89PNG\r\n\x1a\n', 'image/png'],
	[0, 'II*\0', 'image/tiff'],
	[0, 'MM\0*', 'image/tiff'],
	[0, '\0\0\x01\xba', 'video/mpeg'],
	[0, '\0\0\x01\xb3', 'video/mpeg'],
	[0, 'OggS', 'video/ogg'],
	[0, 'DKIF', 'video/x-ivf'],
	[0, 'YUV4MPEG2', 'video/x-yuv4mpeg'],
	[0, 'ID3', 'audio/mpeg'],
	[0, '\xff\xfb', 'audio/mpeg'],
	[0, '\xff\xf1', 'audio/aac'],
	[0, '\xff\xf9', 'audio/aac'],
	[0, 'fLaC', 'audio/flac'],
	[0, '%PDF', 'application/pdf'],
	[0, 'PK\x03\x04', 'application/zip'],
	[0, '\x1f\x8b', 'application/gzip'],
	[0, 'Rar!', 'application/vnd.rar'],
	[0, '7z\xbc\xaf\x27\x1c', 'application/x-7z-compressed'],
	[0, 'MZ', 'application/x-msdownload'],
	[0, '\x7fELF', 'application/x-elf'],
	[0, 'BM', 'image/bmp'],
];

/** The first words of lists that name other files (as function/media/sniff.ts). */
const playlistStart =
	/^(#EXTM3U|#EXT-X-|ffconcat\b|file\s+['"]|v=0\s|\[playlist\]|\[reference\]|RTSPtext|(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE[^>]*>\s*)?<(MPD|playlist|asx|smil|SmoothStreamingMedia)\b)/is;

/** Looks at a file before anything is sent. What is merely unknown is let through: the service decides. */
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
	const sniffed = sniffType(head);
	const found = sniffed ?? (isWireType(file.type) ? file.type : fallbackType);
	if (found === 'text/x-playlist') return refuse('playlist-refused');
	if (found.startsWith('audio/')) return refuse('no-video-stream');
	if (!isWireType(found)) return refuse('not-a-video');
	const [kind] = found.split('/');
	return { fault: null, kind: kind === 'video' || kind === 'image' ? kind : 'unknown', contentType: found };
}

/** A name that the service takes: without separators and control characters, at most 255 long; `file` when nothing is left. */
export function wireFileName(name: string): string {
	const clean = Array.from(name, (letter) => (isForbidden(letter) ? ' ' : letter)).join('');
	return clean.slice(-255).trim() || 'file';
}

const isForbidden = (letter: string) => letter < ' ' || letter === '\x7f' || letter === '/' || letter === '\\';

const fallbackType = 'application/octet-stream';

/** What uploadRequestSchema accepts. */
const isWireType = (type: UploadRequest['contentType']) =>
	/^(video|image)\/[a-z0-9.+-]+$|^application\/(mp4|mxf|ogg|octet-stream)$/.test(type);

/** The media type by the first bytes; null = unknown. */
function sniffType(head: Uint8Array): string | null {
	const text = new TextDecoder('latin1').decode(head);
	const known = signatures.find(([at, bytes]) => text.startsWith(bytes, at));
	if (known?.[2] === 'image/bmp' && isText(head)) return 'text/plain';
	if (known) return known[2];
	if ([0, 188, 376].every((at) => head[at] === 0x47)) return 'video/mp2t';
	if ([4, 196, 388].every((at) => head[at] === 0x47)) return 'video/mp2t';
	if (!isText(head)) return null;
	return playlistStart.test(text.replace(/^ï»¿/, '').trimStart()) ? 'text/x-playlist' : 'text/plain';
}

/** Text has no control characters besides tab and line ends; a video has a zero byte soon. */
const isText = (head: Uint8Array) => head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
