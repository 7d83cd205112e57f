import { expect, it } from 'vitest';
import { printable } from '../../../function/answer/printable.ts';

it.each([
	['rtl\u202Egpj.mp4', 'rtl<U+202E>gpj.mp4'],
	['a\u200Bb\u2066c', 'a<U+200B>b<U+2066>c'],
	['\u001b[31mred\u2028', '<U+001B>[31mred<U+2028>'],
	['وجه.mp4', 'وجه.mp4'],
	['\u{E0041}', '<U+E0041>'],
])('shows %j as %s', (text, shown) => {
	expect(printable(text)).toBe(shown);
});
