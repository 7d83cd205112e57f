/** A non-cryptographic 64-bit hash as 16 hexadecimal digits: FNV-1a followed by a polynomial hash with base 31. Unlike crypto.subtle, it needs no secure context. */
export function hashText(text: string): string {
	let [fnv, polynomial] = [0x811c9dc5, 7];
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		fnv = Math.imul(fnv ^ code, 0x01000193);
		polynomial = (Math.imul(polynomial, 31) + code) | 0;
	}
	return [fnv, polynomial].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}
