import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Language } from '../answer/languages.ts';
import { packageRoot } from '../config.ts';
import type { Moment, Report } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';

/** Renders a report as one self-contained HTML page in a language; `overlays` holds data URLs of the heat maps drawn over their crops. */
export type RenderReport = (report: Report, language: Language, overlays: ReadonlyMap<Moment, string>) => string;

/** Loads the renderer that `npm run build` makes from the page's own components (spa/report.ts); throws `environment` if it was not built. */
export async function loadReportPage(): Promise<RenderReport> {
	const path = join(packageRoot(), 'dist/report/report.js');
	try {
		return (await import(pathToFileURL(path).href)).renderReport;
	} catch (cause) {
		throw new AnalysisError('environment', 'write', `${path} cannot be loaded; run npm run build`, { cause });
	}
}
