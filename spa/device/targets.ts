import { allHz } from '../../function/contract/plan.ts';
import type { VideoInfo } from '../../function/contract/report.ts';
import type { Timeline } from '../../function/media/timeline.ts';
import type { Sampling } from '../../function/values.ts';

/** Times at which frames are taken, from the first frame's on: the middles of equal parts, as in the program. */
export function targetsOf(
	{ frames, part, ranges, span }: Sampling,
	{ durationS }: Pick<VideoInfo, 'durationS'>,
	{ pace, frames: available }: Pick<Timeline, 'pace' | 'frames'>,
	times: readonly number[],
): number[] {
	const firstS = times[0] ?? 0;
	const middles = (fromS: number, lengthS: number, count: number) =>
		Array.from({ length: count }, (_, i) => firstS + fromS + ((i + 0.5) * lengthS) / count);
	if (ranges) return ranges.flatMap(({ fromS, toS, frames: count }) => middles(fromS, toS - fromS, count));
	if (part === 'start') return times.slice(0, frames === 'all' ? undefined : frames);
	if (durationS === null) return [...times];
	const count = frames === 'all' ? Math.max(1, Math.round(durationS * allHz)) : frames;
	if (pace === 'steady') return middles(span?.fromS ?? 0, span ? span.toS - span.fromS : durationS, count);
	const every = Math.max(1, available / count);
	return Array.from({ length: Math.min(count, available) }, (_, i) => times[Math.floor((i + 0.5) * every)] ?? firstS);
}
