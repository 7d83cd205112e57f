/** Order-keeping helpers for async iterators; look-ahead lives here and nowhere else. */

/** Groups of up to `size` items; the last may be shorter. */
export async function* batch<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[], void> {
	let group: T[] = [];
	for await (const item of items) {
		group.push(item);
		if (group.length < size) continue;
		yield group;
		group = [];
	}
	if (group.length > 0) yield group;
}

/** The same items, pulled up to `ahead` items before they are asked for; the source is closed when the reader leaves. */
export async function* prefetch<T>(items: AsyncIterable<T>, ahead: number): AsyncGenerator<T, void> {
	const source = items[Symbol.asyncIterator]();
	const pulled: Promise<IteratorResult<T>>[] = [];
	const pull = () => {
		const next = source.next();
		next.catch(() => {}); // told to the reader when it gets there
		pulled.push(next);
	};
	try {
		for (let i = 0; i < ahead; i++) pull();
		while (true) {
			const result = await (pulled.shift() as Promise<IteratorResult<T>>);
			if (result.done) return;
			pull();
			yield result.value;
		}
	} finally {
		await source.return?.();
	}
}
