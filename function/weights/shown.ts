/** A text out of a file as an error may show it: short, and without what could move the cursor of a terminal. */
export const shown = (text: string, longest = 80) => text.slice(0, longest).replace(/[^\x20-\x7e]/g, '?');
