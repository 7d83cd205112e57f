import { toneMapFilters } from './colour.ts';
import { orientationFilters } from './orientation.ts';
import { uprightSize, type VideoStream } from './probe.ts';
import { type Selection, selectFilters } from './selection.ts';

/** Frames larger than this on the longer side are scaled down to it: a face of a 4K video keeps enough px, memory stays bounded. */
export const longestFrameSide = 1920;

/** Size of the frames that come out of the decoder, px: upright, square pixels, at most `longestFrameSide`. */
export function frameSize(stream: VideoStream): { readonly width: number; readonly height: number } {
	const { width, height } = uprightSize(stream);
	const scale = Math.min(1, longestFrameSide / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * ffmpeg's filter chain from decoded to RGB frames. `select` comes first, so that a frame that is not taken costs nothing;
 * it takes the frame shown at each target time, and its expression does not grow with the number of targets. A frame `fromGpu` has its
 * planes of colour interleaved; they are parted first, without loss, so that swscale takes the same way to RGB for both.
 */
export function frameFilters(
	stream: VideoStream,
	selection: Selection,
	{ fromGpu = false, hasZscale = false } = {},
): string {
	const { width, height } = frameSize(stream);
	const [scaledWidth, scaledHeight] = stream.orientation.turnDeg % 180 === 0 ? [width, height] : [height, width];
	// No accurate_rnd: it is a mean difference of 1 level of 255, and takes 15 ms more for a 1080p frame.
	const { matrix, isFullRange, hdr } = stream.colour;
	const colour = matrix ? `:in_color_matrix=${matrix}:in_range=${isFullRange ? 'full' : 'limited'}` : '';
	const size = `scale=${scaledWidth}:${scaledHeight}:flags=bicubic`;
	const filters = [
		...(stream.interlaced ? ['bwdif=mode=send_frame'] : []), // before select: it looks at the neighbours
		...(selection.retimeHz ? [`setpts=N/(${selection.retimeHz}*TB)`] : []),
		...selectFilters(selection),
		...(fromGpu ? [`format=${stream.pixelFormat}`] : []),
		'showinfo=checksum=0', // tells the time of each taken frame on stderr
		...(hdr && hasZscale ? [size, ...toneMapFilters(hdr, isFullRange)] : [`${size}${colour}:out_range=full`]),
		'format=rgb24',
		...orientationFilters(stream.orientation),
	];
	return filters.join(',');
}
