/** The table of file kinds by their first bytes, shared by the program, its API and its page. Pure, so that the page can import it. */

/** A kind of file. `other` is recognised but never read. If the demuxer is null, ffmpeg picks one of the allowed ones or is not run. */
export type MediaKind = {
	/** Display name. */
	readonly name: string;
	readonly kind: 'video' | 'image' | 'audio' | 'playlist' | 'text' | 'other';
	/** Media type on the wire. */
	readonly contentType: string;
	/** ffmpeg's demuxer. The `*_pipe` ones read the file itself, while `image2` would treat `frame%03d.jpg` as a pattern and open other files. */
	readonly demuxer: string | null;
	/** Signatures (one character per byte) and their offsets. */
	readonly starts: readonly (readonly [at: number, bytes: string])[];
	/** File name extensions, lower case. */
	readonly endings: readonly string[];
};

/** Bytes read from the start of a file; enough for every signature and for the first words of a text. */
export const headBytes = 4096;

type Row = Partial<Pick<MediaKind, 'demuxer' | 'starts' | 'endings'>>;

const row = (kind: MediaKind['kind'], name: string, contentType: string, more: Row = {}): MediaKind => ({
	...{ kind, name, contentType, demuxer: null, starts: [], endings: [] },
	...more,
});

const at = (place: number, ...bytes: string[]) => bytes.map((text) => [place, text] as const);

const transportStream = row('video', 'MPEG transport stream', 'video/mp2t', {
	demuxer: 'mpegts',
	endings: ['ts', 'mts', 'm2ts', 'm2t'],
});
const cutTransportStream = { ...transportStream, demuxer: null };
const bareStream = row('video', 'bare video stream', 'application/octet-stream', {
	endings: ['h264', '264', 'hevc', 'h265', '265', 'm4v', 'm2v'],
});
const animatedPng = row('image', 'animated PNG', 'image/png', { demuxer: 'apng' });
/** An icon of one to eight pictures begins like a bare stream of video. */
const iconStarts = ['\x01', '\x02', '\x03', '\x04', '\x05', '\x06', '\x07', '\x08'].map(
	(count) => `\0\0\x01\0${count}\0`,
);
const avifBrands = ['avif', 'avis'];
const avif = row('image', 'AVIF', 'image/heif', {
	...{ demuxer: 'mov', starts: at(4, ...avifBrands.map((brand) => `ftyp${brand}`)), endings: ['avif'] },
});
const heifBrands = [
	'heic',
	'heix',
	'heim',
	'heis',
	'hevc',
	'hevx',
	'mif1',
	'mif2',
	'msf1',
	'avci',
	'avcs',
	'jpeg',
	'jpgs',
];
const heif = row('image', 'HEIF', 'image/heif', {
	...{ demuxer: 'mov', starts: at(4, ...heifBrands.map((brand) => `ftyp${brand}`)), endings: ['heic', 'heif'] },
});
const boxes = row('video', 'MP4 or QuickTime', 'video/mp4');
const playlist = row('playlist', 'playlist', 'text/x-playlist');
const text = row('text', 'text', 'text/plain');
const page = row('text', 'HTML page', 'text/html');
const pointer = row('text', 'Git LFS pointer', 'text/plain');

/** In the order in which they are tried: MP4 brands before MP4. */
export const mediaKinds: readonly MediaKind[] = [
	row('audio', 'MPEG-4 audio', 'audio/mp4', { demuxer: 'mov', starts: at(8, 'M4A ', 'M4B ') }),
	avif,
	heif,
	row('image', 'JPEG XL', 'image/jxl', {
		...{ demuxer: 'jpegxl_pipe', starts: at(0, '\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n'), endings: ['jxl'] },
	}),
	row('other', 'Canon raw photo', 'image/x-canon-cr3', { starts: at(4, 'ftypcrx ') }),
	row('video', 'QuickTime', 'video/quicktime', {
		demuxer: 'mov',
		starts: [...at(8, 'qt  '), ...at(4, 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot')],
		endings: ['mov', 'qt'],
	}),
	row('video', 'MP4', 'video/mp4', {
		...{ demuxer: 'mov', starts: at(4, 'ftyp'), endings: ['mp4', 'm4v', '3gp', '3g2', 'f4v'] },
	}),
	row('video', 'Matroska or WebM', 'video/x-matroska', {
		...{ demuxer: 'matroska', starts: at(0, '\x1a\x45\xdf\xa3'), endings: ['mkv', 'webm', 'mk3d'] },
	}),
	row('video', 'AVI', 'video/x-msvideo', { demuxer: 'avi', starts: at(8, 'AVI ', 'AVIX'), endings: ['avi', 'divx'] }),
	row('image', 'WebP', 'image/webp', { demuxer: 'webp_pipe', starts: at(8, 'WEBP'), endings: ['webp'] }),
	row('audio', 'WAV', 'audio/wav', { starts: at(8, 'WAVE') }),
	row('video', 'Flash Video', 'video/x-flv', { demuxer: 'flv', starts: at(0, 'FLV'), endings: ['flv'] }),
	row('video', 'Windows Media', 'video/x-ms-asf', {
		...{ demuxer: 'asf', starts: at(0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'), endings: ['wmv', 'asf'] },
	}),
	row('image', 'GIF', 'image/gif', { demuxer: 'gif', starts: at(0, 'GIF8'), endings: ['gif'] }),
	row('image', 'JPEG', 'image/jpeg', {
		...{ demuxer: 'jpeg_pipe', starts: at(0, '\xff\xd8\xff'), endings: ['jpg', 'jpeg', 'jpe', 'jfif'] },
	}),
	row('image', 'PNG', 'image/png', {
		demuxer: 'png_pipe',
		starts: at(0, '\x89PNG\r\n\x1a\n'),
		endings: ['png', 'apng'],
	}),
	animatedPng,
	row('image', 'BMP', 'image/bmp', { demuxer: 'bmp_pipe', starts: at(0, 'BM'), endings: ['bmp', 'dib'] }),
	row('image', 'TIFF', 'image/tiff', {
		demuxer: 'tiff_pipe',
		starts: at(0, 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'),
		endings: ['tif', 'tiff'],
	}),
	row('video', 'MPEG program stream', 'video/mpeg', {
		...{ demuxer: 'mpeg', starts: at(0, '\0\0\x01\xba'), endings: ['mpg', 'mpeg', 'vob'] },
	}),
	row('video', 'MPEG video', 'video/mpeg', { demuxer: 'mpegvideo', starts: at(0, '\0\0\x01\xb3') }),
	row('video', 'MXF', 'application/mxf', {
		demuxer: 'mxf',
		starts: at(0, '\x06\x0e\x2b\x34\x02\x05\x01\x01'),
		endings: ['mxf'],
	}),
	row('video', 'GXF', 'application/octet-stream', {
		...{ demuxer: 'gxf', starts: at(0, '\0\0\0\0\x01\xbc'), endings: ['gxf'] },
	}),
	row('video', 'RealMedia', 'video/x-realmedia', { demuxer: 'rm', starts: at(0, '.RMF'), endings: ['rm', 'rmvb'] }),
	row('video', 'DV', 'video/x-dv', { demuxer: 'dv', starts: at(0, '\x1f\x07\0'), endings: ['dv', 'dif'] }),
	row('video', 'NUT', 'video/x-nut', { demuxer: 'nut', starts: at(0, 'nut/multimedia'), endings: ['nut'] }),
	row('video', 'Windows TV recording', 'video/x-wtv', {
		...{ demuxer: 'wtv', starts: at(0, '\xb7\xd8\0\x20\x37\x49\xda\x11'), endings: ['wtv'] },
	}),
	row('video', 'AV1 bare stream', 'video/av1', { demuxer: 'obu', starts: at(0, '\x12\0\x0a'), endings: ['obu'] }),
	row('video', 'Ogg', 'video/ogg', { demuxer: 'ogg', starts: at(0, 'OggS'), endings: ['ogv', 'ogm'] }),
	row('video', 'IVF', 'video/x-ivf', { demuxer: 'ivf', starts: at(0, 'DKIF'), endings: ['ivf'] }),
	row('video', 'YUV4MPEG', 'video/x-yuv4mpeg', {
		demuxer: 'yuv4mpegpipe',
		starts: at(0, 'YUV4MPEG2'),
		endings: ['y4m'],
	}),
	row('audio', 'MP3', 'audio/mpeg', { starts: at(0, 'ID3', '\xff\xfb') }),
	row('audio', 'AAC', 'audio/aac', { starts: at(0, '\xff\xf1', '\xff\xf9') }),
	row('audio', 'FLAC', 'audio/flac', { starts: at(0, 'fLaC') }),
	row('other', 'PDF', 'application/pdf', { starts: at(0, '%PDF') }),
	row('other', 'zip archive', 'application/zip', { starts: at(0, 'PK\x03\x04', 'PK\x05\x06'), endings: ['zip'] }),
	row('other', 'gzip archive', 'application/gzip', { starts: at(0, '\x1f\x8b') }),
	row('other', 'RAR archive', 'application/vnd.rar', { starts: at(0, 'Rar!') }),
	row('other', '7-Zip archive', 'application/x-7z-compressed', { starts: at(0, '7z\xbc\xaf\x27\x1c') }),
	row('other', 'Windows program', 'application/x-msdownload', { starts: at(0, 'MZ') }),
	row('other', 'program', 'application/x-elf', { starts: at(0, '\x7fELF') }),
	row('image', 'JPEG 2000', 'image/jp2', {
		demuxer: 'j2k_pipe',
		endings: ['jp2', 'j2k'],
		starts: at(0, '\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'),
	}),
	row('other', 'Photoshop document', 'image/vnd.adobe.photoshop', { starts: at(0, '8BPS') }),
	row('other', 'icon', 'image/vnd.microsoft.icon', { starts: at(0, ...iconStarts) }),
	row('other', 'Fujifilm raw photo', 'image/x-fuji-raf', { starts: at(0, 'FUJIFILMCCD-RAW') }),
	row('other', 'Olympus raw photo', 'image/x-olympus-orf', { starts: at(0, 'IIRO', 'IIRS', 'MMOR') }),
	row('other', 'Panasonic raw photo', 'image/x-panasonic-rw2', { starts: at(0, 'IIU\0') }),
	row('other', 'Office document', 'application/x-ole-storage', { starts: at(0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1') }),
	...[transportStream, bareStream],
];

/** The kind of a file that begins with `head` (headBytes, or the whole file); null if unknown. */
export function kindOf(head: Uint8Array): MediaKind | null {
	const start = latin1(head);
	if (isPlaylist(head)) return playlist;
	const words = isText(head) ? kindOfText(start) : null;
	if (isAnimatedPng(start)) return animatedPng;
	const known = mediaKinds.find(({ starts }) =>
		starts.some(([place, bytes]) => start.startsWith(bytes, place) && !(words && bytes.length <= longestWord)),
	);
	if (known?.name === 'MP4' || known === heif) return kindOfBrands(start) ?? known;
	if (known || words) return known ?? words;
	if (isTransportStream(head)) return transportStream;
	if (hasTransportSync(head)) return cutTransportStream;
	if (isStartCode(head)) return bareStream;
	return isBox(head, start) ? boxes : null;
}

/** A picture by the brands that a file is compatible with (ISO/IEC 14496-12, 4.3): its first brand may be an application's own. */
function kindOfBrands(start: string): MediaKind | null {
	const size = start.charCodeAt(2) * 256 + start.charCodeAt(3);
	const brands = start.slice(16, size).match(/.{4}/gs) ?? [];
	if (brands.some((brand) => avifBrands.includes(brand))) return avif;
	return brands.some((brand) => heifBrands.includes(brand)) ? heif : null;
}

/** The animation control chunk comes before the image data (PNG 3, 11.3.6.1). */
const isAnimatedPng = (start: string) => /^\x89PNG(?:(?!IDAT)[\s\S])*acTL/.test(start);

/** A text may happen to begin with a signature of up to this many letters: `BMW`, `FLV files`, `ID3 tags`. */
const longestWord = 3;

/** Whether files of this kind are analysed. */
export const isPicture = (kind: MediaKind | null): boolean => kind?.kind === 'video' || kind?.kind === 'image';

const endings = new Set(mediaKinds.filter(isPicture).flatMap((kind) => kind.endings));

/** Whether a file name has the extension of a video or picture. */
export const isMediaName = (name: string): boolean => endings.has(/\.([^./\\]*)$/.exec(name)?.[1]?.toLowerCase() ?? '');

/** How files that list other files begin: HLS, ffconcat, DASH, SDP, XSPF, ASX, SMIL, PLS, RTSPtext, M3U of a cue sheet. */
const playlistStart =
	/^(#EXTM3U|#EXT-X-|ffconcat\b|file\s+['"]?\S|v=0\s|\[playlist\]|\[reference\]|RTSPtext|(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE[^>]*>\s*)?<(MPD|playlist|asx|smil|SmoothStreamingMedia|AssetMap|PackingList|CompositionPlaylist|tns:)\b)/is;

/** Whether a file that begins with `head` lists other files. */
export const isPlaylist = (head: Uint8Array): boolean => playlistStart.test(textStart(latin1(head)));

function kindOfText(start: string): MediaKind {
	if (/^(<!doctype html|<html|<head|<body)\b/i.test(textStart(start))) return page;
	return start.startsWith('version https://git-lfs') ? pointer : text;
}

/** Strips a byte-order mark and leading white space. */
const textStart = (start: string) => start.replace(/^\xef\xbb\xbf/, '').trimStart();

/** One character per byte. Not TextDecoder's latin1, which is Windows code page 1252 and maps 0x89 to another character. */
function latin1(head: Uint8Array): string {
	let result = '';
	for (const byte of head.subarray(0, headBytes)) result += String.fromCharCode(byte);
	return result;
}

/** Text has no control characters except tabs and line ends; a video has a zero byte early on. */
const isText = (head: Uint8Array) =>
	head.length > 0 && head.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 12 || byte === 13);

/** Packets begin with 0x47 (ISO/IEC 13818-1) and are 188 bytes long, or 192 with a 4-byte time before each (Blu-ray, AVCHD). */
const isTransportStream = (head: Uint8Array) =>
	[
		[0, 188],
		[4, 192],
	].some(([first = 0, step = 0]) => [0, 1, 2].every((i) => head[first + i * step] === 0x47));

/** A transport stream cut at any byte: five sync bytes at intervals of one packet (188, 192 or 204 bytes). */
function hasTransportSync(head: Uint8Array): boolean {
	const isSync = (first: number, step: number) => [0, 1, 2, 3, 4].every((i) => head[first + i * step] === 0x47);
	return [188, 192, 204].some((step) => Array.from({ length: step }, (_, i) => i).some((i) => isSync(i, step)));
}

/** A bare H.264, HEVC or MPEG-4 stream begins with 00 00 01 or 00 00 00 01 (ITU-T H.264, annex B). */
const isStartCode = (head: Uint8Array) =>
	head[0] === 0 && head[1] === 0 && (head[2] === 1 || (head[2] === 0 && head[3] === 1));

/** Any MP4 or QuickTime box: a length below 16 MiB, then four letters (ISO/IEC 14496-12, 4.2). */
const isBox = (head: Uint8Array, start: string) => head[0] === 0 && /^[a-zA-Z]{4}$/.test(start.slice(4, 8));
