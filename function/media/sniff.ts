/** What a file is by its first bytes: names and extensions are never believed. */

type Signature = { readonly demuxer: string; readonly at: number; readonly bytes: string };

/**
 * File signatures and ffmpeg's demuxer for each. The `*_pipe` demuxers read pictures literally, where `image2` would take
 * `frame%03d.jpg` for a pattern and open other files.
 */
const signatures: readonly Signature[] = [
	...['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'].map((bytes) => ({ demuxer: 'mov', at: 4, bytes })),
	{ demuxer: 'matroska', at: 0, bytes: '\x1a\x45\xdf\xa3' },
	{ demuxer: 'avi', at: 8, bytes: 'AVI ' },
	{ demuxer: 'avi', at: 8, bytes: 'AVIX' },
	{ demuxer: 'webp_pipe', at: 8, bytes: 'WEBP' },
	{ demuxer: 'flv', at: 0, bytes: 'FLV' },
	{ demuxer: 'asf', at: 0, bytes: '\x30\x26\xb2\x75\x8e\x66\xcf\x11' },
	{ demuxer: 'gif', at: 0, bytes: 'GIF8' },
	{ demuxer: 'jpeg_pipe', at: 0, bytes: '\xff\xd8\xff' },
	{ demuxer: 'png_pipe', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
	{ demuxer: 'bmp_pipe', at: 0, bytes: 'BM' },
	{ demuxer: 'tiff_pipe', at: 0, bytes: 'II*\0' },
	{ demuxer: 'tiff_pipe', at: 0, bytes: 'MM\0*' },
	{ demuxer: 'mpeg', at: 0, bytes: '\0\0\x01\xba' },
	{ demuxer: 'mpegvideo', at: 0, bytes: '\0\0\x01\xb3' },
	{ demuxer: 'ogg', at: 0, bytes: 'OggS' },
	{ demuxer: 'ivf', at: 0, bytes: 'DKIF' },
	{ demuxer: 'yuv4mpegpipe', at: 0, bytes: 'YUV4MPEG2' },
];

/** Demuxers that a file without a known signature may turn out to be; none of them opens other files. */
export const allowedDemuxers = [
	...new Set([
		...signatures.map(({ demuxer }) => demuxer),
		'mpegts',
		'h264',
		'hevc',
		'm4v',
		'mp3',
		'aac',
		'wav',
		'flac',
	]),
];

/** Demuxers of still pictures. */
export const isPictureDemuxer = (demuxer: string | null) => demuxer?.endsWith('_pipe') ?? false;

/** ffmpeg's demuxer for a file that begins with `head` (at least 400 bytes, or the whole file); null = no known signature. */
export function sniffDemuxer(head: Uint8Array): string | null {
	const text = Buffer.from(head).toString('latin1');
	const known = signatures.find(({ at, bytes }) => text.startsWith(bytes, at));
	if (known) return known.demuxer;
	return isTransportStream(head) ? 'mpegts' : null;
}

/** Packets of 188 bytes, or of 192 with a 4-byte time before each (Blu-ray, AVCHD), begin with 0x47 (ISO/IEC 13818-1). */
function isTransportStream(head: Uint8Array): boolean {
	return [
		[0, 188],
		[4, 192],
	].some(([first = 0, step = 0]) => [0, 1, 2].every((i) => head[first + i * step] === 0x47));
}

/** The first words of lists that name other files: HLS, ffconcat, DASH, SDP, XSPF, ASX, SMIL, PLS, RTSPtext, M3U of a cue sheet. */
const playlistStarts =
	/^(#EXTM3U|#EXT-X-|ffconcat\b|file\s+['"]?\S|v=0\s|\[playlist\]|\[reference\]|RTSPtext|(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!DOCTYPE[^>]*>\s*)?<(MPD|playlist|asx|smil|SmoothStreamingMedia|AssetMap|PackingList|CompositionPlaylist|tns:)\b)/is;

/** Whether a file that begins with `head` is a list of other files. */
export function isPlaylist(head: Uint8Array): boolean {
	const text = Buffer.from(head)
		.toString('latin1')
		.replace(/^\xef\xbb\xbf/, '')
		.trimStart();
	return playlistStarts.test(text);
}
