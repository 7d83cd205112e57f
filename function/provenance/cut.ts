/** A text of a file is as long as its writer likes; so much of it is told. */
const longestText = 200;

/** A text, cut where it is too long. */
export const cut = (text: string): string => (text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text);
