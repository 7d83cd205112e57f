import { wordsIn } from '../answer/catalogues.ts';
import { type FaceAt, facesAt, samplingGapS } from '../answer/faces-at.ts';
import type { Language } from '../answer/languages.ts';
import { type Band, bandOf, peopleInOrder, type Thresholds } from '../answer/people.ts';
import type { Words } from '../answer/words.ts';
import type { Report, TrackReport } from '../contract/report.ts';

/** Size of the picture to draw on, in px; the lanes are added below it. */
export type FrameSize = { readonly width: number; readonly height: number };

/** The styles of the page's player: blue to orange, each with its own dash, mark and lane height, so that colour is not the only cue. */
const looks: Record<Band, { colour: string; dash: readonly [number, number] | null; mark: string; height: number }> = {
	'strong-signs': { colour: '#ff8f3f', dash: null, mark: '▲ ', height: 1 },
	unclear: { colour: '#f2f4f5', dash: [7, 4], mark: '◆ ', height: 0.55 },
	'no-limits': { colour: '#f2f4f5', dash: [7, 4], mark: '', height: 0.55 },
	'no-signs': { colour: '#6fbdf5', dash: [2, 3], mark: '● ', height: 0.25 },
	'not-judged': { colour: '#aab2b9', dash: [1, 5], mark: '', height: 0.08 },
};

/** Boxes move in steps of this many seconds. */
const stepS = 0.1;
/** Maximum number of people with a lane, the deciding one first. */
const maxLanes = 4;
/** Later than the end of any video. */
const foreverS = 35_999;

/**
 * The drawings over a video as an Advanced SubStation Alpha script, which ffmpeg renders with libass: a box and a label for each face, a
 * lane for each person with a cursor at the current time, and a line that says what the copy is. It contains no text but the program's own.
 */
export function annotationScript(report: Report, size: FrameSize, language: Language = 'en'): string {
	const words = wordsIn(language);
	const unit = unitOf(size);
	const scene = { report, size, words, unit };
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${size.width}`,
		`PlayResY: ${size.height + lanesHeight(report, size)}`,
		'WrapStyle: 0',
		'ScaledBorderAndShadow: yes',
		'',
		'[V4+ Styles]',
		'Format: Name, Fontname, Fontsize, PrimaryColour, OutlineColour, BackColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding',
		`Style: Shape,DejaVu Sans,${unit},&H00FFFFFF,&H50000000,&H00000000,0,1,${(unit / 12).toFixed(1)},0,7,0,0,0,1`,
		`Style: Label,DejaVu Sans,${unit},&H00161616,&H00FFFFFF,&H00FFFFFF,1,3,${Math.round(unit / 5)},0,7,0,0,0,1`,
		`Style: Note,DejaVu Sans,${unit},&H00FFFFFF,&H40000000,&H40000000,0,3,${Math.round(unit / 4)},0,7,0,0,0,1`,
		'',
		'[Events]',
		'Format: Layer, Start, End, Style, Text',
		...boxLines(scene),
		...laneLines(scene),
		...noteLines(scene),
		'',
	].join('\n');
}

/** Height of the lanes added below the picture, in px, even; they never cover the picture. */
export function lanesHeight(report: Report, size: FrameSize): number {
	const rows = lanesOf(report, size).length;
	return rows === 0 ? 0 : 2 * Math.ceil(((1.5 * rows + 1) * unitOf(size)) / 2);
}

/** Font size, in px. */
const unitOf = ({ width, height }: FrameSize) => Math.max(11, Math.round(Math.min(width, height) / 30));

/** The people with a lane; empty if there is no duration or no room. */
const lanesOf = (report: Report, size: FrameSize): readonly TrackReport[] =>
	(report.video.durationS ?? 0) > 0 && size.width >= 13 * unitOf(size) ? peopleInOrder(report).slice(0, maxLanes) : [];

type Scene = { readonly report: Report; readonly size: FrameSize; readonly words: Words; readonly unit: number };

function boxLines({ report, size, words, unit }: Scene): string[] {
	const { tracks, thresholds, video } = report;
	const gapS = samplingGapS(tracks);
	const scale = { x: size.width / video.width, y: size.height / video.height };
	const endS = Math.max(0, ...tracks.map((track) => track.endS)) + 1;
	const lines: string[] = [];
	for (let step = 0; step * stepS < endS; step++) {
		const [fromS, toS] = [step * stepS, (step + 1) * stepS];
		for (const face of facesAt(tracks, fromS + stepS / 2, gapS)) {
			const look = looks[bandOf(face.fakeProbability, thresholds)];
			const box = {
				...{ x: face.box.x * scale.x, y: face.box.y * scale.y },
				...{ width: face.box.width * scale.x, height: face.box.height * scale.y },
			};
			lines.push(shape(1, fromS, toS, look.colour, frame(box, Math.max(3, unit / 6), look.dash, unit / 7)));
			const above = box.y > 1.6 * unit;
			const y = above ? box.y - unit / 3 : Math.max(0, box.y + box.height + unit / 3);
			const place = `\\an${above ? 1 : 7}\\pos(${px(Math.max(unit / 4, box.x))},${px(y)})`;
			const text = look.mark + labelOf(face, thresholds, words);
			lines.push(dialogue(2, fromS, toS, 'Label', `{${place}\\3c${colourOf(look.colour)}}${text}`));
		}
	}
	return lines;
}

function labelOf({ trackId, fakeProbability }: FaceAt, thresholds: Thresholds, { m, f }: Words): string {
	if (fakeProbability === null) return m.marks.named(m.face.name(trackId), m.face.notJudged);
	const word = bandWords({ m })[bandOf(fakeProbability, thresholds)];
	const score = m.marks.named(m.face.name(trackId), m.face.score(f.score(fakeProbability)));
	return m.marks.parts([score, ...(word ? [word] : [])]);
}

const bandWords = ({ m }: Pick<Words, 'm'>): Partial<Record<Band, string>> => ({
	'strong-signs': m.answer.bandStrong,
	unclear: m.answer.bandBetween,
	'no-signs': m.answer.bandNone,
});

/** A lane for each person below the picture, and a cursor for the current time. */
function laneLines({ report, size, words, unit }: Scene): string[] {
	const people = lanesOf(report, size);
	if (people.length === 0) return [];
	const lengthS = report.video.durationS ?? 0;
	const rowHeight = 1.5 * unit;
	const [left, right, top] = [8 * unit, size.width - unit, size.height + unit / 2];
	const height = lanesHeight(report, size);
	const at = (timeS: number) => left + ((right - left) * Math.min(lengthS, Math.max(0, timeS))) / lengthS;
	const lines: string[] = [];
	for (const [row, person] of people.entries()) {
		const base = top + (row + 1) * rowHeight - unit / 4;
		const name = `{\\an1\\bord0\\pos(${px(unit / 2)},${px(base)})}${words.m.face.name(person.trackId)}`;
		lines.push(dialogue(4, 0, foreverS, 'Shape', name));
		for (const [band, path] of lanePaths(person, report, { at, base, height: rowHeight - unit / 2 }))
			lines.push(dialogue(4, 0, foreverS, 'Shape', `{${still}\\bord0\\1c${colourOf(looks[band].colour)}\\p1}${path}`));
	}
	const now = rectangle(0, 0, Math.max(2, unit / 8), height);
	const move = `\\an7\\move(${px(at(0))},${size.height},${px(at(lengthS))},${size.height},0,${Math.round(1000 * lengthS)})`;
	return [...lines, dialogue(5, 0, foreverS, 'Shape', `{${move}\\bord1\\p1}${now}`)];
}

/** A block for each sample, from halfway to the previous one to halfway to the next, coloured by its band. */
function lanePaths(
	{ faces }: TrackReport,
	{ thresholds, tracks }: Report,
	{ at, base, height }: { at: (timeS: number) => number; base: number; height: number },
): Map<Band, string> {
	const halfS = samplingGapS(tracks) / 3 || 0.1;
	const paths = new Map<Band, string>();
	for (const [i, face] of faces.entries()) {
		const band = bandOf(face.excluded ? null : face.fakeProbability, thresholds);
		const before = faces[i - 1]?.timeS ?? Number.NEGATIVE_INFINITY;
		const after = faces[i + 1]?.timeS ?? Number.POSITIVE_INFINITY;
		const x = at(Math.max(face.timeS - halfS, (before + face.timeS) / 2));
		const end = at(Math.min(face.timeS + halfS, (face.timeS + after) / 2));
		const tall = Math.max(2, height * looks[band].height);
		paths.set(band, `${paths.get(band) ?? ''}${rectangle(x, base - tall, Math.max(1, end - x), tall)} `);
	}
	return paths;
}

/** What this copy is, and the verdict, shown for the whole video. */
function noteLines({ report, words, unit }: Scene): string[] {
	const { m } = words;
	const place = `{\\an7\\pos(${px(unit / 2)},${px(unit / 2)})}`;
	return [
		dialogue(
			6,
			0,
			foreverS,
			'Note',
			place + m.marks.after([m.marks.ended(m.outcomes[report.verdict.outcome]), m.annotated]),
		),
	];
}

/** Drawings are positioned from the top left corner of the picture. */
const still = '\\an7\\pos(0,0)';

const shape = (layer: number, fromS: number, toS: number, colour: string, path: string) =>
	dialogue(layer, fromS, toS, 'Shape', `{${still}\\1c${colourOf(colour)}\\p1}${path}`);

const dialogue = (layer: number, fromS: number, toS: number, style: string, text: string) =>
	`Dialogue: ${layer},${clock(fromS)},${clock(toS)},${style},${text}`;

/** The outline of a box as a drawing of bars; `dash` splits them into pieces, in multiples of `unit`. */
function frame(
	{ x, y, width, height }: { x: number; y: number; width: number; height: number },
	thick: number,
	dash: readonly [number, number] | null,
	unit: number,
): string {
	const pieces = (length: number): [number, number][] => {
		if (!dash) return [[0, length]];
		const [on, off] = [dash[0] * unit, dash[1] * unit];
		const count = Math.max(1, Math.floor(length / (on + off)));
		return Array.from({ length: count }, (_, i) => [(i * length) / count, Math.min(on, length)]);
	};
	return [
		...[y - thick / 2, y + height - thick / 2].flatMap((at) =>
			pieces(width).map(([from, long]) => rectangle(x + from, at, long, thick)),
		),
		...[x - thick / 2, x + width - thick / 2].flatMap((at) =>
			pieces(height).map(([from, long]) => rectangle(at, y + from, thick, long)),
		),
	].join(' ');
}

const rectangle = (x: number, y: number, width: number, height: number) =>
	`m ${px(x)} ${px(y)} l ${px(x + width)} ${px(y)} ${px(x + width)} ${px(y + height)} ${px(x)} ${px(y + height)}`;

const px = (value: number) => `${Math.round(value)}`;

/** `#rrggbb` in the script's order: blue, green, red. */
const colourOf = (colour: string) => `&H${colour.slice(5, 7)}${colour.slice(3, 5)}${colour.slice(1, 3)}&`.toUpperCase();

/** Hours, minutes, seconds, hundredths. */
function clock(seconds: number): string {
	const hundredths = Math.round(100 * seconds);
	const two = (value: number) => `${value}`.padStart(2, '0');
	const [s, m, h] = [
		Math.floor(hundredths / 100) % 60,
		Math.floor(hundredths / 6000) % 60,
		Math.floor(hundredths / 360_000),
	];
	return `${h}:${two(m)}:${two(s)}.${two(hundredths % 100)}`;
}
