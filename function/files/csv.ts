import { usageError } from '../errors.ts';

/** One record of a CSV text, with the number of its first line, 1.. */
export type CsvRow = { readonly line: number; readonly fields: readonly string[] };

/**
 * Parses CSV (RFC 4180: quoted fields, doubled quotes, line breaks in quotes, CRLF or LF). Skips a byte-order mark and empty lines. Throws usage if
 * a quote is not closed.
 */
export function parseCsv(text: string): CsvRow[] {
	const rows: CsvRow[] = [];
	const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n][^,\r\n]*|))(,|\r?\n|\r|$)/gy; // one field and what ends it
	const body = text.replace(/^\uFEFF/, '');
	let fields: string[] = [];
	let line = 1;
	let start = 1;
	while (cell.lastIndex < body.length || fields.length > 0) {
		const found = cell.exec(body);
		if (!found) throw usageError(`line ${line}: a quoted field is not closed, or text follows its closing quote.`);
		const [whole, quoted, plain, end] = found;
		fields.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
		line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
		if (end === ',') continue;
		if (fields.length > 1 || fields[0] !== '') rows.push({ line: start, fields });
		fields = [];
		start = line;
	}
	return rows;
}

/** Formats fields as one CSV line without a line break; quotes only where needed. */
export function csvLine(fields: readonly (string | number | null)[]): string {
	return fields
		.map((field) => {
			const text = field === null ? '' : String(field);
			return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
		})
		.join(',');
}
