/** The lines of a stream of UTF-8 bytes, without their ends, as they come; what is left after the last line end is dropped: it was cut. */
export async function* readLines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
	const reader = bytes.getReader();
	const decoder = new TextDecoder();
	let pieces: string[] = [];
	try {
		while (true) {
			const { done, value } = await reader.read();
			if (done) return;
			const [first = '', ...others] = decoder.decode(value, { stream: true }).split('\n');
			pieces.push(first); // joined once at the line's end: a report comes in hundreds of pieces
			for (const next of others) {
				yield pieces.join('').replace(/\r$/, '');
				pieces = [next];
			}
		}
	} finally {
		await reader.cancel().catch(() => {}); // a reader that stops early closes the connection
	}
}
