/** Time window of the average, in ms. */
const windowMs = 5_000;

/** A moving average of bytes per second; `now` in ms. */
export function createSpeed(now: () => number) {
	let samples: readonly { atMs: number; bytes: number }[] = [];
	return {
		/** Adds the total bytes sent so far and returns the speed; null = too early to tell. */
		add(bytes: number): number | null {
			const atMs = now();
			const firstInside = samples.findIndex((sample) => atMs - sample.atMs <= windowMs);
			samples = [...samples.slice(firstInside < 0 ? -1 : Math.max(0, firstInside - 1)), { atMs, bytes }];
			const first = samples[0];
			return first && atMs - first.atMs >= 500
				? Math.max(0, (1000 * (bytes - first.bytes)) / (atMs - first.atMs))
				: null;
		},
		/** Forgets the past, for example after a pause. */
		reset() {
			samples = [];
		},
	};
}
