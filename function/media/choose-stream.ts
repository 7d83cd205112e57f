/** What is known about a video stream before one is chosen. */
export type StreamTraits = {
	readonly index: number;
	readonly isDefault: boolean;
	/** A cover, a thumbnail, or a picture that belongs to another stream (depth map, second eye). */
	readonly isAttached: boolean;
	/** Number of displayed packets; null if not counted. */
	readonly frames: number | null;
	/** Pixels per picture. */
	readonly area: number;
};

/** The stream to decode, and why it was chosen. */
export type Choice = {
	readonly index: number;
	readonly reason: 'only' | 'default' | 'most-frames' | 'largest' | 'first';
};

/** A stream with fewer frames than this share of the longest one is a thumbnail or a stub, whatever its flags say. */
const stubShare = 0.1;

/** Prefers the default stream, then the one with the most frames, then the largest picture; null if none has a picture. */
export function chooseStream(streams: readonly StreamTraits[]): Choice | null {
	const real = streams.filter(({ isAttached, frames, area }) => !isAttached && frames !== 0 && area > 0);
	const most = Math.max(0, ...real.map(framesOf));
	const whole = real.filter((stream) => stream.frames === null || stream.frames >= stubShare * most);
	const [best, second] = whole.toSorted(
		(a, b) =>
			Number(b.isDefault) - Number(a.isDefault) || framesOf(b) - framesOf(a) || b.area - a.area || a.index - b.index,
	);
	if (!best) return null;
	return { index: best.index, reason: streams.length === 1 ? 'only' : reasonFor(best, second) };
}

function reasonFor(best: StreamTraits, second: StreamTraits | undefined): Choice['reason'] {
	if (!second) return 'most-frames';
	if (best.isDefault !== second.isDefault) return 'default';
	if (framesOf(best) !== framesOf(second)) return 'most-frames';
	return best.area === second.area ? 'first' : 'largest';
}

const framesOf = ({ frames }: StreamTraits) => frames ?? 0;
