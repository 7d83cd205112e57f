/** A name that uploads take, of one that anybody has chosen: without separators and control characters, at most 255 long. */
export function plainName(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is left out
	const clean = name.replaceAll(/[\u0000-\u001f\u007f/\\]/g, ' ').trim();
	return Buffer.from(clean.slice(0, 255)).toString() || 'file'; // half a surrogate pair becomes U+FFFD
}
