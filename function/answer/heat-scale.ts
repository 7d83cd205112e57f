import type { HeatMap } from '../contract/report.ts';

/** How raw logits become calibrated log-odds: (logit - offset) / temperature. */
export type LogitScale = { readonly temperature: number; readonly offset: number };

/** Pixels as `ImageData` takes them, RGBA 0..255 row by row. */
export type Pixels = { readonly width: number; readonly height: number; readonly data: Uint8ClampedArray<ArrayBuffer> };

/** Calibrated log-odds at which a part of the face gets the full colour: a probability of 0.998. */
const fullColourLogOdds = 6;

/** Opacity of the full colour; what is underneath stays visible. */
const maxOpacity = 0.75;

/** Anchors of matplotlib's "inferno" (CC0): lightness rises evenly, so it reads the same with colour blindness and in grey. */
const inferno = [
	[40, 11, 84],
	[101, 21, 110],
	[159, 42, 99],
	[212, 72, 66],
	[245, 125, 21],
	[250, 193, 39],
	[252, 255, 164],
] as const;

/** The colours from weak to strong signs as CSS, for a legend. */
export const heatColours: readonly string[] = inferno.map((rgb) => `rgb(${rgb.join(' ')})`);

/** The scale of a report's heat maps; the raw logit for reports from versions that did not write a calibration. */
export const scaleOf = ({ calibration }: { readonly calibration?: LogitScale | null }): LogitScale =>
	calibration ?? { temperature: 1, offset: 0 };

/**
 * A heat map as a picture of `sidePx` x `sidePx` to lay over its crop. The scale is absolute, so that pictures can be compared with each other:
 * a part without signs is transparent, however weak the signs elsewhere in the face.
 */
export function heatMapPixels({ width, height, values }: HeatMap, scale: LogitScale, sidePx: number): Pixels {
	const columns = resizeWeights(width, sidePx);
	const wide = new Float32Array(sidePx * height);
	for (let y = 0; y < height; y++)
		for (const [x, weights] of columns.entries())
			for (const [from, weight] of weights)
				wide[y * sidePx + x] = (wide[y * sidePx + x] ?? 0) + weight * strengthOf(values[y * width + from] ?? 0, scale);
	const palette = Uint8ClampedArray.from(Array.from({ length: 256 }, (_, i) => colourOf(i / 255)).flat());
	const data = new Uint8ClampedArray(4 * sidePx * sidePx);
	for (const [y, weights] of resizeWeights(height, sidePx).entries())
		for (let x = 0; x < sidePx; x++) {
			let strength = 0;
			for (const [from, weight] of weights) strength += weight * (wide[from * sidePx + x] ?? 0);
			const colour = 4 * Math.round(255 * Math.min(1, Math.max(0, strength)));
			data.set(palette.subarray(colour, colour + 4), 4 * (y * sidePx + x));
		}
	return { width: sidePx, height: sidePx, data };
}

/** 0 for no sign of manipulation, 1 at the full colour. */
function strengthOf(logit: number, { temperature, offset }: LogitScale): number {
	return Math.min(1, Math.max(0, (logit - offset) / temperature / fullColourLogOdds));
}

/** RGBA 0..255: transparent at 0, quickly becomes visible, then only the hue changes. */
function colourOf(strength: number): [number, number, number, number] {
	const at = strength * (inferno.length - 1);
	const from = inferno[Math.floor(at)] ?? inferno[0];
	const to = inferno[Math.ceil(at)] ?? from;
	const mix = (a: number, b: number) => Math.round(a + (b - a) * (at - Math.floor(at)));
	const opacity = maxOpacity * Math.min(1, strength * 3);
	return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2]), Math.round(255 * opacity)];
}

/** For each of `to` output samples, the source samples and their weights by cubic convolution (Keys 1981, a = -0.5); edges are repeated. */
function resizeWeights(from: number, to: number): [index: number, weight: number][][] {
	return Array.from({ length: to }, (_, k) => {
		const centre = ((k + 0.5) * from) / to - 0.5;
		const first = Math.floor(centre) - 1;
		return [0, 1, 2, 3].map((step) => {
			const index = first + step;
			return [Math.min(from - 1, Math.max(0, index)), cubic(Math.abs(centre - index))];
		});
	});
}

function cubic(distance: number): number {
	if (distance >= 2) return 0;
	return distance < 1
		? 1.5 * distance ** 3 - 2.5 * distance ** 2 + 1
		: -0.5 * distance ** 3 + 2.5 * distance ** 2 - 4 * distance + 2;
}
