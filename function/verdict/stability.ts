import type { Change, Report, Span, Stability, Verdict } from '../contract/report.ts';
import { matchTrack } from '../vision/match-tracks.ts';
import type { JudgedTrack } from './judge-track.ts';

/** Longest and shortest part of a video, in seconds, that is copied and analysed again. */
const [longestS, shortestS] = [6, 0.5];
/** Frames per copy. */
export const stabilityFrames = 16;
/** Standard deviation of the blur as a share of the face's longer side: brows and lips stay, fine texture goes. */
const blurShare = 0.01;

/** The part of a video that a stability test copies. */
export type StabilitySection = { readonly startS: number; readonly lengthS: number; readonly blurPx: number };

/** The middle of what decided: of the person's most suspicious stretch, otherwise of the time in which their faces counted; null if that is too short. */
export function stabilitySection({ segments, reasons, faces }: JudgedTrack): StabilitySection | null {
	const judged = faces.filter((face) => face.excluded === null);
	const [worst] = reasons.includes('segments-disagree')
		? segments.filter(({ outcome }) => outcome === 'likely-fake').toSorted((a, b) => (b.logit ?? 0) - (a.logit ?? 0))
		: [];
	const within = worst ? judged.filter(({ timeS }) => timeS >= worst.startS && timeS <= worst.endS) : judged;
	const middle = within[within.length >> 1];
	const last = within.at(-1);
	if (!middle || !last) return null;
	const span: Span = worst ?? { startS: within[0]?.timeS ?? 0, endS: last.timeS };
	const lengthS = Math.min(longestS, span.endS - span.startS);
	if (lengthS < shortestS) return null;
	const startS = Math.min(Math.max(span.startS, middle.timeS - lengthS / 2), span.endS - lengthS);
	return { startS, lengthS, blurPx: Math.max(0.5, blurShare * middle.quality.sizePx) };
}

/** The same person in the report of a copy of the section: the one whose faces overlap theirs most often. `video` is the original. */
export function samePerson(
	copy: Pick<Report, 'tracks' | 'video'>,
	{ track, video, startS }: { readonly track: JudgedTrack; readonly video: Report['video']; readonly startS: number },
): Report['tracks'][number] | null {
	const scale = video.width / copy.video.width;
	const stepS = (track.endS - track.startS) / Math.max(1, track.faces.length - 1);
	const matches = copy.tracks.map((candidate) => {
		const count = candidate.faces.filter(({ timeS, box }) => {
			const placed = {
				timeS: timeS + startS,
				box: { x: box.x * scale, y: box.y * scale, width: box.width * scale, height: box.height * scale },
			};
			return matchTrack(placed, [track], Math.max(1, stepS)) !== null;
		}).length;
		return { candidate, count };
	});
	const [best] = matches.toSorted((a, b) => b.count - a.count);
	return best && best.count > 0 ? best.candidate : null;
}

/** The results of the copies in the order of the changes. A verdict is lost if a changed copy gives another outcome and the unchanged one does not. */
export function stabilityOf(
	verdict: Pick<Verdict, 'outcome'>,
	{ startS, lengthS }: StabilitySection,
	found: readonly { readonly change: Change; readonly person: Report['tracks'][number] | null }[],
): Stability {
	const copies = found.map(({ change, person }) => ({
		change,
		outcome: person?.outcome ?? ('not-applicable' as const),
		fakeProbability: person?.fakeProbability ?? null,
		logit: person?.logit ?? null,
	}));
	const isSame = copies.some(({ change, outcome }) => change === 'none' && outcome === verdict.outcome);
	const lost = copies.filter(({ outcome }) => outcome !== verdict.outcome).map(({ change }) => change);
	return { startS, endS: startS + lengthS, copies, lost: isSame ? lost : null, failed: null };
}

/** The verdict, with `not-stable` added if it does not survive; only a definite verdict can be lost. */
export function withStability(verdict: Verdict, stability: Stability | null): Verdict {
	const isDefinite = verdict.outcome === 'likely-fake' || verdict.outcome === 'likely-real';
	if (!isDefinite || !stability?.lost?.length) return verdict;
	return { ...verdict, reasons: [...verdict.reasons, 'not-stable'] };
}
