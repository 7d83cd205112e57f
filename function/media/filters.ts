import { toneMapFilters } from './colour.ts';
import { orientationFilters } from './orientation.ts';
import { uprightSize, type VideoStream } from './probe.ts';
import { type Selection, selectFilters } from './selection.ts';

/** Frames are scaled down to this longer side, px: faces in a 4K video stay large enough, and memory stays bounded. */
export const longestFrameSide = 1920;

/**
 * Size of the decoded frames, px: upright, square pixels, at most `longestFrameSide`. If pictures grow within the video, `growth` is how
 * many times wider or higher than the first one the largest is.
 */
export function frameSize(stream: VideoStream, growth = 1): { readonly width: number; readonly height: number } {
	const { width, height } = uprightSize(stream);
	const scale = Math.min(growth, longestFrameSide / Math.max(width, height));
	return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** How frames come from the decoder, and how they are to be shown. */
type FrameOptions = { readonly fromGpu?: boolean; readonly hasZscale?: boolean; readonly growth?: number };

/**
 * ffmpeg's filter chain from decoded to RGB frames. `select` comes first, so that skipped frames cost nothing; it selects the frame
 * shown at each target time, and its expression does not grow with the number of targets. Frames `fromGpu` have interleaved chroma
 * planes; these are split first, without loss, so that swscale converts both kinds to RGB in the same way.
 */
export function frameFilters(
	stream: VideoStream,
	selection: Selection,
	{ fromGpu = false, hasZscale = false, growth = 1 }: FrameOptions = {},
): string {
	const { width, height } = frameSize(stream, growth);
	const [scaledWidth, scaledHeight] = stream.orientation.turnDeg % 180 === 0 ? [width, height] : [height, width];
	// without accurate_rnd: it changes values by 1 of 255 in the mean and adds 15 ms per 1080p frame
	const { matrix, isFullRange, hdr } = stream.colour;
	const colour = matrix ? `:in_color_matrix=${matrix}:in_range=${isFullRange ? 'full' : 'limited'}` : '';
	const size = `scale=${fitted(stream, scaledWidth, scaledHeight)}:flags=bicubic`;
	const pad = padded(scaledWidth, scaledHeight);
	// zscale refuses odd sizes if chroma is subsampled
	const isOdd = scaledWidth % 2 === 1 || scaledHeight % 2 === 1;
	const wholeChroma = hdr && hdr.matrix !== 'gbr' && isOdd ? ['format=yuv444p16'] : [];
	const filters = [
		...(stream.interlaced ? deinterlaced(stream) : []), // before select, because it reads neighbouring frames
		...(selection.retimeHz ? [`setpts=N/(${selection.retimeHz}*TB)`] : []),
		...selectFilters(selection),
		...(fromGpu ? ['scale=iw:ih:eval=frame', `format=${stream.pixelFormat}`] : []),
		'showinfo=checksum=0', // prints the time of each selected frame to stderr
		...(hdr && hasZscale
			? [size, ...wholeChroma, pad, ...toneMapFilters(hdr, isFullRange)]
			: [`${size}${colour}:out_range=full`, pad]),
		'format=rgb24',
		...orientationFilters(stream.orientation),
	];
	return filters.join(',');
}

/** Options of `scale` for pictures of the stream's size, and for those of other sizes or shapes, which are shown whole within the same frame. */
function fitted({ codedWidth, codedHeight }: VideoStream, width: number, height: number): string {
	const side = (exact: number, other: string) =>
		`'if(eq(iw,${codedWidth})*eq(ih,${codedHeight}),${exact},max(1,min(${exact},round(${other}))))'`;
	return `w=${side(width, `${height}*dar`)}:h=${side(height, `${width}/dar`)}:eval=frame`;
}

const padded = (width: number, height: number) => `pad=${width}:${height}:-1:-1:gray:eval=frame`;

/** Pictures of other sizes are fitted first, because bwdif reads the frames before and after a change as of one size. */
function deinterlaced(stream: VideoStream): string[] {
	const { codedWidth, codedHeight } = stream;
	const fit = `scale=${fitted(stream, codedWidth, codedHeight)}:interl=1`;
	return [fit, padded(codedWidth, codedHeight), 'bwdif=mode=send_frame'];
}
