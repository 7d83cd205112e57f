import type { Change, Report, Span, Stability, Verdict } from '../contract/report.ts';
import { matchTrack } from '../vision/match-tracks.ts';
import type { JudgedTrack } from './judge-track.ts';

/** Longest part of a video that is copied and judged again, seconds, and shortest that is worth it. */
const [longestS, shortestS] = [6, 0.5];
/** Frames of each copy. */
export const stabilityFrames = 16;
/** Standard deviation of the blur, of the face's longer side: brows and lips stay, fine texture goes. */
const blurShare = 0.01;

/** What a test of stability looks at. */
export type StabilitySection = { readonly startS: number; readonly lengthS: number; readonly blurPx: number };

/** The middle of what decided: of the person's surest stretch, else of the time in which their faces were judged; null where that is too short. */
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

/** The same person in the report of a copy of the section: whose faces lie most often where theirs are; `video` is the whole one. */
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

/** What the copies say, in the order of the changes; a verdict is lost where a copy has another one than the part as it was. */
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

/** The verdict with the reason that it does not survive; an answer that is none cannot be lost. */
export function withStability(verdict: Verdict, stability: Stability | null): Verdict {
	const isDefinite = verdict.outcome === 'likely-fake' || verdict.outcome === 'likely-real';
	if (!isDefinite || !stability?.lost?.length) return verdict;
	return { ...verdict, reasons: [...verdict.reasons, 'not-stable'] };
}
