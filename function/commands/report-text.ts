import type { Coverage, ErrorRate, Report, TrackReport } from '../contract/report.ts';
import { judgedByText, notCalibratedWords, olderWords, reasonWords, scoreText } from '../evidence/report-words.ts';
import { timelineBlocks } from '../evidence/timeline-blocks.ts';
import { timeText } from '../verdict/time-text.ts';
import type { Io } from './command.ts';
import { printable } from './printable.ts';

/** A report in plain words for a terminal, ends with a newline. */
export function reportText(report: Report, { stderr }: Pick<Io, 'stderr'>): string {
	const width = Math.max(20, Math.min(60, (stderr.columns || 80) - 34));
	const lines = [printable(report.fileName), `  ${report.verdict.sentence}`];
	for (const sentence of olderWords(report)) lines.push(`  ${sentence}`);
	for (const reason of report.verdict.reasons) lines.push(`  ${reasonWords[reason]}`);
	if (report.tracks.length > 0) lines.push(`  ${scaleText(report)}`);
	for (const track of report.tracks.slice(0, MAX_TRACKS)) lines.push(trackLine(track, report, width));
	if (report.tracks.length > MAX_TRACKS)
		lines.push(`  … and ${report.tracks.length - MAX_TRACKS} more, see the report.`);
	lines.push(`  ${coverageText(report.coverage)}`);
	const judge = judgedByText(report);
	if (judge !== null) lines.push(`  Judged by ${judge}.`);
	lines.push(...errorText(report));
	return `${lines.join('\n')}\n`;
}

const MAX_TRACKS = 12;

function trackLine(track: TrackReport, report: Report, width: number): string {
	const blocks =
		report.video.kind === 'image'
			? ''
			: ` ${timelineBlocks(track.faces, report.video.durationS ?? report.coverage.lastFrameS ?? track.endS, width)}`;
	const range = track.interval ? ` (range ${track.interval.map(scoreText).join(' to ')})` : '';
	const score = track.fakeProbability === null ? '' : `, score ${scoreText(track.fakeProbability)}${range}`;
	const times = report.video.kind === 'image' ? '' : ` ${timeText(track.startS)}–${timeText(track.endS)}`;
	return `  Face ${track.trackId}${blocks}${times}  ${track.outcome}${score}`;
}

/** What the score of the faces below means. */
function scaleText({ thresholds, isCalibrated }: Report): string {
	if (!isCalibrated) return `Score from 0 (no signs) to 1 (strong signs). ${notCalibratedWords}`;
	const { likelyFakeAbove, likelyRealBelow } = thresholds;
	return `Score from 0 (no signs) to 1 (strong signs); likely-fake above ${scoreText(likelyFakeAbove)}, likely-real below ${scoreText(likelyRealBelow)}:`;
}

function coverageText(coverage: Coverage): string {
	const excluded = Object.values(coverage.facesExcluded).reduce((sum, count) => sum + count, 0);
	const parts = [
		`${count(coverage.framesSampled, 'frame')} looked at, ${coverage.framesWithoutFace} without a face`,
		`${count(coverage.facesFound, 'face')} found, ${excluded} not good enough to judge`,
	];
	if (coverage.framesCorrupt > 0) parts.push(`${count(coverage.framesCorrupt, 'corrupt frame')} dropped`);
	return `${parts.join('; ')}.`;
}

function errorText({ errorRates, verdict }: Report): string[] {
	if (verdict.outcome === 'likely-fake' && errorRates.falseAlarm)
		return [`  How often this is wrong: ${rateText(errorRates.falseAlarm)} of genuine faces are called fake.`];
	if (verdict.outcome === 'likely-real' && errorRates.missed)
		return [`  How often this is wrong: ${rateText(errorRates.missed)} of manipulated faces are called real.`];
	return [];
}

const rateText = ({ rate, n, interval, set }: ErrorRate) =>
	`${percent(rate)} (95 % range ${interval.map(percent).join('–')}, n = ${n}, ${set})`;

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;

const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
