/** Order-preserving helpers for async iterators. All read-ahead in the pipeline happens here. */

/** Groups of up to `size` items, of which the first has `first` items; the last may be shorter. */
export async function* batch<T>(items: AsyncIterable<T>, size: number, first = size): AsyncGenerator<T[], void> {
	let group: T[] = [];
	let wanted = first;
	for await (const item of items) {
		group.push(item);
		if (group.length < wanted) continue;
		yield group;
		group = [];
		wanted = size;
	}
	if (group.length > 0) yield group;
}

/** Yields the same items, pulling up to `ahead` of them in advance; closes the source when the reader stops. */
export async function* prefetch<T>(items: AsyncIterable<T>, ahead: number): AsyncGenerator<T, void> {
	const source = items[Symbol.asyncIterator]();
	const pulled: Promise<IteratorResult<T>>[] = [];
	const pull = () => {
		const next = source.next();
		next.catch(() => {}); // thrown when the reader gets there
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
