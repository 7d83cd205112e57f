/** Maximum length of a reported text; a file may contain texts of any length. */
const longestText = 200;

/** Truncates a text that is too long. */
export const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
