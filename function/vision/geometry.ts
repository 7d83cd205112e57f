import type { Box } from '../contract/report.ts';

/** Pure arithmetic on boxes; px of the frame throughout. */

/** The part of a box inside a `width` x `height` px picture; its sides are 0 where nothing is inside. */
export function clampBox(box: Box, width: number, height: number): Box {
	return intersectBoxes(box, { x: 0, y: 0, width, height });
}

/** The rectangle that two boxes share; its sides are 0 where they share nothing. */
export function intersectBoxes(a: Box, b: Box): Box {
	const x = Math.max(a.x, b.x);
	const y = Math.max(a.y, b.y);
	return {
		x,
		y,
		width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
		height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
	};
}

/** Intersection over union of two boxes, 0..1; 0 for boxes without area. */
export function iou(a: Box, b: Box): number {
	const shared = area(intersectBoxes(a, b));
	return shared > 0 ? shared / (area(a) + area(b) - shared) : 0;
}

/** Area of a box, px². */
export function area(box: Box): number {
	return box.width * box.height;
}

/** The square around a box's centre whose side is `margin` x the box's longer side: the rule of every crop, in training as in serving. */
export function squareBox(box: Box, margin: number): Box {
	const side = margin * Math.max(box.width, box.height);
	return {
		x: box.x + (box.width - side) / 2,
		y: box.y + (box.height - side) / 2,
		width: side,
		height: side,
	};
}

/** Which part of a frame is cut around a face; see model/spec.ts. */
export type CropRule = {
	readonly margin: number;
	readonly shape: 'square' | 'stretched';
	readonly resize: 'roi-align' | 'pillow';
};

/** The part of a frame that a rule cuts around a box; whole px inside of the frame for `pillow`, as an array is indexed. */
export function cutBox(box: Box, { margin, shape, resize }: CropRule, frame: { width: number; height: number }): Box {
	const cut = shape === 'square' ? squareBox(box, margin) : stretchedBox(box, margin);
	return resize === 'pillow' ? wholePixels(cut, frame.width, frame.height) : cut;
}

/** The box with each side `margin` x as long, around the same centre. */
function stretchedBox({ x, y, width, height }: Box, margin: number): Box {
	const by = (margin - 1) / 2;
	return { x: x - by * width, y: y - by * height, width: margin * width, height: margin * height };
}

/** The nearest box of whole px inside of a picture, of one px at least. */
function wholePixels(box: Box, width: number, height: number): Box {
	const x = Math.min(Math.max(0, Math.round(box.x)), width - 1);
	const y = Math.min(Math.max(0, Math.round(box.y)), height - 1);
	const right = Math.min(Math.round(box.x + box.width), width);
	const bottom = Math.min(Math.round(box.y + box.height), height);
	return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

/** The box between `a` (share 0) and `b` (share 1), linear in every edge. */
export function interpolateBox(a: Box, b: Box, share: number): Box {
	const between = (from: number, to: number) => from * (1 - share) + to * share;
	return {
		x: between(a.x, b.x),
		y: between(a.y, b.y),
		width: between(a.width, b.width),
		height: between(a.height, b.height),
	};
}

/** Share of a box's area outside a `width` x `height` px picture, 0..1; 1 for a box without area. */
export function outsideShare(box: Box, width: number, height: number): number {
	const whole = area(box);
	if (!(whole > 0)) return 1;
	return Math.min(1, Math.max(0, 1 - area(clampBox(box, width, height)) / whole));
}
