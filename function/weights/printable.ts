/** Text from a file, safe to show in an error: short, and without control characters for a terminal. */
export const printable = (text: string, longest = 80) => text.slice(0, longest).replace(/[^\x20-\x7e]/g, '?');
