import type { Box } from '../contract/report.ts';

/** Pure arithmetic on boxes, all in px of the frame. */

/** The part of a box inside a `width` x `height` px picture; its sides are 0 if nothing is inside. */
export function clampBox(box: Box, width: number, height: number): Box {
	return intersectBoxes(box, { x: 0, y: 0, width, height });
}

/** The intersection of two boxes; a side is 0 if they do not overlap. */
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

/** The square around a box's centre whose side is `margin` x the box's longer side: the rule for every crop, in training and in serving. */
export function squareBox(box: Box, margin: number): Box {
	const side = margin * Math.max(box.width, box.height);
	return {
		x: box.x + (box.width - side) / 2,
		y: box.y + (box.height - side) / 2,
		width: side,
		height: side,
	};
}

/** Which part of a frame is cropped around a face; see model/spec.ts. */
export type CropRule = {
	readonly margin: number;
	readonly shape: 'square' | 'stretched';
	readonly resize: 'roi-align' | 'pillow';
};

/** The part of a frame that a rule crops around a box; for `pillow` whole px inside the frame, as in array indexing. */
export function cutBox(box: Box, { margin, shape, resize }: CropRule, frame: { width: number; height: number }): Box {
	const cut = shape === 'square' ? squareBox(box, margin) : stretchedBox(box, margin);
	return resize === 'pillow' ? wholePixels(cut, frame.width, frame.height) : cut;
}

/** A box with the same centre and each side `margin` x as long. */
function stretchedBox({ x, y, width, height }: Box, margin: number): Box {
	const by = (margin - 1) / 2;
	return { x: x - by * width, y: y - by * height, width: margin * width, height: margin * height };
}

/** The nearest box of whole px inside a picture, at least 1 x 1 px. */
function wholePixels(box: Box, width: number, height: number): Box {
	const x = Math.min(Math.max(0, Math.round(box.x)), width - 1);
	const y = Math.min(Math.max(0, Math.round(box.y)), height - 1);
	const right = Math.min(Math.round(box.x + box.width), width);
	const bottom = Math.min(Math.round(box.y + box.height), height);
	return { x, y, width: Math.max(1, right - x), height: Math.max(1, bottom - y) };
}

/** Linear interpolation between boxes `a` (share 0) and `b` (share 1). */
export function interpolateBox(a: Box, b: Box, share: number): Box {
	const between = (from: number, to: number) => from * (1 - share) + to * share;
	return {
		x: between(a.x, b.x),
		y: between(a.y, b.y),
		width: between(a.width, b.width),
		height: between(a.height, b.height),
	};
}

/** Share of a box's area that lies outside a `width` x `height` px picture, 0..1; 1 for a box without area. */
export function outsideShare(box: Box, width: number, height: number): number {
	const whole = area(box);
	if (!(whole > 0)) return 1;
	return Math.min(1, Math.max(0, 1 - area(clampBox(box, width, height)) / whole));
}
