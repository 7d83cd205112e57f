import type { FaceEntry, Report, TrackReport } from '../contract/report.ts';
import { timeRangeText, timeText } from '../verdict/time-text.ts';
import { type Html, html } from './html.ts';
import { outcomeWords, plural, rangeText, scoreText } from './report-words.ts';

/** Width and height of a lane's own coordinates; the page stretches them, lines and dots keep their thickness. */
const laneWidth = 1000;
const laneHeight = 100;

/** More faces than this are thinned to the highest and lowest of each column. */
const maxDots = 800;

/** The timeline: one lane a person, time from left to right, score from bottom to top, the two limits as shaded bands. */
export function renderTimeline(report: Report, tracks: readonly TrackReport[]): Html {
	const lastS = Math.max(...report.tracks.map((track) => track.endS), report.coverage.lastFrameS ?? 0);
	const endS = Math.max(report.video.durationS ?? lastS, lastS, 0.001);
	const ticks = timeTicks(endS);
	return html`<div class="chart">
${tracks.map((track) => renderLane(track, report, endS, ticks))}
<div class="axis" aria-hidden="true"><span class="gutter"></span><div class="times">${ticks.map(
		(tick) =>
			html`<span class="${tick / endS > 0.95 && 'last'}" style="left:${percent(tick / endS)}">${timeText(tick)}</span>`,
	)}</div></div>
</div>`;
}

function renderLane(track: TrackReport, { thresholds }: Report, endS: number, ticks: readonly number[]): Html {
	const { likelyFakeAbove, likelyRealBelow } = thresholds;
	const y = (p: number) => round(laneHeight * (1 - p));
	const x = (timeS: number) => round((laneWidth * timeS) / endS);
	const runs = judgedRuns(track.faces).map((run) => thin(run, endS));
	const excluded = track.faces.filter((face) => face.excluded !== null);
	const line = (run: readonly FaceEntry[]) =>
		`M${run.map((face) => `${x(face.timeS)} ${y(face.fakeProbability)}`).join('L')}`;
	const dots = runs.flat().map((face) => `M${x(face.timeS)} ${y(face.fakeProbability)}h.01`);
	return html`<figure class="lane">
<figcaption>${laneTitle(track)}</figcaption>
<div class="plot"><div class="gutter" aria-hidden="true">
<span style="top:0">strong signs</span><span style="bottom:0">no signs</span></div>
<svg viewBox="0 0 ${laneWidth} ${laneHeight}" preserveAspectRatio="none" role="img" aria-label="${laneSummary(track)}">
<rect class="band-fake" x="0" y="0" width="${laneWidth}" height="${y(likelyFakeAbove)}"/>
<rect class="band-real" x="0" y="${y(likelyRealBelow)}" width="${laneWidth}" height="${round(laneHeight * likelyRealBelow)}"/>
<path class="grid" d="${ticks.map((tick) => `M${x(tick)} 0V${laneHeight}`).join('')}"/>
<path class="limit" d="M0 ${y(likelyFakeAbove)}H${laneWidth}M0 ${y(likelyRealBelow)}H${laneWidth}"/>
<path class="line" d="${runs.map(line).join('')}"/>
<path class="dots" d="${dots.join('')}"/>
<path class="skipped" d="${excluded.map((face) => `M${x(face.timeS)} ${laneHeight}v-7`).join('')}"/>
</svg></div>
</figure>`;
}

function laneTitle(track: TrackReport): Html {
	return html`<b>Face ${track.trackId}</b>, ${timeRangeText(track.startS, track.endS)} <span class="tag ${track.outcome}">${outcomeWords[track.outcome]}</span>`;
}

/** The lane for people who do not see it. */
function laneSummary(track: TrackReport): string {
	const when = `Face ${track.trackId}, ${timeRangeText(track.startS, track.endS)}`;
	if (track.fakeProbability === null) return `${when}: not judged.`;
	const range = track.interval ? `, range ${rangeText(track.interval)}` : '';
	return `${when}: ${plural(track.facesJudged, 'frame')} judged, score ${scoreText(track.fakeProbability)}${range}. ${outcomeWords[track.outcome]}.`;
}

/** Judged faces of sampled frames that follow each other; where a frame has no judged face the line is broken. */
function judgedRuns(faces: readonly FaceEntry[]): FaceEntry[][] {
	const runs: FaceEntry[][] = [];
	for (const face of faces) {
		if (face.excluded !== null) continue;
		const run = runs.at(-1);
		if (run && face.frameIndex - (run.at(-1)?.frameIndex ?? 0) === 1) run.push(face);
		else runs.push([face]);
	}
	return runs;
}

function thin(run: readonly FaceEntry[], endS: number): FaceEntry[] {
	if (run.length <= maxDots) return [...run];
	const columns = new Map<number, { low: FaceEntry; high: FaceEntry }>();
	for (const face of run) {
		const at = Math.floor((face.timeS / endS) * (maxDots / 2));
		const column = columns.get(at);
		if (!column) columns.set(at, { low: face, high: face });
		else if (face.fakeProbability < column.low.fakeProbability) column.low = face;
		else if (face.fakeProbability > column.high.fakeProbability) column.high = face;
	}
	return [...columns.values()].flatMap(({ low, high }) =>
		low === high ? [low] : [low, high].toSorted((a, b) => a.timeS - b.timeS),
	);
}

const tickSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];

/** At most six round times from 0 to the end, seconds. */
function timeTicks(endS: number): number[] {
	const step = tickSteps.find((candidate) => endS / candidate <= 5) ?? Math.ceil(endS / 5 / 3600) * 3600;
	return Array.from({ length: Math.floor(endS / step) + 1 }, (_, i) => i * step);
}

/** A score with its range on the scale 0..1, the two limits shaded. */
export function renderScale(
	probability: number,
	interval: readonly [number, number] | null,
	{ likelyFakeAbove, likelyRealBelow }: Report['thresholds'],
): Html {
	const [low, high] = interval ?? [probability, probability];
	return html`<div class="scale" aria-hidden="true">
<div class="bar"><i class="zone-real" style="width:${percent(likelyRealBelow)}"></i><i class="zone-fake" style="left:${percent(likelyFakeAbove)}"></i>
<i class="range" style="left:${percent(low)};width:${percent(high - low)}"></i><i class="mark" style="left:${percent(probability)}"></i></div>
<div class="words"><span>0: no signs</span><span>1: strong signs</span></div>
</div>`;
}

const percent = (share: number) => `${round(100 * Math.min(1, Math.max(0, share)))}%`;

const round = (value: number) => Math.round(value * 100) / 100;
