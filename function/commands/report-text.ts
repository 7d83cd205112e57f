import { wordsIn } from '../answer/catalogues.ts';
import type { Language } from '../answer/languages.ts';
import { endOf, peopleInOrder, peopleShown } from '../answer/people.ts';
import { printable } from '../answer/printable.ts';
import { provenanceText } from '../answer/provenance.ts';
import {
	classifierText,
	legacySentences,
	movesText,
	noteTexts,
	secondPassText,
	sentenceOf,
	stabilityText,
} from '../answer/sentence.ts';
import { countsText, rangeText, rateText, referenceText, type Words } from '../answer/words.ts';
import type { Coverage, Report, Stability, TrackReport } from '../contract/report.ts';
import { timelineBlocks } from '../evidence/timeline-blocks.ts';
import type { Io } from './command.ts';

/** A report in plain words for a terminal; ends with a newline. */
export function reportText(report: Report, { stderr }: Pick<Io, 'stderr'>, language: Language = 'en'): string {
	const words = wordsIn(language);
	const { m } = words;
	const width = Math.max(20, Math.min(60, (stderr.columns || 80) - 34));
	const people = peopleInOrder(report);
	const classifier = classifierText(report, words);
	const secondPass = secondPassText(report, words);
	const reference = referenceText(words, report.verdict);
	const lines = [
		sentenceOf(report, words),
		...legacySentences(report, words),
		...report.verdict.reasons.map((reason) => m.marks.after([m.reasons[reason].title, m.reasons[reason].todo])),
		...report.verdict.segments.map((segment) => stretchLine(segment, words)),
		...originLines(report, words),
		...(people.length > 0 ? [scaleText(report, words)] : []),
		...people.slice(0, peopleShown).map((track) => trackLine(track, report, width, words)),
		...(people.length > peopleShown ? [m.terminal.more(people.length - peopleShown)] : []),
		...(reference === null ? [] : [reference]),
		...stabilityLines(report, words),
		coverageText(report.coverage, words),
		...(secondPass === null ? [] : [m.terminal.secondPass(secondPass)]),
		...noteTexts(report, words),
		...(classifier === null ? [] : [m.terminal.model(classifier)]),
		...errorText(report, words),
	];
	return [printable(report.fileName), ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function trackLine(track: TrackReport, report: Report, width: number, words: Words): string {
	const { m, f } = words;
	const isVideo = report.video.kind === 'video';
	const score = track.fakeProbability === null ? null : m.face.score(f.score(track.fakeProbability));
	const range = rangeText(words, track.interval);
	return [
		m.face.name(track.trackId),
		...(isVideo ? [timelineBlocks(track.faces, endOf(report), width), f.span(track.startS, track.endS)] : []),
		...(score === null ? [] : [range === null ? score : `${score} (${range})`]),
		m.outcomes[track.outcome],
	].join('  ');
}

/** A part of the video that shows strong signs when the rest does not. */
function stretchLine(
	{ trackId, startS, endS, fakeProbability }: Report['verdict']['segments'][number],
	{ m, f }: Words,
) {
	const place = m.stretches.item(m.face.name(trackId), f.span(startS, endS));
	return fakeProbability === null ? place : m.marks.named(place, m.face.score(f.score(fakeProbability)));
}

/** What the file says about its origin. */
function originLines({ provenance }: Report, words: Words): string[] {
	if (!provenance) return [];
	const { m } = words;
	const { credentials, claims, facts, noFacts, hints } = provenanceText(provenance, words);
	const claimed = claims.flatMap(({ heading, lines, actions }) => [
		`  ${heading}`,
		...[...actions, ...lines].map((line) => `    ${line}`),
	]);
	return [
		m.marks.named(m.provenance.heading, '').trimEnd(),
		`  ${m.marks.named(m.provenance.credentials, m.marks.after(credentials))}`,
		...claimed,
		...facts.map(([what, text]) => `  ${m.marks.named(what, text)}`),
		...(noFacts === null ? [] : [`  ${noFacts}`]),
		...hints.map((hint) => `  ${hint}`),
	];
}

/** The result of each changed copy, below a sentence on what it means for the verdict. */
function stabilityLines(report: Report, words: Words): string[] {
	const { m, f } = words;
	const summary = stabilityText(report, words);
	if (summary === null || !report.stability) return [];
	const lines = report.stability.copies.map(({ change, outcome, fakeProbability }) => {
		const score = fakeProbability === null ? m.face.notJudged : m.face.score(f.score(fakeProbability));
		const moves = change === 'none' ? null : movesText(report.stability as Stability, change, words);
		const moved = moves === null ? score : `${score} (${moves})`;
		return `  ${m.marks.named(m.stability.changes[change], m.marks.parts([moved, m.outcomes[outcome]]))}`;
	});
	return [m.marks.after([m.stability.heading, summary]), ...lines];
}

/** What the scores of the faces below mean. */
function scaleText({ thresholds, isCalibrated }: Report, { m, f }: Words): string {
	const { likelyFakeAbove, likelyRealBelow } = thresholds;
	const rule = isCalibrated
		? m.answer.limits(f.score(likelyFakeAbove), f.score(likelyRealBelow))
		: m.answer.notCalibrated;
	return m.marks.after([m.terminal.scale, rule]);
}

function coverageText(coverage: Coverage, { m }: Words): string {
	const excluded = Object.values(coverage.facesExcluded).reduce((sum, count) => sum + count, 0);
	const parts = [
		m.terminal.frames(coverage.framesSampled, coverage.framesWithoutFace),
		m.terminal.faces(coverage.facesFound, excluded),
	];
	if (coverage.framesCorrupt > 0) parts.push(m.terminal.corrupt(coverage.framesCorrupt));
	return m.marks.after(parts);
}

/** How often a verdict like this one is wrong. */
function errorText({ errorRates, verdict }: Report, words: Words): string[] {
	const { answer } = words.m;
	const isReal = verdict.outcome === 'likely-real';
	const rate = isReal ? errorRates.missed : verdict.outcome === 'likely-fake' ? errorRates.falseAlarm : null;
	if (!rate) return [];
	const [heading, say] = isReal
		? [answer.manipulatedHeading, answer.missed]
		: [answer.genuineHeading, answer.falseAlarm];
	const set = words.m.modelTexts[rate.set] ?? rate.set;
	const { named, ended } = words.m.marks;
	return [
		ended(named(answer.wrongHeading, named(heading, say(countsText(words, rate))))),
		named(rateText(words, rate), set),
	];
}
