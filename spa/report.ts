import { render } from 'svelte/server';
import { wordsIn } from '../function/answer/catalogues.ts';
import type { Language } from '../function/answer/languages.ts';
import { printable } from '../function/answer/printable.ts';
import { sentenceOf } from '../function/answer/sentence.ts';
import type { Moment, Report } from '../function/contract/report.ts';
import style from './app.css?inline';
import ReportPage from './parts/ReportPage.svelte';

/**
 * A report as one self-contained HTML page: no script, no network, pictures inline. `overlays` are data URLs of the heat maps over their crops;
 * a moment without one shows only its crop.
 */
export function renderReport(report: Report, language: Language, overlays: ReadonlyMap<Moment, string>): string {
	const { head, body } = render(ReportPage, { props: { report, language, overlays } });
	const words = wordsIn(language);
	const title = words.m.page.titled(`${printable(report.fileName)}: ${sentenceOf(report, words)}`);
	const page = `<!doctype html>
<html lang="${language}" dir="${words.m.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
${head}
</head>
<body>
${body}
</body>
</html>
`;
	return page.replace(/<!--.*?-->/gs, '').replace(controlCharacters, '\uFFFD');
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Control characters other than tab and line feed, which no page may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is what is searched for
const controlCharacters = /[\0-\x08\x0b-\x1f\x7f]/g;
