/** Maximum length of a reported text; a file may contain texts of any length. */
const maxTextLength = 200;

/** Truncates a text that is too long. */
export const truncate = (text: string): string =>
	text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text;
