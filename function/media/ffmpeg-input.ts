import { allowedDemuxers } from './sniff.ts';
import type { Source } from './source.ts';

/** Largest picture to decode, px: 8192 x 8192. */
export const maxPixels = 8192 * 8192;

/**
 * Arguments that make ffmpeg open this file and nothing else. `file:` keeps names such as `http:x` or `frame%03d.jpg` literal, the
 * first bytes decide the demuxer, and demuxers that open further files (hls, concat, dash, sdp, image2 ...) are not allowed.
 * `options` go before the input.
 */
export function inputArgs(source: InputSource, options: readonly string[] = []): string[] {
	const { path, demuxer, ignoresEdits = false } = source;
	return [
		...['-protocol_whitelist', 'file,pipe', '-format_whitelist', allowedDemuxers.join(',')],
		...['-max_pixels', String(maxPixels)],
		...(ignoresEdits ? ['-ignore_editlist', '1'] : []),
		...options,
		...(demuxer ? ['-f', demuxer] : []),
		...['-i', `file:${path}`],
	];
}

type InputSource = Pick<Source, 'path' | 'demuxer' | 'ignoresEdits'>;
