/** Text that is already HTML; everything else is escaped when it enters a template. */
export type Html = { readonly html: string };

type Part = Html | string | number | null | undefined | false | readonly Part[];

/** HTML from a template: strings and numbers are escaped, arrays joined, null, undefined and false left out. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
	return { html: strings.reduce((text, string, i) => text + textFromPart(parts[i - 1]) + string) };
}

function textFromPart(part: Part): string {
	if (part === null || part === undefined || part === false) return '';
	if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part));
	if ('html' in part) return part.html;
	return part.map(textFromPart).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes for text and quoted attributes; control characters other than tab and line feed are shown as U+FFFD. */
function escapeText(text: string): string {
	return [...text].map((c) => entities[c] ?? (c < ' ' && c !== '\t' && c !== '\n' ? '\uFFFD' : c)).join('');
}
