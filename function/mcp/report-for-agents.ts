import { z } from 'zod';
import { peopleInOrder, peopleShown } from '../answer/people.ts';
import { printable } from '../answer/printable.ts';
import { classifierText, noteTexts, sentenceOf } from '../answer/sentence.ts';
import { countsText, english, rangeText, rateText, type Words } from '../answer/words.ts';
import {
	type ErrorRate,
	errorRateSchema,
	interval,
	outcomeSchema,
	type Report,
	ratio,
	reasonSchema,
	segmentSchema,
} from '../contract/report.ts';
import type { KeptReport } from './agent-analyses.ts';

/** What an agent must know before it passes a verdict on to people. */
const caveats = [
	'This is a statistical estimate by a program that is often wrong. It is not proof and not a finding of fact.',
	'Whenever you pass the verdict on, give the error rates with it, and say what they were measured on.',
	'"Likely real" means only that no signs of the known kinds of face manipulation were found; it does not show that the video is genuine. Videos generated as a whole, sound, cuts and captions are not examined.',
	'"Uncertain" and "not applicable" are no evidence in either direction.',
	'The score is not the probability that the video is fake: that depends on where the video comes from, too.',
	'Advise people to look at the moments named here themselves, to find the source of the clip, and to compare it with other footage.',
] as const;

/** A report as data for an agent: the verdict with its context, without pictures and individual faces. */
export const agentReportShape = {
	reportId: z.string(),
	fileName: z.string(),
	sha256: z.string(),
	kind: z.enum(['video', 'image']),
	durationS: z.number().nullable(),
	outcome: outcomeSchema,
	sentence: z.string(),
	reasons: z.array(reasonSchema),
	score: ratio.nullable(),
	scoreRange: interval.nullable(),
	thresholds: z.object({ likelyFakeAbove: ratio, likelyRealBelow: ratio }),
	isCalibrated: z.boolean(),
	errorRates: z.object({ falseAlarm: errorRateSchema.nullable(), missed: errorRateSchema.nullable() }),
	people: z.array(
		z.object({
			name: z.string(),
			outcome: outcomeSchema,
			score: ratio.nullable(),
			startS: z.number(),
			endS: z.number(),
			suspicious: z.array(segmentSchema),
		}),
	),
	framesSampled: z.number().int(),
	classifier: z.string().nullable(),
	caveats: z.array(z.string()),
};

/** Extracts the data of a report. */
export function agentReport({ id, report }: KeptReport): z.infer<z.ZodObject<typeof agentReportShape>> {
	const words = english;
	const { verdict, video } = report;
	return {
		reportId: id,
		fileName: printable(report.fileName),
		sha256: video.sha256,
		kind: video.kind,
		durationS: video.durationS,
		outcome: verdict.outcome,
		sentence: sentenceOf(report, words),
		reasons: verdict.reasons,
		score: verdict.fakeProbability,
		scoreRange: verdict.interval,
		thresholds: report.thresholds,
		isCalibrated: report.isCalibrated,
		errorRates: report.errorRates,
		people: peopleInOrder(report).map(({ trackId, outcome, fakeProbability, startS, endS }) => ({
			name: words.m.face.name(trackId),
			...{ outcome, score: fakeProbability, startS, endS },
			suspicious: verdict.segments.filter((segment) => segment.trackId === trackId),
		})),
		framesSampled: report.coverage.framesSampled,
		classifier: classifierText(report, words),
		caveats: [...caveats],
	};
}

/** The same as text: the verdict, how often such verdicts are wrong, and how to report it. The three always come together and in this order. */
export function agentText({ id, report }: KeptReport): string {
	const words = english;
	const { m, f } = words;
	const { verdict, thresholds, coverage } = report;
	const people = peopleInOrder(report);
	const scale = report.isCalibrated
		? m.answer.limits(f.score(thresholds.likelyFakeAbove), f.score(thresholds.likelyRealBelow))
		: m.answer.notCalibrated;
	return [
		`Verdict on the file ${JSON.stringify(printable(report.fileName))}: ${verdict.outcome}. ${sentenceOf(report, words)}`,
		...verdict.reasons.map((reason) => `${m.reasons[reason].title} ${m.reasons[reason].todo}`),
		'',
		'How often this program is wrong:',
		`- Genuine faces called likely fake: ${rateLine(report.errorRates.falseAlarm, words)}`,
		`- Manipulated faces called likely real: ${rateLine(report.errorRates.missed, words)}`,
		'',
		`Faces (score from 0, no signs, to 1, strong signs). ${scale}`,
		...people.slice(0, peopleShown).map((person) => `- ${personLine(person, report, words)}`),
		...(people.length > peopleShown ? [`- ${m.terminal.more(people.length - peopleShown)}`] : []),
		...(people.length === 0 ? ['- none'] : []),
		'',
		`Analysed: ${m.terminal.frames(coverage.framesSampled, coverage.framesWithoutFace)}`,
		...noteTexts(report, words),
		'',
		'How to speak of this:',
		...caveats.map((caveat) => `- ${caveat}`),
		'',
		`Report: ${id}`,
	].join('\n');
}

function rateLine(rate: ErrorRate | null, words: Words): string {
	if (rate === null) return `${words.m.answer.rateUnknown} Say that the error rate is unknown.`;
	return `${countsText(words, rate)} (${rateText(words, rate)}), measured on: ${rate.set}`;
}

function personLine(track: Report['tracks'][number], { video, verdict }: Report, words: Words): string {
	const { m, f } = words;
	const range = rangeText(words, track.interval);
	const parts = verdict.segments
		.filter(({ trackId }) => trackId === track.trackId)
		.map(({ startS, endS }) => f.span(startS, endS));
	return [
		m.face.name(track.trackId),
		...(video.kind === 'video' ? [f.span(track.startS, track.endS)] : []),
		track.fakeProbability === null
			? m.face.notJudged
			: `${m.face.score(f.score(track.fakeProbability))}${range === null ? '' : ` (${range})`}`,
		track.outcome,
		...(parts.length > 0 ? [`strong signs at ${m.and(parts)} only`] : []),
	].join(', ');
}
