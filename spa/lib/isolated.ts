/** A text that keeps its direction next to others where markup is not possible (FSI and PDI of Unicode's UAX 9). */
export const isolated = (text: string): string => `\u2068${text}\u2069`;
