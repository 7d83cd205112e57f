import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uploadRequestSchema } from '../../../function/contract/upload.ts';

/** Media types as clients send them. */

const takes = (contentType: string) =>
	uploadRequestSchema.safeParse({ fileName: 'a.mp4', sizeBytes: 1, contentType }).success;

describe('a media type', () => {
	it.each(['', 'video/mp4', 'video/mp4 ; codecs="avc1, \\"x"; ;', 'a/b;;', 'a/b ;c=d\t'])('%j is taken', (type) =>
		expect(takes(type)).toBe(true),
	);
	it.each(['mp4', 'a/b c', 'a/b;c="', 'a/b; c = d', 'a/b\r\nx: y', ' a/b'])('%j is refused', (type) =>
		expect(takes(type)).toBe(false),
	);

	it('is checked quickly whatever its form, including ambiguous separators', () => {
		const begun = performance.now();
		expect(takes(`a/b${'; '.repeat(120)}\u0001`)).toBe(false); // two ways to match each would mean 2^120 attempts
		const parts = fc.constantFrom(';', ' ', '\t', 'a', '=', '"', '\\', '/', '\u0001');
		fc.assert(fc.property(fc.string({ unit: parts, maxLength: 250 }), (rest) => takes(`a/b${rest}`) || true));
		expect(performance.now() - begun).toBeLessThan(5000);
	});
});
