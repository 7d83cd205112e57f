import sharp from 'sharp';
import type { FaceEntry, HeatMap } from '../contract/report.ts';

/** How raw logits become calibrated log-odds: (logit - offset) / temperature. */
type LogitScale = { readonly temperature: number; readonly offset: number };

/** Calibrated log-odds at which a part of the face has the full colour: a probability of 0.998. */
const fullColourLogOdds = 6;

/** Opacity of the full colour; what lies beneath stays visible. */
const maxOpacity = 0.75;

/** Side of the picture drawn, px. */
const sidePx = 320;

/** Anchors of matplotlib's "inferno" (CC0), evenly spaced: even steps of lightness, so that it reads the same for colour-blind people and in grey. */
const inferno = [
	[40, 11, 84],
	[101, 21, 110],
	[159, 42, 99],
	[212, 72, 66],
	[245, 125, 21],
	[250, 193, 39],
	[252, 255, 164],
] as const;

/** The colours of the heat map from weak to strong signs, as CSS colours for a legend. */
export const heatColours: readonly string[] = inferno.map((rgb) => `rgb(${rgb.join(' ')})`);

/**
 * The crop in grey with the parts that speak for manipulation in colour, as a JPEG of 320 x 320 px. The scale is absolute: a part with no
 * signs has no colour, however little the rest of the face shows, so that pictures can be compared with each other.
 */
export async function drawHeatMap(cropJpeg: Uint8Array, heatMap: HeatMap, scale: LogitScale): Promise<Buffer> {
	const { width, height } = heatMap;
	const strength = Uint8Array.from(heatMap.values, (logit) => 255 * strengthOf(logit, scale));
	const smooth = await sharp(strength, { raw: { width, height, channels: 1 } })
		.resize(sidePx, sidePx, { fit: 'fill', kernel: 'cubic' })
		.extractChannel(0)
		.raw()
		.toBuffer();
	const overlay = Buffer.alloc(4 * sidePx * sidePx);
	for (let i = 0; i < smooth.length; i++)
		palette.copy(overlay, 4 * i, 4 * (smooth[i] as number), 4 * (smooth[i] as number) + 4);
	return sharp(cropJpeg)
		.resize(sidePx, sidePx, { fit: 'fill', kernel: 'cubic' })
		.grayscale()
		.toColourspace('srgb')
		.composite([{ input: overlay, raw: { width: sidePx, height: sidePx, channels: 4 } }])
		.jpeg({ quality: 88 })
		.toBuffer();
}

/** 0 where a part does not speak for manipulation, 1 at the full colour. */
function strengthOf(logit: number, { temperature, offset }: LogitScale): number {
	return Math.min(1, Math.max(0, (logit - offset) / temperature / fullColourLogOdds));
}

/** RGBA 0..255; transparent at 0, quickly visible, then only the hue moves. */
function colourOf(strength: number): [number, number, number, number] {
	const at = strength * (inferno.length - 1);
	const from = inferno[Math.floor(at)] ?? inferno[0];
	const to = inferno[Math.ceil(at)] ?? from;
	const mix = (a: number, b: number) => Math.round(a + (b - a) * (at - Math.floor(at)));
	const opacity = maxOpacity * Math.min(1, strength * 3);
	return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2]), Math.round(255 * opacity)];
}

/** The colour of each strength 0..255, RGBA. */
const palette = Buffer.from(Array.from({ length: 256 }, (_, i) => colourOf(i / 255)).flat());

/** Probabilities nearer than this to 0 or 1 have lost the digits that the scale is read from. */
const saturated = 1e-9;

/** The scale that a report's faces were calibrated with: the log-odds of fakeProbability are a straight line over the logits, so two faces tell it; one face only the offset. */
export function logitScaleFromFaces(faces: readonly Pick<FaceEntry, 'logit' | 'fakeProbability'>[]): LogitScale {
	const usable = faces
		.filter(({ fakeProbability: p }) => p > saturated && p < 1 - saturated)
		.toSorted((a, b) => a.logit - b.logit);
	const [low, high] = [usable[0], usable.at(-1)];
	if (!low || !high) return { temperature: 1, offset: 0 };
	const span = logOdds(high.fakeProbability) - logOdds(low.fakeProbability);
	const temperature = span > 0 ? (high.logit - low.logit) / span : 1;
	return { temperature, offset: low.logit - temperature * logOdds(low.fakeProbability) };
}

const logOdds = (p: number) => Math.log(p / (1 - p));
