/** Turns an untrusted name into a valid upload name: without separators and control characters, at most 255 long. */
export function plainName(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed here
	const clean = name.replaceAll(/[\u0000-\u001f\u007f/\\]/g, ' ').trim();
	return Buffer.from(clean.slice(0, 255)).toString() || 'file'; // a lone surrogate becomes U+FFFD
}

/** The start or the end of a name that fits the 255 bytes of a file name, with room for an ending. */
export function shortName(name: string, part: 'start' | 'end'): string {
	let characters = [...name];
	while (Buffer.byteLength(characters.join('')) > 200)
		characters = part === 'start' ? characters.slice(0, -1) : characters.slice(1);
	return characters.join('');
}
