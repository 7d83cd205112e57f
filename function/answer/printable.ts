/** Invisible, bidirectional and control characters, and line ends of Unicode's own; a selector of a form of emoji is not among them. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A name or text as people may see it: what would move the cursor, paint the terminal, turn the writing direction (`rtl<U+202E>gpj.mp4` looks like
 * `rtl4pm.jpg`) or not show at all stands there as its number.
 */
export const printable = (text: string): string =>
	text.replace(unseen, (character) => `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`);
