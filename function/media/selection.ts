/** Which frames are selected: `rateHz` per second of video, or every frame if null. */
export type Selection = {
	readonly rateHz: number | null;
	/** Display time of a frame, seconds; a frame counts from `t` to `t + shownS`. */
	readonly shownS: number;
	/** Frames up to this time are skipped, seconds from the first frame; 0 selects from the start. */
	readonly afterS: number;
	/** Time of the frame that the others count from, seconds from where ffmpeg was asked to seek to; null for the first decoded one. */
	readonly startS?: number | null;
	/** Frame rate to assign new times by if the file's are unreliable; null to keep the file's. */
	readonly retimeHz?: number | null;
	/** Selects every n-th frame and replaces `rateHz`; may be a fraction. */
	readonly everyNth?: number | null;
	/** Numbers of the decoded frames to select, from 0, and replaces `rateHz`. */
	readonly numbers?: readonly number[] | null;
};

/** One pass through a video and the frames that it selects. */
export type Run = {
	readonly selection: Selection;
	/** The run ends after this many frames; null for no limit. */
	readonly maxFrames: number | null;
	/** Which frames the decoder skips: `noref` = unreferenced frames, `nokey` = all but key frames. */
	readonly skip: 'none' | 'noref' | 'nokey';
	/** Where to start, seconds from the start of the file; decoding begins at the key frame before. */
	readonly seekS: number;
	/** Frames after this time are skipped, seconds from the start of the file; null for no limit. */
	readonly untilS: number | null;
};

/** A frame by its packet; the time is seconds from the start of the file. */
export type ShownFrame = { readonly timeS: number; readonly isKey: boolean };

/** A frame that a run selects: its position among all frames and its time, which may be newly assigned. */
type SelectedFrame = { readonly at: number; readonly timeS: number };

/** A target within this of the end of a frame, seconds, belongs to the next one, because readers round times differently. */
export const roundingS = 1e-4;

/** The number of the last target before the end of a frame that starts at `timeS`; the targets are (i + .5) / rateHz, i = 0, 1 ... */
export function targetsPassed(timeS: number, { rateHz, shownS }: Pick<Selection, 'rateHz' | 'shownS'>): number {
	return Math.floor((timeS + shownS - roundingS) * (rateHz ?? 0) + 0.5);
}

/** Number of targets that count as passed before the first frame. */
const passedBefore = ({ rateHz, shownS, afterS }: Selection) =>
	afterS > 0 ? targetsPassed(afterS, { rateHz, shownS }) : 0;

/** Numbers of the key frames that a run of key frames selects; `keyTimesS` in ascending order. */
export function selectKeys(
	keyTimesS: readonly number[],
	{ selection, maxFrames }: Pick<Run, 'selection' | 'maxFrames'>,
): number[] {
	const [startS = 0] = keyTimesS;
	let passed = passedBefore(selection);
	const numbers: number[] = [];
	for (const [number, timeS] of keyTimesS.entries()) {
		const passedNow = targetsPassed(timeS - startS, selection);
		if (passedNow > passed) numbers.push(number);
		passed = Math.max(passed, passedNow);
	}
	return numbers.slice(0, maxFrames ?? undefined);
}

/** A selection as ffmpeg filters; `selectFrames` applies the same rule to a list. Without `numbers`, the expression does not grow with the number of targets. */
export function selectFilters(selection: Selection): string[] {
	const { rateHz, shownS, everyNth, numbers, startS } = selection;
	if (numbers) return [`select='${numbers.map((number) => `eq(n,${number})`).join('+')}'`];
	if (everyNth) return [`select='gt(floor((n+1)/${everyNth}+0.5),floor(n/${everyNth}+0.5))'`];
	if (rateHz === null) return [];
	const passed = (time: string) => `floor((${time}-(${startS ?? 'start_t'})+${shownS}-${roundingS})*${rateHz}+0.5)`;
	const before = passedBefore(selection);
	return [`select='gt(${passed('t')},if(isnan(prev_selected_t),${before},${passed('prev_selected_t')}))'`];
}

/**
 * The frames that a run selects from those displayed, in ascending order of time, exactly as ffmpeg does with `selectFilters`.
 * `isUnreferenced` is called only for frames that would be selected, and only if the run skips unreferenced ones.
 */
export async function* selectFrames(
	shown: readonly ShownFrame[],
	{ selection, maxFrames, skip, seekS, untilS }: Run,
	isUnreferenced: (at: number) => Promise<boolean>,
): AsyncGenerator<SelectedFrame, void> {
	const { rateHz, everyNth, retimeHz } = selection;
	let passed = passedBefore(selection);
	let startS: number | null = null;
	let seen = 0;
	let taken = 0;
	const first = seekS > 0 ? shown.findLastIndex(({ timeS, isKey }) => isKey && timeS <= seekS) : 0;
	for (let at = Math.max(0, first); at < shown.length; at++) {
		const frame = shown[at] as ShownFrame;
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
