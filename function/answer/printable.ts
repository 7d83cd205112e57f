/** Invisible, bidirectional and control characters, and Unicode's line separators; emoji variation selectors are not included. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A name or text that is safe to display. Characters that would move the cursor, colour the terminal, reverse the writing direction
 * (`rtl<U+202E>gpj.mp4` looks like `rtl4pm.jpg`) or be invisible are replaced by their code points.
 */
export const printable = (text: string): string =>
	text.replace(unseen, (character) => `<U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}>`);
