import type { Report, TrackReport } from '../../function/contract/report.ts';
import { tracksBySuspicion } from '../lib/verdict-words.ts';

export type Thresholds = Report['thresholds'];

/** People that are drawn one by one; the others are counted and stay in the report file. */
export const peopleShown = 12;

/** The deciding person first, then the others, the most suspicious before those that were not judged. */
export function peopleInOrder({ tracks, verdict }: Pick<Report, 'tracks' | 'verdict'>): TrackReport[] {
	const ordered = tracksBySuspicion(tracks);
	const decides = (track: TrackReport) => track.trackId === verdict.trackId;
	return [...ordered.filter(decides), ...ordered.filter((track) => !decides(track))];
}
