import type { Reason, Verdict, VideoInfo } from '../contract/report.ts';
import type { JudgedTrack } from './judge-track.ts';
import { timeRangeText } from './time-text.ts';

type Kind = VideoInfo['kind'];
type Found = Omit<Verdict, 'sentence'>;

/** The answer in plain English: what was seen and where, or why nothing can be said; never a proof, never a bare number. */
export function verdictSentence(
	verdict: Found,
	tracks: readonly JudgedTrack[],
	{ kind }: Pick<VideoInfo, 'kind'>,
): string {
	switch (verdict.outcome) {
		case 'likely-fake':
			return `Strong signs that ${manipulated(tracks, kind)}${kind === 'image' ? '; a single picture tells less than a video' : ''}.`;
		case 'likely-real':
			return `No signs of manipulation found in ${cleared(tracks, kind)}; this does not prove that the ${noun(kind)} is genuine.`;
		case 'uncertain':
			return `Cannot say: ${unclear(verdict, tracks, kind)}.`;
		case 'not-applicable':
			return `Cannot say: ${notJudged(tracks, kind)}.`;
	}
}

const noun = (kind: Kind) => (kind === 'image' ? 'picture' : 'video');

/** More places than this are not listed one by one. */
const placesListed = 3;

function manipulated(tracks: readonly JudgedTrack[], kind: Kind): string {
	const fakes = tracks.filter((track) => track.outcome === 'likely-fake').toSorted((a, b) => a.startS - b.startS);
	const [first] = fakes;
	if (fakes.length === 1 && first) {
		if (kind === 'video') return `${theFace(first, kind)} was manipulated`;
		return tracks.length === 1
			? 'the face in this picture was manipulated'
			: `one of the ${tracks.length} faces in this picture was manipulated`;
	}
	const howMany = fakes.length === tracks.length ? allFaces(fakes.length) : `${fakes.length} of ${tracks.length} faces`;
	if (kind === 'image') return `${howMany} in this picture were manipulated`;
	const places = fakes.slice(0, placesListed).map((track) => timeRangeText(track.startS, track.endS));
	if (fakes.length > placesListed) places.push('other times');
	return `${howMany} were manipulated: at ${list(places, 'and')}`;
}

function cleared(tracks: readonly JudgedTrack[], kind: Kind): string {
	const faces = tracks.filter((track) => track.outcome === 'likely-real');
	const others = tracks.length - faces.length;
	const where = kind === 'image' ? ' in this picture' : '';
	if (others > 0)
		return `${faces.length} of ${tracks.length} faces${where} (the ${others === 1 ? 'other' : `other ${others}`} could not be judged)`;
	return faces.length === 1 && faces[0] ? theFace(faces[0], kind) : `${faces.length} faces${where}`;
}

function unclear(verdict: Found, tracks: readonly JudgedTrack[], kind: Kind): string {
	const deciding = tracks.find((track) => track.trackId === verdict.trackId);
	const has = (reason: Reason) => verdict.reasons.includes(reason);
	if (has('decode-errors') || !deciding) return `most of the frames taken from this ${noun(kind)} are damaged`;
	if (has('not-calibrated')) return 'how often this model is wrong was not measured, so that its score gives no answer';
	if (has('too-few-frames'))
		return tracks.length === 1
			? `the only face can be judged in ${frames(deciding.facesJudged)}, which is too few`
			: 'no face can be judged in enough frames';
	const face = theFace(deciding, kind, tracks.length);
	const contrast = has('tracks-disagree') ? `, while no signs were found in ${clearedOthers(tracks)}` : '';
	if (verdict.reasons[0] === 'tracks-disagree') return `${face} looks manipulated but is seen only briefly${contrast}`;
	if (has('wide-interval')) return `the frames of ${face} point in different directions${contrast}`;
	return `${face} is neither clearly manipulated nor clearly genuine${contrast}`;
}

function clearedOthers(tracks: readonly JudgedTrack[]): string {
	const count = tracks.filter((track) => track.outcome === 'likely-real').length;
	return count === 1 ? 'another face' : `${count} other faces`;
}

const tooPoor: Partial<Record<Reason, string>> = {
	'face-too-small': 'too small',
	'face-too-blurred': 'too blurred',
	'face-outside-picture': 'cut off by the edge of the picture',
};

function notJudged(tracks: readonly JudgedTrack[], kind: Kind): string {
	if (tracks.length === 0) return `no face was found in this ${noun(kind)}`;
	const reasons = [...new Set(tracks.flatMap((track) => track.reasons))];
	const words = reasons.flatMap((reason) => tooPoor[reason] ?? []);
	const largestPx = Math.floor(Math.max(...tracks.flatMap((track) => track.faces.map((face) => face.quality.sizePx))));
	const onlySmall = reasons.length === 1 && reasons[0] === 'face-too-small';
	if (tracks.length === 1)
		return onlySmall ? `the only face is ${largestPx} px high` : `the only face is ${list(words, 'or')}`;
	if (onlySmall) return `${allFaces(tracks.length)} are too small, the largest is ${largestPx} px high`;
	return words.length === 1
		? `${allFaces(tracks.length)} are ${words[0]}`
		: `none of the ${tracks.length} faces can be judged: they are ${list(words, 'or')}`;
}

function theFace(track: JudgedTrack, kind: Kind, faces = 1): string {
	if (kind === 'video') return `the face at ${timeRangeText(track.startS, track.endS)}`;
	return faces === 1 ? 'the face in this picture' : 'one face in this picture';
}

const frames = (count: number) => (count === 1 ? '1 frame' : `${count} frames`);

const allFaces = (count: number) => (count === 2 ? 'both faces' : `all ${count} faces`);

function list(words: readonly string[], joint: 'and' | 'or'): string {
	const last = words.at(-1) ?? '';
	return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}
