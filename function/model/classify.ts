import type { HeatMap } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { logOdds } from '../statistics.ts';
import type { Output, Port, Session } from './session.ts';
import type { Spec } from './spec.ts';

/** Raw logit (positive = fake) and heat map of each crop [3, size, size] RGB 0..1; the mean of a map is its logit. A model without maps gives null. */
export type Classify = (crops: readonly Float32Array[]) => Promise<Answer[]>;

/** What a classifier says of a crop; `embedding` is null where nobody asked for it. */
export type Answer = {
	readonly logit: number;
	readonly heatMap: HeatMap | null;
	readonly embedding: Float32Array | null;
};

/** A probability this near to 0 or 1 has no more digits in float32 (2^-24); its logit is 16.6. */
const leastProbability = 2 ** -24;

/**
 * Any face classifier as a function, by its spec; throws model-unfit where graph and spec disagree, model-failed where a score is
 * no finite number. Embeddings are given where `embeds`. Where `counts` are given, in rising order, a run has one of these numbers of crops, filled up with zeros whose answers are dropped, unless the graph is fixed to a number of its own.
 */
export function createClassifier(
	session: Session,
	spec: Spec,
	{ counts = null, embeds = false }: { readonly counts?: readonly number[] | null; readonly embeds?: boolean } = {},
): Classify {
	const { input, output, map, batch } = portsOf(session, spec);
	const embedding = embeds ? embeddingPort(session, spec).name : null;
	const names = [output, map, embedding].filter((name) => name !== null);
	const run = async (crops: readonly Float32Array[]) => {
		const { size } = spec.crop;
		const count = batch ?? counts?.find((each) => each >= crops.length) ?? crops.length;
		const shape = spec.input.layout === 'nchw' ? [count, 3, size, size] : [count, size, size, 3];
		const data = new Float32Array(count * 3 * size * size);
		for (const [i, crop] of crops.entries()) data.set(arranged(crop, spec), i * 3 * size * size);
		const results = await session.run({ [input]: { data, shape } }, names);
		const named = (name: string | null) => (name === null ? null : (results[names.indexOf(name)] as Output));
		const [scores, maps, embeddings] = [named(output) as Output, named(map), named(embedding)];
		const width = classes(spec);
		if (scores.data.length !== count * width)
			throw unfit(`output ${output} has ${scores.data.length} numbers for ${count} faces, the spec says ${width} each`);
		return crops.map((_, i) => {
			const logit = logitFrom(scores.data.subarray(i * width, (i + 1) * width), spec);
			if (!Number.isFinite(logit))
				throw new AnalysisError('model-failed', 'score', `output ${output} holds a number that is not finite`);
			const features = embeddings ? embeddings.data.length / count : 0;
			return {
				logit,
				heatMap: maps ? heatMapFrom(maps, i, count, logit, spec) : null,
				embedding: embeddings ? embeddings.data.slice(i * features, (i + 1) * features) : null,
			};
		});
	};
	const look: Classify = async (crops) => {
		if (batch === null) return run(crops);
		const answers: Answer[] = [];
		for (let at = 0; at < crops.length; at += batch) answers.push(...(await run(crops.slice(at, at + batch))));
		return answers;
	};
	return spec.mirrored ? lookTwice(look, spec.crop.size) : look;
}

/** The mean of what a classifier says of each crop and of its mirror image; the mirror image's map is turned back before. */
function lookTwice(look: Classify, size: number): Classify {
	return async (crops) => {
		const straight = await look(crops);
		const mirrored = await look(crops.map((crop) => mirror(crop, size)));
		return straight.map(({ logit, heatMap, embedding }, i) => {
			const other = mirrored[i] as (typeof straight)[number];
			const turned = other.heatMap && mirror(other.heatMap.values, other.heatMap.width);
			return {
				logit: (logit + other.logit) / 2,
				embedding,
				heatMap: heatMap &&
					turned && { ...heatMap, values: heatMap.values.map((value, k) => (value + (turned[k] as number)) / 2) },
			};
		});
	};
}

/** Rows of `width` values, each the other way round. */
function mirror<T extends Float32Array | number[]>(rows: T, width: number): T {
	const turned = rows.slice() as T;
	for (let start = 0; start < rows.length; start += width)
		for (let x = 0; x < width; x++) turned[start + x] = rows[start + width - 1 - x] as number;
	return turned;
}

/** Runs a grey picture through, so that a model that does not do what its spec says is refused when it is added, not when it is needed. Throws model-unfit, model-failed. */
export async function tryClassifier(session: Session, spec: Spec): Promise<void> {
	const { size } = spec.crop;
	const grey = new Float32Array(3 * size * size).fill(0.5);
	await createClassifier(session, spec)([grey, grey]);
}

const classes = ({ output }: Spec) => (output.kind.startsWith('two-') ? 2 : 1);

/** The pixels in the order, range and scale that the network was trained with. */
function arranged(crop: Float32Array, { crop: { size }, input }: Spec): Float32Array {
	const plane = size * size;
	const isPlanar = input.layout === 'nchw';
	const scale = input.range === 'bytes' ? 255 : 1;
	const data = new Float32Array(3 * plane);
	for (let channel = 0; channel < 3; channel++) {
		const from = (input.colours === 'rgb' ? channel : 2 - channel) * plane;
		const [mean, std] = [input.mean[channel] as number, input.std[channel] as number];
		for (let i = 0; i < plane; i++)
			data[isPlanar ? channel * plane + i : 3 * i + channel] = ((crop[from + i] as number) * scale - mean) / std;
	}
	return data;
}

function logitFrom(scores: Float32Array, { output }: Spec): number {
	const [first = 0, second = 0] = scores;
	const sign = output.fake === 1 ? 1 : -1;
	switch (output.kind) {
		case 'logit':
			return sign * first;
		case 'two-logits':
			return sign * (second - first);
		case 'probability':
			return sign * logOdds(first, leastProbability);
		case 'two-probabilities':
			return sign * logOdds(second / (first + second), leastProbability);
	}
}

/** The map of face `i`. What of a logit does not hang on the picture is spread evenly over a gradient's map, so that its mean is the logit as everywhere. */
function heatMapFrom(
	maps: { readonly data: Float32Array; readonly shape: readonly number[] },
	i: number,
	count: number,
	logit: number,
	{ heatMap, output }: Spec,
): HeatMap {
	const [, , height = 0, width = 0] = maps.shape;
	const cells = width * height;
	if (cells === 0 || maps.data.length !== count * cells)
		throw unfit(`output ${heatMap?.name} is ${sizes(maps.shape)}, not [N, 1, h, w]`);
	const values = [...maps.data.subarray(i * cells, (i + 1) * cells)];
	if (heatMap?.kind === 'share') return { width, height, values: output.fake === 1 ? values : values.map((v) => -v) };
	const rest = logit - values.reduce((sum, value) => sum + value, 0) / cells;
	return { width, height, values: values.map((value) => value + rest) };
}

/** The names that the spec means and the batch that the graph is fixed to (null = any); throws model-unfit with what is there instead. */
function portsOf(session: Session, { crop, input, output, heatMap }: Spec) {
	const into = portOf(session.inputs, input.name, 'input');
	const out = portOf(session.outputs, output.name, 'output');
	const { size } = crop;
	const wanted = input.layout === 'nchw' ? [null, 3, size, size] : [null, size, size, 3];
	const fits = into.shape.length === 4 && wanted.every((side, i) => side === null || matches(into.shape[i], side));
	if (!fits)
		throw unfit(`input ${into.name} is ${sizes(into.shape)}, the spec says ${sizes(['N', ...wanted.slice(1)])}`);
	if (heatMap) portOf(session.outputs, heatMap.name, 'output');
	const [batch] = into.shape;
	return {
		input: into.name,
		output: out.name,
		map: heatMap?.name ?? null,
		batch: typeof batch === 'number' && batch > 0 ? batch : null,
	};
}

/** The output with a face's features; throws model-unfit where there is none. */
function embeddingPort(session: Session, { embedding }: Spec): Port {
	if (embedding === null) throw unfit('a sequence model needs an embedding, and the spec names none');
	return portOf(session.outputs, embedding, 'output');
}

/** How many numbers a face's embedding has; null where the graph does not say. Throws model-unfit where there is none. */
export function embeddingSize(session: Session, spec: Spec): number | null {
	const size = embeddingPort(session, spec).shape[1];
	return typeof size === 'number' && size > 0 ? size : null;
}

/** A side of a graph's shape that is not fixed (a name, or a number below 1) is whatever it is fed. */
const matches = (side: number | string | undefined, wanted: number | string | null) =>
	typeof side !== 'number' || side < 1 || side === wanted;

function portOf(ports: readonly Port[], name: string | null, what: 'input' | 'output'): Port {
	const known = ports.map((port) => `${port.name} ${sizes(port.shape)}`).join(', ');
	const port = name === null && ports.length === 1 ? ports[0] : ports.find((candidate) => candidate.name === name);
	if (!port)
		throw unfit(
			name === null
				? `it has ${ports.length} ${what}s, and the spec does not say which: ${known}`
				: `it has no ${what} ${name}, only ${known}`,
		);
	if (port.type !== 'float32') throw unfit(`${what} ${port.name} is ${port.type}; it has to be float32`);
	return port;
}

const sizes = (shape: readonly (number | string | null)[]) => `[${shape.join(', ')}]`;

const unfit = (detail: string) => new AnalysisError('model-unfit', 'environment', detail);
