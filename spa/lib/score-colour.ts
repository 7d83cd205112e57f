/** RGB 0..255. */
type Rgb = readonly [number, number, number];

/**
 * Blue over grey to orange, even for the common kinds of colour blindness and different in lightness at both ends from the middle: ColorBrewer's
 * idea of a diverging scale with the blue and the vermilion of Okabe and Ito (2008).
 */
const stops: readonly Rgb[] = [
	[0, 114, 178],
	[120, 170, 205],
	[190, 190, 190],
	[235, 165, 105],
	[213, 94, 0],
];

/** The colour of a score 0..1 as CSS: blue = no signs, grey = the middle, orange = strong signs; a light grey where there is no score. */
export function scoreColour(fakeProbability: number | null): string {
	if (fakeProbability === null) return 'rgb(150 150 150)';
	const at = Math.min(1, Math.max(0, fakeProbability)) * (stops.length - 1);
	const [from, to] = [stops[Math.floor(at)], stops[Math.ceil(at)]];
	if (!from || !to) return 'rgb(150 150 150)';
	const mixed = from.map((value, i) => Math.round(value + ((to[i] ?? value) - value) * (at - Math.floor(at))));
	return `rgb(${mixed.join(' ')})`;
}
