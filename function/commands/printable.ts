/** A text without control characters, so that the name of a file cannot move the cursor or paint the terminal. */
export const printable = (text: string) => text.replace(/\p{Cc}/gu, '?');
