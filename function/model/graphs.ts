import { type ModelBytes, readModel } from './manifest.ts';
import type { ModelEntry } from './manifest-schema.ts';
import type { OpenOptions, Runtime, Session } from './session.ts';

/** A graph that can be opened; `read` loads and checks it and its weights. */
export type Graph = Pick<ModelEntry, 'id' | 'kind' | 'sha256'> & { readonly read: () => Promise<ModelBytes> };

/** A shipped graph. */
export const shippedGraph = (folder: string, entry: ModelEntry): Graph => ({
	...entry,
	read: () => readModel(folder, entry),
});

/** Graphs with too little work for a GPU. */
const smallKinds: ReadonlySet<Graph['kind']> = new Set(['sequence', 'finder', 'cover']);

/** A session per graph; null for a graph that is null. */
type Sessions<G> = { [K in keyof G]: G[K] extends Graph ? Session : Session | null };

/** Opens graphs one after another and returns the sessions under the same names. If one fails, closes the others. */
export async function openGraphs<G extends Readonly<Record<string, Graph | null>>>(
	runtime: Runtime,
	graphs: G,
	options: Omit<OpenOptions, 'traced' | 'weights'>,
): Promise<Sessions<G>> {
	const isGpu = options.provider === 'cuda';
	const sessions: [string, Session | null][] = [];
	try {
		for (const [name, graph] of Object.entries(graphs)) {
			const traced = isGpu && (graph?.kind === 'detector' || graph?.kind === 'classifier');
			const provider = graph && smallKinds.has(graph.kind) ? 'cpu' : options.provider;
			sessions.push([name, graph && (await openGraph(runtime, graph, { ...options, provider, traced }))]);
		}
	} catch (error) {
		await closeSessions(sessions.map(([, session]) => session));
		throw error;
	}
	return Object.fromEntries(sessions) as Sessions<G>;
}

async function openGraph(runtime: Runtime, { id, read }: Graph, options: OpenOptions): Promise<Session> {
	const { graph, weights } = await read();
	return runtime.open(id, graph, { ...options, weights });
}

/** Closes sessions and ignores errors: a session whose thread has ended is already closed. */
export async function closeSessions(sessions: readonly (Session | null)[]): Promise<void> {
	await Promise.all(sessions.map((session) => session?.close().catch(() => {})));
}
