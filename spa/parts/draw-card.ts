import type { Words } from '../../function/answer/words.ts';
import type { Report } from '../../function/contract/report.ts';
import { type Card, type CardScale, cardSize, layOutCard } from '../lib/card.ts';

const font = (sizePx: number, weight: number) =>
	`${weight} ${sizePx}px system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif`;
const margin = 64;

/**
 * Draws the verdict as a PNG for a chat.
 *
 * @public (TakeAway.svelte imports it on demand, which knip does not see)
 */
export async function cardPicture(report: Report, words: Words): Promise<Blob> {
	const canvas = document.createElement('canvas');
	Object.assign(canvas, cardSize);
	const context = canvas.getContext('2d') as CanvasRenderingContext2D;
	const card = layOutCard(report, words, (text, sizePx, weight) => {
		context.font = font(sizePx, weight);
		return context.measureText(text).width;
	});
	draw(context, card);
	return new Promise((resolve, reject) =>
		canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser makes no PNG'))), 'image/png'),
	);
}

function draw(context: CanvasRenderingContext2D, { dir, colour, lines, scale }: Card): void {
	const { width, height } = cardSize;
	const isRtl = dir === 'rtl';
	context.fillStyle = '#ffffff';
	context.fillRect(0, 0, width, height);
	context.fillStyle = colour;
	context.fillRect(isRtl ? width - margin - 10 : margin, margin, 10, height - 2 * margin);
	context.direction = dir;
	context.textAlign = 'start';
	for (const { text, at, sizePx, weight, colour: ink } of lines) {
		context.font = font(sizePx, weight);
		context.fillStyle = ink;
		context.fillText(text, isRtl ? width - margin - 28 : margin + 28, at);
	}
	if (scale) drawScale(context, scale, isRtl);
}

/** From no signs to strong signs, in reading direction. */
function drawScale(context: CanvasRenderingContext2D, scale: CardScale, isRtl: boolean): void {
	const [from, to] = [margin + 28, cardSize.width - margin];
	const x = (value: number) => (isRtl ? to - value * (to - from) : from + value * (to - from));
	const bar = (a: number, b: number, colour: string, top: number, tall: number) => {
		context.fillStyle = colour;
		context.fillRect(Math.min(x(a), x(b)), top, Math.max(2, Math.abs(x(b) - x(a))), tall);
	};
	bar(0, scale.below, '#9cc3dd', scale.at, 18);
	bar(scale.below, scale.above, '#d5dbe0', scale.at, 18);
	bar(scale.above, 1, '#eab08c', scale.at, 18);
	if (scale.interval) bar(scale.interval[0], scale.interval[1], '#14202b', scale.at + 6, 6);
	context.beginPath();
	context.arc(x(scale.score), scale.at + 9, 15, 0, 2 * Math.PI);
	context.fillStyle = '#14202b';
	context.fill();
}
