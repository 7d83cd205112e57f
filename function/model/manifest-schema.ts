import { z } from 'zod';
import { tierSchema } from '../contract/plan.ts';
import { metricSchema, speedSchema } from '../contract/service.ts';
import { AnalysisError } from '../errors.ts';
import { calibrationSchema } from '../verdict/calibration.ts';
import { specSchema } from './spec.ts';

const tensorSchema = z.object({ name: z.string(), shape: z.string(), layout: z.string(), range: z.string() });

const digestShape = { sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().positive() };

const weightsSchema = z.object({ file: z.string().regex(/^[\w.-]+\.weights$/), ...digestShape });

const fileSchema = z.object({
	id: z.string(),
	file: z.string().regex(/^[\w.-]+\.onnx$/),
	...digestShape,
	/** Files beside the graph with its weights (ONNX external data), under the names that the graph uses; they have the entry's licence. */
	weights: z.array(weightsSchema).default([]),
	inputs: z.array(tensorSchema),
	outputs: z.array(tensorSchema),
	licence: z.string(),
	madeBy: z.string(),
	metrics: z.array(metricSchema).default([]),
});

const classifierSchema = fileSchema.extend({
	kind: z.literal('classifier'),
	/** Its inputs and the meaning of its outputs; calibration, metrics and speed were measured with this spec. */
	spec: specSchema,
	calibration: calibrationSchema,
	/** Its tier, at most one classifier per tier, always `fast` for the default classifier; null if it can only be requested by name. */
	tier: tierSchema.nullable().default(null),
	speed: speedSchema.nullable().default(null),
	/** Id of the sequence model that reads a person's frames together; null if there is none. Calibration and metrics were measured with it. */
	sequence: z.string().nullable().default(null),
});

/** How a person's frames are split into windows for a sequence model; see verdict/sequence.ts. */
const sequenceSpecSchema = z
	.strictObject({
		window: z.number().int().min(2).max(1024),
		overlap: z.number().int().min(0),
		minFrames: z.number().int().min(2),
		maxGapS: z.number().positive(),
	})
	.refine(({ window, overlap }) => overlap < window, {
		message: 'overlap must be less than window',
		path: ['overlap'],
	});

const entrySchema = z.discriminatedUnion('kind', [
	fileSchema.extend({ kind: z.literal('detector') }),
	fileSchema.extend({ kind: z.literal('finder') }),
	fileSchema.extend({ kind: z.literal('cover') }),
	fileSchema.extend({ kind: z.literal('crop'), size: z.number().int().positive() }),
	fileSchema.extend({
		kind: z.literal('identity'),
		crop: z.string(),
		margin: z.number().positive(),
	}),
	classifierSchema,
	fileSchema.extend({ kind: z.literal('sequence'), spec: sequenceSpecSchema }),
]);

/** Schema of `manifest.json`. */
export const manifestSchema = z
	.object({
		version: z.literal(1),
		/** The fast classifier, used if none is requested and there is no GPU. */
		defaultClassifier: z.string(),
		files: z.array(entrySchema),
	})
	.transform(({ files, ...manifest }) => ({
		...manifest,
		files: files.map((file) =>
			file.kind === 'classifier' && file.id === manifest.defaultClassifier ? { ...file, tier: 'fast' as const } : file,
		),
	}))
	.refine(
		({ files }) =>
			tierSchema.options.every((tier) => files.filter((file) => 'tier' in file && file.tier === tier).length < 2),
		{
			message: 'two classifiers of one tier',
		},
	)
	.refine(
		({ files }) => {
			const sequences = files.filter(({ kind }) => kind === 'sequence').map(({ id }) => id);
			return files.every(
				(file) => !('sequence' in file) || file.sequence === null || sequences.includes(file.sequence),
			);
		},
		{ message: 'a classifier names a sequence model that is not listed' },
	);

/** The content of `models/manifest.json`: every model file with its digest, licence, calibration and measured quality. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>;
/** One model file of the manifest. */
export type ModelEntry = Readonly<z.infer<typeof entrySchema>>;
/** The entry of one kind of model file. */
export type ModelEntryOf<K extends ModelEntry['kind']> = Extract<ModelEntry, { kind: K }>;

/** Finds the entry of a kind and id; throws model-unknown with the known ids. */
export function findModel<K extends ModelEntry['kind']>(manifest: Manifest, kind: K, id?: string): ModelEntryOf<K> {
	const found = manifest.files.filter((entry): entry is ModelEntryOf<K> => entry.kind === kind);
	const entry = id === undefined ? found[0] : found.find((candidate) => candidate.id === id);
	if (entry) return entry;
	const known = found.map((candidate) => candidate.id).join(', ') || 'none';
	throw new AnalysisError('model-unknown', 'environment', `${kind} ${id ?? ''} is not listed; known: ${known}`);
}
