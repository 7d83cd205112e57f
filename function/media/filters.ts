import { toneMapFilters } from './colour.ts';
import { orientationFilters } from './orientation.ts';
import { uprightSize, type VideoStream } from './probe.ts';
import { type Selection, selectFilters } from './selection.ts';

/** Frames are scaled down to this longer side, px: faces in a 4K video stay large enough, and memory stays bounded. */
export const longestFrameSide = 1920;

/** Size of the decoded frames, px: upright, square pixels, at most `longestFrameSide`. */
export function frameSize(stream: VideoStream): { readonly width: number; readonly height: number } {
	const { width, height } = uprightSize(stream);
	const scale = Math.min(1, longestFrameSide / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * ffmpeg's filter chain from decoded to RGB frames. `select` comes first, so that skipped frames cost nothing; it selects the frame
 * shown at each target time, and its expression does not grow with the number of targets. Frames `fromGpu` have interleaved chroma
 * planes; these are split first, without loss, so that swscale converts both kinds to RGB in the same way.
 */
export function frameFilters(
	stream: VideoStream,
	selection: Selection,
	{ fromGpu = false, hasZscale = false } = {},
): string {
	const { width, height } = frameSize(stream);
	const [scaledWidth, scaledHeight] = stream.orientation.turnDeg % 180 === 0 ? [width, height] : [height, width];
	// without accurate_rnd: it changes values by 1 of 255 in the mean and adds 15 ms per 1080p frame
	const { matrix, isFullRange, hdr } = stream.colour;
	const colour = matrix ? `:in_color_matrix=${matrix}:in_range=${isFullRange ? 'full' : 'limited'}` : '';
	const size = `scale=${scaledWidth}:${scaledHeight}:flags=bicubic`;
	// zscale refuses odd sizes if chroma is subsampled
	const isOdd = scaledWidth % 2 === 1 || scaledHeight % 2 === 1;
	const wholeChroma = hdr && hdr.matrix !== 'gbr' && isOdd ? ['format=yuv444p16'] : [];
	const filters = [
		...(stream.interlaced ? ['bwdif=mode=send_frame'] : []), // before select, because it reads neighbouring frames
		...(selection.retimeHz ? [`setpts=N/(${selection.retimeHz}*TB)`] : []),
		...selectFilters(selection),
		...(fromGpu ? [`format=${stream.pixelFormat}`] : []),
		'showinfo=checksum=0', // prints the time of each selected frame to stderr
		...(hdr && hasZscale
			? [size, ...wholeChroma, ...toneMapFilters(hdr, isFullRange)]
			: [`${size}${colour}:out_range=full`]),
		'format=rgb24',
		...orientationFilters(stream.orientation),
	];
	return filters.join(',');
}
