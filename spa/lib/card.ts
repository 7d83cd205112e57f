import { printable } from '../../function/answer/printable.ts';
import { sentenceOf } from '../../function/answer/sentence.ts';
import { countsText, rangeText, type Words } from '../../function/answer/words.ts';
import type { Outcome, Report } from '../../function/contract/report.ts';
import { isolated } from './isolated.ts';

/** Size of the card, in px: messengers show it uncropped. */
export const cardSize = { width: 1200, height: 675 } as const;
const margin = 64;

/** One line of text with its position; `at` is its baseline from the top, in px. */
export type CardLine = {
	readonly text: string;
	readonly at: number;
	readonly sizePx: number;
	readonly weight: 400 | 600 | 700;
	readonly colour: string;
};

/** The scale 0..1 with the thresholds and the score; `at` is in px from the top. */
export type CardScale = {
	readonly at: number;
	readonly below: number;
	readonly above: number;
	readonly score: number;
	readonly interval: readonly [number, number] | null;
};

/** A card ready to draw: all positions are computed, and truncated text ends with an ellipsis. */
export type Card = {
	readonly dir: 'ltr' | 'rtl';
	readonly colour: string;
	readonly lines: readonly CardLine[];
	readonly scale: CardScale | null;
};

const ink = '#14202b';
const soft = '#4d5b68';
const colours: Readonly<Record<Outcome, string>> = {
	'likely-fake': '#a33a0a',
	'likely-real': '#0b5c8f',
	uncertain: soft,
	'not-applicable': soft,
};

/** Width of a text in a font, in px. */
export type Measure = (text: string, sizePx: number, weight: number) => number;

/** Lays out the verdict as a picture for a chat: the sentence, the score between its thresholds, how often such a verdict is wrong, and that it is not proof. */
export function layOutCard(report: Report, words: Words, measure: Measure): Card {
	const { m, f } = words;
	const { verdict, errorRates } = report;
	const width = cardSize.width - 2 * margin - 28;
	const lines: CardLine[] = [];
	let at = margin;
	const write = (text: string, most: number, style: Pick<CardLine, 'sizePx' | 'weight' | 'colour'>, gap = 0) => {
		at += gap;
		for (const line of wrap(text, width, most, (part) => measure(part, style.sizePx, style.weight))) {
			at += Math.round(style.sizePx * 1.3);
			lines.push({ text: line, at, ...style });
		}
	};
	write(m.outcomes[verdict.outcome], 1, { sizePx: 34, weight: 700, colour: colours[verdict.outcome] });
	write(sentenceOf(report, words), 4, { sizePx: 42, weight: 600, colour: ink }, 6);
	const score = verdict.fakeProbability;
	const scale = score === null || !report.isCalibrated ? null : scaleOf(score, report, at + 60);
	if (score !== null) {
		const range = rangeText(words, verdict.interval);
		if (scale) at += 78;
		write(
			[m.face.score(f.score(score)), range].filter(Boolean).join(' · '),
			1,
			{ sizePx: 24, weight: 400, colour: soft },
			4,
		);
	}
	const rate = verdict.outcome === 'likely-real' ? errorRates.missed : errorRates.falseAlarm;
	const [heading, say] =
		verdict.outcome === 'likely-real'
			? [m.answer.manipulatedHeading, m.answer.missed]
			: [m.answer.genuineHeading, m.answer.falseAlarm];
	if (rate && (verdict.outcome === 'likely-fake' || verdict.outcome === 'likely-real'))
		write(
			m.marks.ended(m.marks.named(m.answer.wrongHeading, m.marks.named(heading, say(countsText(words, rate))))),
			2,
			{ sizePx: 24, weight: 400, colour: ink },
			10,
		);
	write(m.card.caveat, 2, { sizePx: 28, weight: 700, colour: ink }, 14);
	const file = m.answer.of(isolated(printable(report.fileName)), f.date(report.createdAt));
	at = Math.max(at, cardSize.height - margin - 62);
	write(file, 1, { sizePx: 20, weight: 400, colour: soft });
	write(`Unmask ${report.tool.version} · SHA-256 ${report.video.sha256.slice(0, 16)}…`, 1, {
		sizePx: 20,
		weight: 400,
		colour: soft,
	});
	return { dir: m.dir, colour: colours[verdict.outcome], lines, scale };
}

const scaleOf = (score: number, { verdict, thresholds }: Report, at: number): CardScale => ({
	...{ at, score, interval: verdict.interval },
	...{ below: thresholds.likelyRealBelow, above: thresholds.likelyFakeAbove },
});

/** Wraps a text into at most `most` lines; if the rest does not fit, the last line ends with an ellipsis. */
export function wrap(text: string, width: number, most: number, measure: (text: string) => number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of text.split(' ').flatMap((part) => pieces(part, width, measure))) {
		const longer = line ? `${line} ${word}` : word;
		if (measure(longer) <= width || line === '') line = longer;
		else {
			lines.push(line);
			line = word;
		}
	}
	if (line) lines.push(line);
	if (lines.length <= most) return lines;
	let last = lines[most - 1] as string;
	while (last && measure(`${last}…`) > width) last = last.slice(0, -1);
	return [...lines.slice(0, most - 1), `${last.trimEnd()}…`];
}

/** Splits a run of text without spaces into parts that fit on a line; breaks between words in languages that write no spaces. */
function pieces(run: string, width: number, measure: (text: string) => number): string[] {
	if (measure(run) <= width) return [run];
	const parts: string[] = [];
	let part = '';
	for (const unit of breakable(run).flatMap((word) => (measure(word) <= width ? [word] : [...word]))) {
		if (part && measure(part + unit) > width) {
			parts.push(part);
			part = '';
		}
		part += unit;
	}
	return [...parts, part];
}

/** The words of a text without spaces, each with the punctuation that must stay attached to it. */
function breakable(run: string): string[] {
	const words: string[] = [];
	for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(run)) {
		const last = words.at(-1);
		const isBound =
			last !== undefined && (/^[\p{Pe}\p{Pf}\p{Po}\p{Pd}]/u.test(segment) || /[\p{Ps}\p{Pi}]$/u.test(last));
		if (isBound) words[words.length - 1] = last + segment;
		else words.push(segment);
	}
	return words;
}
