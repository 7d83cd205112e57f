import type { FaceAt } from '../../function/answer/faces-at.ts';
import type { Thresholds } from '../../function/answer/people.ts';
import { type Band, bandOf } from '../../function/answer/people.ts';

/** What to draw over a picture. */
export type Scene = {
	readonly faces: readonly FaceAt[];
	readonly thresholds: Thresholds;
	/** Size of the upright video, in px; the boxes refer to it. */
	readonly width: number;
	readonly height: number;
	/** The text of a box: name and score. */
	readonly label: (face: FaceAt) => string;
};

/** A light line with a dark edge, visible on any picture; blue to orange by band, each with its own dash so that colour is not the only cue. */
const looks: Record<Band, { colour: string; dash: readonly number[]; text: string; mark: string }> = {
	'strong-signs': { colour: '#ff8f3f', dash: [], text: '#1d0d00', mark: '▲ ' },
	unclear: { colour: '#f2f4f5', dash: [7, 4], text: '#16191d', mark: '◆ ' },
	'no-limits': { colour: '#f2f4f5', dash: [7, 4], text: '#16191d', mark: '' },
	'no-signs': { colour: '#6fbdf5', dash: [2, 3], text: '#04141f', mark: '● ' },
	'not-judged': { colour: '#aab2b9', dash: [1, 5], text: '#16191d', mark: '' },
};

/** Draws boxes and scores over the part of `canvas` in which the picture is displayed (object-fit: contain). */
export function drawFaces(canvas: HTMLCanvasElement, { faces, thresholds, width, height, label }: Scene): void {
	const ratio = devicePixelRatio || 1;
	const [shownWidth, shownHeight] = [canvas.clientWidth, canvas.clientHeight];
	canvas.width = Math.round(shownWidth * ratio);
	canvas.height = Math.round(shownHeight * ratio);
	const context = canvas.getContext('2d');
	if (!context || shownWidth === 0) return;
	const scale = Math.min(shownWidth / width, shownHeight / height);
	context.setTransform(ratio, 0, 0, ratio, 0, 0);
	context.translate((shownWidth - width * scale) / 2, (shownHeight - height * scale) / 2);
	for (const face of faces) drawFace(context, face, { scale, thresholds, text: label(face), right: width * scale });
}

function drawFace(
	context: CanvasRenderingContext2D,
	{ box, fakeProbability }: FaceAt,
	{ scale, thresholds, text, right }: { scale: number; thresholds: Thresholds; text: string; right: number },
): void {
	const look = looks[bandOf(fakeProbability, thresholds)];
	const [x, y] = [box.x * scale, box.y * scale];
	const [w, h] = [box.width * scale, box.height * scale];
	context.setLineDash([]);
	context.strokeStyle = 'rgb(0 0 0 / .65)';
	context.lineWidth = 5;
	context.strokeRect(x, y, w, h);
	context.setLineDash([...look.dash]);
	context.strokeStyle = look.colour;
	context.lineWidth = 2.5;
	context.strokeRect(x, y, w, h);
	drawLabel(context, look.mark + text, look, { x, y, h, right });
}

function drawLabel(
	context: CanvasRenderingContext2D,
	text: string,
	look: { colour: string; text: string },
	{ x, y, h, right }: { x: number; y: number; h: number; right: number },
): void {
	const height = 22;
	context.font = '600 14px system-ui, sans-serif';
	context.textBaseline = 'middle';
	context.textAlign = 'left';
	context.direction = 'ltr';
	const width = context.measureText(text).width + 12;
	const left = Math.max(0, Math.min(x - 2.5, right - width));
	const top = y > height + 4 ? y - height - 2 : y + h + 2;
	context.fillStyle = look.colour;
	context.fillRect(left, top, width, height);
	context.fillStyle = look.text;
	context.fillText(text, left + 6, top + height / 2 + 0.5);
}
