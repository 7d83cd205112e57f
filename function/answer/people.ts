import type { Report, Segment, TrackReport } from '../contract/report.ts';

/** Where a score lies relative to the thresholds. */
export type Band = 'no-signs' | 'unclear' | 'strong-signs' | 'not-judged' | 'no-limits';

/** The thresholds of a report. */
export type Thresholds = Report['thresholds'];

/** Maximum number of people shown individually; the rest are counted. */
export const peopleShown = 12;

/** The deciding person first, then the others by descending suspicion; those that were not judged come last. */
export function peopleInOrder({ tracks, verdict }: Pick<Report, 'tracks' | 'verdict'>): TrackReport[] {
	const rank = (track: TrackReport) => (track.trackId === verdict.trackId ? 2 : (track.fakeProbability ?? -1));
	return tracks.toSorted((a, b) => rank(b) - rank(a) || b.faces.length - a.faces.length || a.trackId - b.trackId);
}

/** Where a score lies relative to a report's thresholds; null = not judged. */
export function bandOf(score: number | null, { likelyFakeAbove, likelyRealBelow }: Thresholds): Band {
	if (score === null) return 'not-judged';
	if (likelyFakeAbove === 1 && likelyRealBelow === 0) return 'no-limits'; // the model is not calibrated
	if (score > likelyFakeAbove) return 'strong-signs';
	return score < likelyRealBelow ? 'no-signs' : 'unclear';
}

/** A person's stretches that show strong signs when the rest does not, as marked in a lane; empty in reports from before there were segments. */
export function stretchesOf(track: Pick<TrackReport, 'reasons' | 'segments'>): readonly Segment[] {
	if (!track.reasons.includes('segments-disagree')) return [];
	return track.segments.filter(({ outcome }) => outcome === 'likely-fake');
}

/** The length of a report's time axis, in seconds: that of the video, or up to the last thing seen. */
export function endOf({ video, coverage, tracks }: Pick<Report, 'video' | 'coverage' | 'tracks'>): number {
	const seenS = tracks.reduce((latest, { endS }) => Math.max(latest, endS), coverage.lastFrameS ?? 0);
	return Math.max(video.durationS ?? 0, seenS, 0.001);
}
