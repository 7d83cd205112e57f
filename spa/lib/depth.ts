import type { WirePlan } from '../../function/contract/plan.ts';

/** How many frames are analysed; `all` = five per second. */
export const depths = [10, 20, 40, 60, 80, 100, 'all'] as const;
export type Depth = (typeof depths)[number];

/** The service's default depth. */
export const defaultDepth: Depth = 40;

/** Frames per second for `all` (allHz of function/contract/plan.ts). */
const allHz = 5;

export const isDepth = (value: unknown): value is Depth => depths.some((depth) => depth === value);

/**
 * The plan of an analysis that somebody watches: heat maps, and the crop of each face as it is scored. `model` null = the service's default;
 * `stability` = test the verdict on changed copies.
 */
export function planFromDepth(depth: Depth, model: string | null = null, stability = false): WirePlan {
	const whole = { fromS: null, toS: null };
	const watched = { refine: 'auto', mode: 'whole', heatMaps: true, crops: true } as const;
	return { frames: depth, stability, model, tier: null, ...watched, ...whole };
}

/** Seconds of work for a depth: `secondsAFrame` from the service, `durationS` of the video (0 = a picture). null = unknown. */
export function workSeconds(
	depth: Depth,
	{ durationS, secondsAFrame }: { durationS: number | null; secondsAFrame: number | null },
): number | null {
	if (secondsAFrame === null) return null;
	if (durationS === 0) return secondsAFrame;
	if (depth !== 'all') return depth * secondsAFrame;
	return durationS === null ? null : Math.max(1, Math.round(durationS * allHz)) * secondsAFrame;
}
