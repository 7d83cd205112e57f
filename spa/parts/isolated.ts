/** A text that keeps its direction beside others, where there is no markup for it (FSI, PDI of Unicode's UAX 9). */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
