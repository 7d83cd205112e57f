import type { Report, Segment } from '../../function/contract/report.ts';

const columns = [
	'file',
	'face',
	'frame',
	'time_s',
	'fake_probability',
	'logit',
	'counts',
	'excluded_because',
	'x',
	'y',
	'width',
	'height',
	'detector_score',
	'size_px',
	'second_pass',
	'segment_outcome',
	'segment_start_s',
	'segment_end_s',
] as const;

/** Every scored face as CSV (RFC 4180), one row per face and frame; cells are escaped so that spreadsheets do not run them as formulas. */
export function csvFromReport({ fileName, tracks }: Pick<Report, 'fileName' | 'tracks'>): string {
	const rows = tracks.flatMap(({ trackId, faces, segments = [] }) =>
		faces.map(({ frameIndex, timeS, fakeProbability, logit, excluded, box, score, quality, secondPass }) => [
			fileName,
			trackId,
			frameIndex,
			timeS,
			fakeProbability,
			logit,
			excluded === null ? 'yes' : 'no',
			excluded,
			box.x,
			box.y,
			box.width,
			box.height,
			score,
			quality.sizePx,
			secondPass ? 'yes' : 'no',
			...segmentCells(segments, timeS),
		]),
	);
	return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** The segment that a face lies in. Neighbouring segments share their boundary: a stretch includes its last face, a gap does not. */
function segmentCells(segments: readonly Segment[], timeS: number): (string | number | null)[] {
	const reach = ({ outcome }: Segment) =>
		['not-applicable', 'likely-real', 'uncertain', 'likely-fake'].indexOf(outcome);
	const [segment] = segments
		.filter(({ startS, endS }) => timeS >= startS && timeS <= endS)
		.sort((a, b) => reach(b) - reach(a));
	return segment ? [segment.outcome, segment.startS, segment.endS] : [null, null, null];
}

function cell(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const harmless = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value; // OWASP, CSV injection
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Name of a saved file: the original name without its extension and without characters that file systems reject, plus a new extension. */
export function takeAwayName(fileName: string, ending: 'json' | 'csv' | 'png'): string {
	const stem = fileName.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
	return `unmask-${stem.replace(/^[-.]+|[-.]+$/g, '').slice(0, 80) || 'report'}.${ending}`;
}
