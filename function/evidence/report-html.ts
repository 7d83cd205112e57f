import type { ErrorRate, Moment, Report, TrackReport } from '../contract/report.ts';
import { timeRangeText, timeText } from '../verdict/time-text.ts';
import { heatColours } from './draw-heat-map.ts';
import { type Html, html } from './html.ts';
import { renderScale, renderTimeline } from './report-chart.ts';
import { reportStyle } from './report-style.ts';
import {
	bytesText,
	countsText,
	judgedByText,
	limitWords,
	noHeatMapWords,
	notCalibratedWords,
	olderWords,
	outcomeWords,
	plural,
	rangeText,
	reasonWords,
	samplingText,
	scoreText,
} from './report-words.ts';

/** People drawn and shown one by one; the others are counted and stay in report.json. */
const peopleShown = 12;

/**
 * A report as one HTML page that needs nothing else: no script, no network, pictures inside. `overlays` are the heat maps drawn over their
 * crops, JPEG, by moment; a moment without one shows its crop alone.
 */
export function renderReportHtml(report: Report, overlays: ReadonlyMap<Moment, Uint8Array> = new Map()): string {
	const people = bySuspicion(report).slice(0, peopleShown);
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${report.fileName}: ${report.verdict.sentence}</title>
<style>${{ html: reportStyle }}</style>
</head>
<body>
<header>Unmask report on <b>${report.fileName}</b>, ${dateText(report.createdAt)}</header>
<main>
${renderAnswer(report)}
${renderRange(report)}
${renderErrorRates(report)}
${report.video.kind === 'video' && people.length > 0 && renderOverTime(report, people)}
${renderPeople(report, people, overlays)}
${renderCoverage(report)}
<h2>What this cannot see</h2>
<ul>${limitWords(report, overlays.size > 0).map((limit) => html`<li>${limit}</li>`)}</ul>
${renderRun(report)}
</main>
<footer>Written by Unmask ${report.tool.version}. The same as data: report.json; <code>unmask verify report.json FILE</code> repeats the analysis and tells what differs.</footer>
</body>
</html>
`.html;
}

/** The deciding track first, then the others, the most suspicious before those that were not judged. */
function bySuspicion({ tracks, verdict }: Report): TrackReport[] {
	const rank = (track: TrackReport) => (track.trackId === verdict.trackId ? 2 : (track.fakeProbability ?? -1));
	return tracks.toSorted((a, b) => rank(b) - rank(a) || b.faces.length - a.faces.length || a.trackId - b.trackId);
}

function renderAnswer(report: Report): Html {
	const { verdict } = report;
	return html`<section class="answer ${verdict.outcome}">
<h1>${verdict.sentence}</h1>
${olderWords(report).map((sentence) => html`<p>${sentence}</p>`)}
${verdict.reasons.length > 0 && html`<ul>${verdict.reasons.map((reason) => html`<li>${reasonWords[reason]}</li>`)}</ul>`}
</section>`;
}

function renderRange(report: Report): Html | null {
	const { verdict, thresholds, tracks, video } = report;
	if (verdict.fakeProbability === null) return null;
	const { likelyFakeAbove, likelyRealBelow } = thresholds;
	const which = tracks.length === 1 ? 'The face' : `Face ${verdict.trackId}, the one that decided,`;
	return html`<h2>The score and its range</h2>
<p>${which} scores <b>${scoreText(verdict.fakeProbability)}</b> on a scale from 0 (no signs) to 1 (strong signs). ${rangeSentence(verdict.interval, video.kind)}</p>
${
	!report.isCalibrated
		? html`<p class="soft">${notCalibratedWords}</p>`
		: html`${renderScale(verdict.fakeProbability, verdict.interval, thresholds)}
<p class="soft">Above ${scoreText(likelyFakeAbove)} the answer is “strong signs”, below ${scoreText(likelyRealBelow)} “no signs found”, and between them “cannot say”. It is not the chance that this ${video.kind === 'image' ? 'picture' : 'video'} is a fake: that depends on where it comes from, too.</p>`
}`;
}

function rangeSentence(interval: readonly [number, number] | null, kind: Report['video']['kind']): string {
	if (interval)
		return `Its 95 % range is ${rangeText(interval)}: that is how far the score moves when other frames of the same clip are taken.`;
	return kind === 'image' ? 'A single picture gives no range.' : 'There are too few frames to give a range.';
}

function renderErrorRates({ errorRates, verdict, tracks }: Report): Html | null {
	if (verdict.outcome === 'not-applicable') return null;
	const judged = tracks.filter((track) => track.fakeProbability !== null).length;
	const falseAlarm = rateSentence(errorRates.falseAlarm, 'Of genuine faces', 'were wrongly found to show strong signs');
	const missed = rateSentence(errorRates.missed, 'Of manipulated faces', 'were wrongly found to show no signs');
	return html`<h2>How often such an answer is wrong</h2>
<ul>${(verdict.outcome === 'likely-real' ? [missed, falseAlarm] : [falseAlarm, missed]).map((text) => html`<li>${text}</li>`)}
${judged > 1 && html`<li>${judged} faces were judged here, and each is a chance for a mistake.</li>`}</ul>
${(errorRates.falseAlarm || errorRates.missed) && html`<p class="soft">Measured on known material. On other kinds of video, or newer kinds of manipulation, it can be wrong more often.</p>`}`;
}

function rateSentence(rate: ErrorRate | null, who: string, what: string): Html {
	if (!rate) return html`${who}, it was not measured for this model how many ${what}.`;
	return html`${who}, <b>${countsText(rate)}</b> ${what} (rate ${rate.rate.toFixed(3)}, 95 % range ${rate.interval[0].toFixed(3)} to ${rate.interval[1].toFixed(3)}, n = ${rate.n.toLocaleString('en')}, ${rate.set}).`;
}

function renderOverTime(report: Report, people: readonly TrackReport[]): Html {
	const skipped = people.some((track) => track.faces.some((face) => face.excluded !== null));
	return html`<h2>Over time</h2>
<p>One row a person; each dot is a frame that was looked at. ${report.isCalibrated && 'A dot in the upper band shows strong signs, in the lower band none. '}Where there is no dot, the face was not seen.${skipped && ' A short grey mark at the bottom is a face too poor to judge.'}</p>
${renderTimeline(report, people)}`;
}

function renderPeople(
	report: Report,
	people: readonly TrackReport[],
	overlays: ReadonlyMap<Moment, Uint8Array>,
): Html | null {
	if (people.length === 0) return null;
	const rest = report.tracks.length - people.length;
	return html`<h2>${report.tracks.length === 1 ? 'The face' : 'The faces'}</h2>
${
	overlays.size > 0 &&
	html`<p>On the left the face as it was judged, on the right where the score comes from. No colour means no signs there.</p>
<p class="legend">weaker signs <i style="background:linear-gradient(90deg,${heatColours.join(',')})"></i> stronger signs</p>`
}
${report.classifier?.hasHeatMap === false && html`<p class="soft">${noHeatMapWords}</p>`}
${people.map((track) => renderPerson(track, report, overlays))}
${rest > 0 && html`<p>${plural(rest, 'more face')}, less suspicious than these or not judged: see report.json.</p>`}`;
}

function renderPerson(track: TrackReport, report: Report, overlays: ReadonlyMap<Moment, Uint8Array>): Html {
	const when = report.video.kind === 'video' ? `, ${timeRangeText(track.startS, track.endS)}` : '';
	const news = track.reasons.filter((reason) => !report.verdict.reasons.includes(reason)); // the others are told at the top
	return html`<section class="person">
<header><h3>Face ${track.trackId}${when}</h3><span class="tag ${track.outcome}">${outcomeWords[track.outcome]}</span></header>
<p>${personSentence(track)}</p>
${news.length > 0 && html`<ul class="soft">${news.map((reason) => html`<li>${reasonWords[reason]}</li>`)}</ul>`}
<div class="moments">${track.moments.map((moment) => renderMoment(moment, track, report, overlays.get(moment)))}</div>
</section>`;
}

function personSentence(track: TrackReport): string {
	const found = plural(track.faces.length, 'frame');
	if (track.fakeProbability === null) return `Found in ${found}, judged in none.`;
	const range = track.interval ? `, 95 % range ${rangeText(track.interval)}` : '';
	const judged =
		track.facesJudged === track.faces.length
			? `Judged in ${found}`
			: `Found in ${found}, judged in ${track.facesJudged.toLocaleString('en')}`;
	return `${judged}. Score ${scoreText(track.fakeProbability)}${range}.`;
}

function renderMoment(moment: Moment, track: TrackReport, { video }: Report, overlay: Uint8Array | undefined): Html {
	const at = video.kind === 'video' ? `${timeText(moment.timeS)}.${Math.floor((moment.timeS % 1) * 10)}` : '';
	const score = track.fakeProbability === null ? 'not judged' : `score ${scoreText(moment.fakeProbability)}`;
	const name = `Face ${track.trackId}${at && ` at ${at}`}`;
	return html`<figure class="moment"><div><img alt="${name}" src="data:image/jpeg;base64,${moment.cropJpegBase64}">${
		overlay &&
		html`<img alt="${name}: where the score comes from" src="data:image/jpeg;base64,${Buffer.from(overlay).toString('base64')}">`
	}</div><figcaption class="num">${[at, score].filter(Boolean).join(' · ')}</figcaption></figure>`;
}

function renderCoverage(report: Report): Html {
	const { coverage, tracks, video } = report;
	const judged = tracks.reduce((sum, track) => sum + track.facesJudged, 0);
	const excluded = Object.entries(coverage.facesExcluded).map(
		([reason, count]) => [excludedWords[reason] ?? reason, count.toLocaleString('en')] as const,
	);
	const rows: (readonly [string, string])[] = [
		['Frames asked for', coverage.framesRequested?.toLocaleString('en') ?? '5 a second'],
		['Frames looked at', coverage.framesSampled.toLocaleString('en')],
		['Frames damaged and left out', coverage.framesCorrupt.toLocaleString('en')],
		['Frames without a face', coverage.framesWithoutFace.toLocaleString('en')],
		['Faces found, over all frames', coverage.facesFound.toLocaleString('en')],
		['Faces judged', judged.toLocaleString('en')],
		...excluded,
		...(video.kind === 'video' ? [['Part of the video', partText(report)] as const] : []),
		['How frames were taken', samplingText(report)],
	];
	return html`<h2>What was analysed and what was not</h2>
<table><tbody>${rows.map(([what, value]) => html`<tr><th scope="row">${what}</th><td>${value}</td></tr>`)}</tbody></table>
${coverage.fellBackToLinear && html`<p class="soft">Seeking in this file gave damaged pictures, so it was decoded from the start instead.</p>`}`;
}

const excludedWords: Record<string, string> = {
	'face-too-small': 'Faces not judged: less than 48 pixels high',
	'face-too-blurred': 'Faces not judged: too blurred',
	'face-outside-picture': 'Faces not judged: cut off by the edge of the picture',
};

function partText({ coverage, video }: Report): string {
	if (coverage.firstFrameS === null || coverage.lastFrameS === null) return 'none';
	const of = video.durationS === null ? '' : ` of ${timeText(video.durationS)}`;
	return `${timeRangeText(coverage.firstFrameS, coverage.lastFrameS)}${of}`;
}

function renderRun(report: Report): Html {
	const { video, plan, environment, timings, thresholds } = report;
	const judge = judgedByText(report);
	const rows: (readonly [string, string | Html])[] = [
		['File', report.fileName],
		['SHA-256 of the file', html`<code>${video.sha256}</code>`],
		['Size', bytesText(video.sizeBytes)],
		[
			'Picture',
			`${video.width} × ${video.height} px, ${video.codec} in ${video.container}${video.rotationDeg ? `, turned by ${video.rotationDeg}°` : ''}`,
		],
		...(video.kind === 'video'
			? [
					[
						'Length',
						`${video.durationS === null ? 'unknown' : `${video.durationS.toFixed(2)} s`}, ${video.fps === null ? 'unknown' : video.fps.toFixed(3)} frames a second`,
					] as const,
				]
			: []),
		[
			'Plan',
			`frames ${plan.frames}, mode ${plan.mode}, ${plan.tier === null ? `model ${plan.model ?? 'default'}` : `tier ${plan.tier}`}, heat maps ${plan.heatMaps ? 'on' : 'off'}, longest video ${plan.maxDurationS} s`,
		],
		...(judge === null ? [] : [['Judged by', judge] as const]),
		[
			'Limits of the score',
			!report.isCalibrated
				? 'not measured for this model'
				: `strong signs above ${thresholds.likelyFakeAbove}, no signs below ${thresholds.likelyRealBelow}`,
		],
		...report.models.map(({ id, kind, sha256 }) => [`Model: ${kind}`, html`${id}<br><code>${sha256}</code>`] as const),
		['Run on', report.provider],
		[
			'Versions',
			`Unmask ${report.tool.version}, Node ${environment.node}, ONNX Runtime ${environment.onnxruntime}, ffmpeg ${environment.ffmpeg}`,
		],
		[
			'Time',
			`${timings.totalS.toFixed(1)} s in all${timings.firstFaceS === null ? '' : `, first face after ${timings.firstFaceS.toFixed(1)} s`}`,
		],
		['Written', report.createdAt],
	];
	return html`<details><summary>Everything about this run</summary>
<dl>${rows.map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}</dl>
</details>`;
}

function dateText(iso: string): string {
	const date = new Date(iso);
	if (Number.isNaN(date.getTime())) return iso;
	return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
