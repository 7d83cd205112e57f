import { allowedDemuxers } from './sniff.ts';

/** Largest picture that is decoded, px: 8192 x 8192. */
export const maxPixels = 8192 * 8192;

/**
 * The arguments that open a file and nothing else: `file:` keeps names such as `http:x` or `frame%03d.jpg` literal, the
 * demuxer is the one of the first bytes, and a demuxer that opens further files (hls, concat, dash, sdp, image2 ...) is on no
 * list. `options` go before the input.
 */
export function inputArgs(path: string, demuxer: string | null, options: readonly string[] = []): string[] {
	return [
		...['-protocol_whitelist', 'file,pipe', '-format_whitelist', allowedDemuxers.join(',')],
		...['-max_pixels', String(maxPixels)],
		...options,
		...(demuxer ? ['-f', demuxer] : []),
		...['-i', `file:${path}`],
	];
}
