/** Turns a name into one that the service accepts: without separators and control characters, at most 255 long; `file` if nothing is left. */
export function wireFileName(name: string): string {
	const clean = Array.from(name, (letter) => (isForbidden(letter) ? ' ' : letter)).join('');
	return clean.slice(-255).trim() || 'file';
}

const isForbidden = (letter: string) => letter < ' ' || letter === '\x7f' || letter === '/' || letter === '\\';
