/** Turns an untrusted name into a valid upload name: without separators and control characters, at most 255 long. */
export function plainName(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed here
	const clean = name.replaceAll(/[\u0000-\u001f\u007f/\\]/g, ' ').trim();
	return Buffer.from(clean.slice(0, 255)).toString() || 'file'; // a lone surrogate becomes U+FFFD
}
