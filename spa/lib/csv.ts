import type { Report } from '../../function/contract/report.ts';

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
] as const;

/** Every scored face as CSV by RFC 4180, one row a face and frame; a spreadsheet takes no cell for a formula. */
export function csvFromReport({ fileName, tracks }: Pick<Report, 'fileName' | 'tracks'>): string {
	const rows = tracks.flatMap(({ trackId, faces }) =>
		faces.map(({ frameIndex, timeS, fakeProbability, logit, excluded, box, score, quality }) => [
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
		]),
	);
	return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string | number | null): string {
	if (value === null) return '';
	if (typeof value === 'number') return String(value);
	const harmless = /^[\s]*[=+\-@\t\r]/.test(value) ? `'${value}` : value; // OWASP, CSV injection
	return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Name for what is taken away: that of the file without its ending and without what file systems refuse, and a new ending. */
export function takeAwayName(fileName: string, ending: 'json' | 'csv'): string {
	const stem = fileName.replace(/\.[^.]*$/, '').replace(/[^\p{L}\p{N}._-]+/gu, '-');
	return `unmask-${stem.replace(/^[-.]+|[-.]+$/g, '').slice(0, 80) || 'report'}.${ending}`;
}
