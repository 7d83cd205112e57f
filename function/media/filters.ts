import { toneMapFilters } from './colour.ts';
import { orientationFilters } from './orientation.ts';
import { uprightSize, type VideoStream } from './probe.ts';

/** Frames larger than this on the longer side are scaled down to it: a face of a 4K video keeps enough px, memory stays bounded. */
export const longestFrameSide = 1920;

/** Size of the frames that come out of the decoder, px: upright, square pixels, at most `longestFrameSide`. */
export function frameSize(stream: VideoStream): { readonly width: number; readonly height: number } {
	const { width, height } = uprightSize(stream);
	const scale = Math.min(1, longestFrameSide / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Which frames are taken: `rateHz` a second of video, or every one when null. */
export type Selection = {
	readonly rateHz: number | null;
	/** How long a frame is shown, seconds; a frame counts from `t` to `t + shownS`. */
	readonly shownS: number;
	/** Nothing up to this time is taken, seconds from the first frame; 0 = from the start. */
	readonly afterS: number;
	/** Frames a second to give new times by, where those of the file cannot be believed; null = they can. */
	readonly retimeHz?: number | null;
	/** Every how manieth frame is taken, in place of `rateHz`; may be a fraction. */
	readonly everyNth?: number | null;
};

/** The number of the last target at or before the end of a frame that starts at `timeS`; the targets are (i + .5) / rateHz, i = 0, 1 ... */
export function targetsPassed(timeS: number, { rateHz, shownS }: Pick<Selection, 'rateHz' | 'shownS'>): number {
	return Math.floor((timeS + shownS) * (rateHz ?? 0) + 0.5);
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

function selectFilters(selection: Selection): string[] {
	const { rateHz, everyNth } = selection;
	if (everyNth) return [`select='gt(floor((n+1)/${everyNth}+0.5),floor(n/${everyNth}+0.5))'`];
	return rateHz === null ? [] : [`select='${selectExpression(selection, rateHz)}'`];
}

function selectExpression({ shownS, afterS }: Selection, rateHz: number): string {
	const passed = (time: string) => `floor((${time}-start_t+${shownS})*${rateHz}+0.5)`;
	const before = targetsPassed(afterS, { rateHz, shownS: afterS > 0 ? shownS : 0 });
	return `gt(${passed('t')},if(isnan(prev_selected_t),${before},${passed('prev_selected_t')}))`;
}
