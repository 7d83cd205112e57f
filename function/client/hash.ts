/** A hash of 64 bits as 16 hexadecimal digits, to tell texts apart, not to protect them: FNV-1a beside a polynomial of base 31. Needs no secure context, unlike crypto.subtle. */
export function hashText(text: string): string {
	let [fnv, polynomial] = [0x811c9dc5, 7];
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		fnv = Math.imul(fnv ^ code, 0x01000193);
		polynomial = (Math.imul(polynomial, 31) + code) | 0;
	}
	return [fnv, polynomial].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
