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

/** One walk through a video and the frames that it takes. */
export type Run = {
	readonly selection: Selection;
	/** The walk ends after this many frames; null = at the end. */
	readonly maxFrames: number | null;
	/** Which frames the decoder skips: `noref` = those that no other frame needs, `nokey` = all but key frames. */
	readonly skip: 'none' | 'noref' | 'nokey';
	/** Where to start, seconds from the start of the file; it starts at the key frame before. */
	readonly seekS: number;
	/** Nothing after this time is taken, seconds from the start of the file; null = all. */
	readonly untilS: number | null;
};

/** A frame as its packet tells it; the time is from the start of the file, seconds. */
export type Shown = { readonly timeS: number; readonly isKey: boolean };

/** A frame that a run takes: its place among all and its time, which may be a new one. */
type Taken = { readonly at: number; readonly timeS: number };

/** A target this close to the end of a frame belongs to the next one: times are rounded, each reader in its own way. */
export const roundingS = 1e-4;

/** The number of the last target before the end of a frame that starts at `timeS`; the targets are (i + .5) / rateHz, i = 0, 1 ... */
export function targetsPassed(timeS: number, { rateHz, shownS }: Pick<Selection, 'rateHz' | 'shownS'>): number {
	return Math.floor((timeS + shownS - roundingS) * (rateHz ?? 0) + 0.5);
}

/** Targets that count as passed before the first frame. */
const passedBefore = ({ rateHz, shownS, afterS }: Selection) =>
	afterS > 0 ? targetsPassed(afterS, { rateHz, shownS }) : 0;

/** A selection as filters of ffmpeg; `takenFrames` is the same rule over a list. Its expression does not grow with the number of targets. */
export function selectFilters(selection: Selection): string[] {
	const { rateHz, shownS, everyNth } = selection;
	if (everyNth) return [`select='gt(floor((n+1)/${everyNth}+0.5),floor(n/${everyNth}+0.5))'`];
	if (rateHz === null) return [];
	const passed = (time: string) => `floor((${time}-start_t+${shownS}-${roundingS})*${rateHz}+0.5)`;
	const before = passedBefore(selection);
	return [`select='gt(${passed('t')},if(isnan(prev_selected_t),${before},${passed('prev_selected_t')}))'`];
}

/**
 * The frames that a run takes of those that are shown, rising by time, as ffmpeg takes them by `selectFilters`. Whether no other frame needs
 * the one at a place is asked only where the run leaves out such frames and would take it.
 */
export async function* takenFrames(
	shown: readonly Shown[],
	{ selection, maxFrames, skip, seekS, untilS }: Run,
	isUnreferenced: (at: number) => Promise<boolean>,
): AsyncGenerator<Taken, void> {
	const { rateHz, everyNth, retimeHz } = selection;
	let passed = passedBefore(selection);
	let startS: number | null = null;
	let seen = 0;
	let taken = 0;
	const first = seekS > 0 ? shown.findLastIndex(({ timeS, isKey }) => isKey && timeS <= seekS) : 0;
	for (let at = Math.max(0, first); at < shown.length; at++) {
		const frame = shown[at] as Shown;
		if (skip === 'nokey' && !frame.isKey) continue;
		const number = seen++;
		const timeS = retimeHz ? number / retimeHz : frame.timeS;
		startS ??= timeS;
		const passedNow = targetsPassed(timeS - startS, selection);
		const isWanted = everyNth
			? Math.floor((number + 1) / everyNth + 0.5) > Math.floor(number / everyNth + 0.5)
			: rateHz === null || passedNow > passed;
		if (!isWanted || (skip === 'noref' && (await isUnreferenced(at)))) continue;
		if (untilS !== null && timeS > untilS) return;
		passed = passedNow;
		yield { at, timeS };
		taken++;
		if (taken === maxFrames) return;
	}
}
