import type { ReliabilityBin } from '../verdict/reliability.ts';
import { type RocPoint, rateOf } from './metrics.ts';

/** Plots as small self-contained SVG strings, 400 px wide; pure. The colours (Okabe & Ito 2008) can be distinguished with any colour vision. */

/** A named ROC curve with its area. */
export type NamedCurve = { readonly name: string; readonly points: readonly RocPoint[]; readonly auc: number };

const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;
const dashes = ['', '7 3', '2 3', '9 3 2 3', '4 2', '1 2'] as const;
const [realColour, fakeColour] = colours;
/** The plotting area, px, of a 400 px wide picture. */
const area = { left: 56, right: 384, top: 40, bottom: 340 } as const;
const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** ROC curves with chance as a grey diagonal; up to six are drawn. */
export function rocSvg(curves: readonly NamedCurve[]): string {
	const shown = curves.slice(0, colours.length);
	const lines = shown.map(({ points }, i) => {
		const d = points.map(({ fpr, tpr }, k) => `${k === 0 ? 'M' : 'L'}${xOf(fpr)} ${yOf(tpr)}`).join('');
		return `<path d="${d}" fill="none" stroke="${colours[i]}" stroke-width="2" stroke-dasharray="${dashes[i]}" stroke-linejoin="round"/>`;
	});
	const legend = shown.map(({ name, auc }, i) => {
		const y = area.bottom - 12 - 17 * (shown.length - 1 - i);
		const swatch = `<path d="M178 ${y - 4}h24" stroke="${colours[i]}" stroke-width="2" stroke-dasharray="${dashes[i]}"/>`;
		return `${swatch}<text x="208" y="${y}">${escapeXml(`${shorten(name, 15)} ${auc.toFixed(3)}`)}</text>`;
	});
	const legendHead = `<text x="178" y="${area.bottom - 12 - 17 * shown.length}" font-weight="600">area under the curve</text>`;
	const body =
		shown.length === 0
			? emptyText('needs scored items of both classes')
			: [diagonal, ...lines, ...halo(legendHead, ...legend)];
	return picture('ROC: fakes found against false alarms', [
		...axes('false positive rate', 'true positive rate'),
		...body,
	]);
}

/** Share of fakes against mean probability per bin, with 95 % Wilson intervals. Dots grow with the number of items; a calibrated model has them on the diagonal. */
export function reliabilitySvg(bins: readonly ReliabilityBin[]): string {
	const filled = bins.filter((bin) => bin.n > 0);
	const most = Math.max(1, ...filled.map((bin) => bin.n));
	const dots = filled.flatMap(({ n, fakes, meanProbability }) => {
		const { rate, interval } = rateOf(fakes, n);
		const x = xOf(meanProbability ?? 0);
		const [low, high] = interval ?? [0, 0];
		const radius = round(3 + 5 * Math.sqrt(n / most));
		return [
			`<path d="M${x} ${yOf(low)}V${yOf(high)}" stroke="${realColour}" stroke-width="1.5" opacity="0.6"/>`,
			`<circle cx="${x}" cy="${yOf(rate ?? 0)}" r="${radius}" fill="${realColour}"><title>${n} items, ${fakes} fake</title></circle>`,
		];
	});
	const n = filled.reduce((sum, bin) => sum + bin.n, 0);
	return picture(`Reliability of ${n} probabilities`, [
		...axes('mean fakeProbability per bin (dot size: items)', 'share of fakes'),
		...(n === 0 ? emptyText('nothing was scored') : [diagonal, ...dots]),
	]);
}

/** Distribution of the probabilities of reals (solid) and fakes (hatched outline), each as shares of its class over 20 bins. */
export function histogramSvg(reals: readonly number[], fakes: readonly number[]): string {
	const count = 20;
	const [realShares, fakeShares] = [sharesOf(reals, count), sharesOf(fakes, count)];
	const top = niceTop(1.1 * Math.max(...realShares, ...fakeShares)); // room for the legend
	const width = (area.right - area.left) / count;
	const bar = (share: number, i: number, style: string) => {
		const y = yOf(share / top);
		const height = round(area.bottom - y);
		return share === 0
			? ''
			: `<rect x="${round(area.left + i * width + 0.5)}" y="${y}" width="${round(width - 1)}" height="${height}" ${style}/>`;
	};
	const bars = [
		...realShares.map((share, i) => bar(share, i, `fill="${realColour}" fill-opacity="0.55"`)),
		...fakeShares.map((share, i) => bar(share, i, `fill="url(#hatch)" stroke="${fakeColour}" stroke-width="1.5"`)),
	];
	const hatch = `<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V5" stroke="${fakeColour}" stroke-width="2"/></pattern></defs>`;
	const legend = [
		`<rect x="150" y="48" width="16" height="11" fill="${realColour}" fill-opacity="0.55"/><text x="172" y="58">real (${reals.length})</text>`,
		`<rect x="262" y="48" width="16" height="11" fill="url(#hatch)" stroke="${fakeColour}"/><text x="284" y="58">fake (${fakes.length})</text>`,
	];
	const empty = reals.length + fakes.length === 0;
	return picture('Scores of real and fake items', [
		hatch,
		...axes('fakeProbability', 'share of the class', top),
		...(empty ? emptyText('nothing was scored') : [...bars, ...halo(...legend)]),
	]);
}

const diagonal = `<path d="M${area.left} ${area.bottom}L${area.right} ${area.top}" stroke="#888" stroke-dasharray="4 4"/>`;

/** Axes with grid, numbers and names: horizontal 0..1, vertical 0..`top`. */
function axes(xName: string, yName: string, top = 1): string[] {
	const middle = (area.top + area.bottom) / 2;
	return [
		...ticks.flatMap((tick) => [
			`<path d="M${xOf(tick)} ${area.top}V${area.bottom}M${area.left} ${yOf(tick)}H${area.right}" stroke="#e4e4e4"/>`,
			`<text x="${xOf(tick)}" y="${area.bottom + 17}" text-anchor="middle">${tick}</text>`,
			`<text x="${area.left - 7}" y="${yOf(tick) + 4}" text-anchor="end">${round(tick * top)}</text>`,
		]),
		`<path d="M${area.left} ${area.top}V${area.bottom}H${area.right}" fill="none" stroke="#333"/>`,
		`<text x="${(area.left + area.right) / 2}" y="${area.bottom + 38}" text-anchor="middle">${xName}</text>`,
		`<text transform="translate(15 ${middle}) rotate(-90)" text-anchor="middle">${yName}</text>`,
	];
}

function picture(title: string, parts: readonly string[]): string {
	return [
		'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 390" width="400" height="390" role="img" font-family="system-ui, sans-serif" font-size="13" fill="#222">',
		`<title>${title}</title><rect width="400" height="390" fill="#fff"/>`,
		`<text x="${area.left}" y="24" font-size="15" font-weight="600">${title}</text>`,
		...parts,
		'</svg>\n',
	].join('\n');
}

/** Keeps text readable over lines by a white edge around the letters. */
function halo(...parts: string[]): string[] {
	return [
		'<g>',
		...parts.map((part) => part.replaceAll('<text ', '<text stroke="#fff" stroke-width="4" paint-order="stroke" ')),
		'</g>',
	];
}

function emptyText(text: string): string[] {
	return [`<text x="${(area.left + area.right) / 2}" y="190" text-anchor="middle" fill="#555">${text}</text>`];
}

function sharesOf(values: readonly number[], bins: number): number[] {
	const shares = new Array<number>(bins).fill(0);
	for (const value of values) {
		const bin = Math.min(bins - 1, Math.floor(value * bins));
		shares[bin] = (shares[bin] ?? 0) + 1 / values.length;
	}
	return shares;
}

/** The smallest of 0.05, 0.1, 0.25, 0.5, 1 that is not below the value. */
const niceTop = (value: number) => [0.05, 0.1, 0.25, 0.5].find((top) => value <= top) ?? 1;
const xOf = (share: number) => round(area.left + share * (area.right - area.left));
const yOf = (share: number) => round(area.bottom - share * (area.bottom - area.top));
const round = (value: number) => Math.round(value * 100) / 100;
const shorten = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
