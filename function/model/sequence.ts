import { AnalysisError } from '../errors.ts';
import type { Session } from './session.ts';

/** Frames of one person in order of time. */
export type SequenceWindow = {
	/** The classifier's embedding of each. */
	readonly embeddings: readonly Float32Array[];
	readonly logits: readonly number[];
	/** Seconds. */
	readonly times: readonly number[];
};

/** Runs a sequence model: returns new logits of the same frames, and one logit for all of them together. */
export type Refine = (
	window: SequenceWindow,
) => Promise<{ readonly logits: readonly number[]; readonly videoLogit: number }>;

const inputs = ['emb', 'frame_logit', 'time_s'] as const;
const outputs = ['frame_logit_out', 'video_logit'] as const;

/**
 * A sequence model as a function; `features` is the length of the classifier's embedding, null if its graph does not say. Throws
 * model-unfit if the two do not fit together.
 */
export function createSequence(session: Session, features: number | null): Refine {
	const missing = [
		...inputs.filter((name) => !session.inputs.some((port) => port.name === name)),
		...outputs.filter((name) => !session.outputs.some((port) => port.name === name)),
	];
	if (missing.length > 0) throw unfit(`the sequence model has no ${missing.join(', ')}`);
	const taken = session.inputs.find(({ name }) => name === 'emb')?.shape[2];
	if (typeof taken === 'number' && taken > 0 && features !== null && taken !== features)
		throw unfit(`the sequence model takes embeddings of ${taken} numbers, the classifier gives ${features}`);
	return async ({ embeddings, logits, times }) => {
		const count = embeddings.length;
		const width = embeddings[0]?.length ?? 0;
		const emb = new Float32Array(count * width);
		for (const [i, embedding] of embeddings.entries()) emb.set(embedding, i * width);
		const series = (values: readonly number[]) => ({ data: Float32Array.from(values), shape: [1, count] });
		const feeds = { emb: { data: emb, shape: [1, count, width] }, frame_logit: series(logits), time_s: series(times) };
		const [refined, video] = await session.run(feeds, outputs);
		if (refined.data.length !== count || video.data.length !== 1)
			throw unfit(
				`the sequence model gave ${refined.data.length} and ${video.data.length} numbers for ${count} frames`,
			);
		return { logits: [...refined.data], videoLogit: video.data[0] as number };
	};
}

const unfit = (detail: string) => new AnalysisError('model-unfit', 'environment', detail);
