/** The lines of a UTF-8 stream without line breaks, as they arrive. Text after the last line break is dropped, as it was cut off. */
export async function* readLines(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
	const reader = bytes.getReader();
	const decoder = new TextDecoder();
	let pieces: string[] = [];
	try {
		while (true) {
			const { done, value } = await reader.read();
			if (done) return;
			const [first = '', ...others] = decoder.decode(value, { stream: true }).split('\n');
			pieces.push(first); // joined once at the end of the line: a report arrives in hundreds of pieces
			for (const next of others) {
				yield pieces.join('').replace(/\r$/, '');
				pieces = [next];
			}
		}
	} finally {
		await reader.cancel().catch(() => {}); // a reader that stops early closes the connection
	}
}
