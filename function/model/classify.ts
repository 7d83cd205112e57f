import type { HeatMap } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import { logOdds } from '../statistics.ts';
import type { Output, Port, Session } from './session.ts';
import type { Spec } from './spec.ts';

/** Scores crops [3, size, size] RGB 0..1: the raw logit (positive = fake) and a heat map whose mean is the logit, or null for a model without maps. */
export type Classify = (crops: readonly Float32Array[]) => Promise<Answer[]>;

/** The output of a classifier for a crop; `embedding` is null unless requested. */
export type Answer = {
	readonly logit: number;
	readonly heatMap: HeatMap | null;
	readonly embedding: Float32Array | null;
};

/** Closest that a float32 probability can be to 1 (2^-24); its logit is 16.6. */
const float32Margin = 2 ** -24;

/**
 * Turns a session into a classifier by its spec; throws model-unfit if graph and spec disagree, model-failed if a score is not finite.
 * Returns embeddings if `embeds`. If `counts` is set (in ascending order), every run has one of these batch sizes, padded with zero
 * crops whose outputs are dropped, unless the graph has a fixed batch size.
 */
export function createClassifier(
	session: Session,
	spec: Spec,
	{ counts = null, embeds = false }: { readonly counts?: readonly number[] | null; readonly embeds?: boolean } = {},
): Classify {
	const { input, output, map, batch } = portsOf(session, spec);
	const embedding = embeds ? embeddingPort(session, spec).name : null;
	const names = [output, map, embedding].filter((name) => name !== null);
	const takesCropsAsTheyAre = isPlain(spec.input);
	const run = async (crops: readonly Float32Array[]) => {
		const { size } = spec.crop;
		const count = batch ?? counts?.find((each) => each >= crops.length) ?? crops.length;
		const shape = spec.input.layout === 'nchw' ? [count, 3, size, size] : [count, size, size, 3];
		const data = new Float32Array(count * 3 * size * size);
		for (const [i, crop] of crops.entries())
			data.set(takesCropsAsTheyAre ? crop : prepared(crop, spec), i * 3 * size * size);
		const results = await session.run({ [input]: { data, shape, isMoved: true } }, names);
		const named = (name: string | null) => (name === null ? null : (results[names.indexOf(name)] as Output));
		const [scores, maps, embeddings] = [named(output) as Output, named(map), named(embedding)];
		const width = classCount(spec);
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
	const classify: Classify = async (crops) => {
		if (batch === null) return run(crops);
		const answers: Answer[] = [];
		for (let at = 0; at < crops.length; at += batch) answers.push(...(await run(crops.slice(at, at + batch))));
		return answers;
	};
	return spec.mirrored ? withMirror(classify, spec.crop.size) : classify;
}

/** Test-time augmentation: averages the outputs for each crop and its mirror image, whose map is mirrored back first. */
function withMirror(classify: Classify, size: number): Classify {
	return async (crops) => {
		const plain = await classify(crops);
		const mirrored = await classify(crops.map((crop) => mirror(crop, size)));
		return plain.map(({ logit, heatMap, embedding }, i) => {
			const other = mirrored[i] as (typeof plain)[number];
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

/** Reverses each row of `width` values. */
function mirror<T extends Float32Array | number[]>(rows: T, width: number): T {
	const reversed = rows.slice() as T;
	for (let start = 0; start < rows.length; start += width)
		for (let x = 0; x < width; x++) reversed[start + x] = rows[start + width - 1 - x] as number;
	return reversed;
}

/** Runs a grey picture through a model, so that one that contradicts its spec is refused when it is added, not when it is used. Throws model-unfit, model-failed. */
export async function tryClassifier(session: Session, spec: Spec): Promise<void> {
	const { size } = spec.crop;
	const grey = new Float32Array(3 * size * size).fill(0.5);
	await createClassifier(session, spec)([grey, grey]);
}

const classCount = ({ output }: Spec) => (output.kind.startsWith('two-') ? 2 : 1);

/** Whether a network takes pixels as crops hold them: [3, size, size] RGB 0..1. */
const isPlain = ({ layout, colours, range, mean, std }: Spec['input']): boolean =>
	layout === 'nchw' &&
	colours === 'rgb' &&
	range !== 'bytes' &&
	mean.every((value) => value === 0) &&
	std.every((value) => value === 1);

/** The pixels in the layout, range and scale that the network was trained with. */
function prepared(crop: Float32Array, { crop: { size }, input }: Spec): Float32Array {
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
			return sign * logOdds(first, float32Margin);
		case 'two-probabilities':
			return sign * logOdds(second / (first + second), float32Margin);
	}
}

/**
 * The map of face `i`. A gradient map's mean is only the part of the logit that depends on the picture; the rest is spread evenly,
 * so that every map's mean is the logit.
 */
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

/** Resolves the names in the spec, and the graph's fixed batch size (null if it is free); throws model-unfit with what the graph has instead. */
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

/** The output with a face's embedding; throws model-unfit if there is none. */
function embeddingPort(session: Session, { embedding }: Spec): Port {
	if (embedding === null) throw unfit('a sequence model needs an embedding, and the spec names none');
	return portOf(session.outputs, embedding, 'output');
}

/** Length of a face's embedding; null if the graph does not say. Throws model-unfit if there is no embedding. */
export function embeddingSize(session: Session, spec: Spec): number | null {
	const size = embeddingPort(session, spec).shape[1];
	return typeof size === 'number' && size > 0 ? size : null;
}

/** Whether a side of a graph's shape allows `wanted`; a side that is a name or a number below 1 is free. */
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
