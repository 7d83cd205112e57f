import { z } from 'zod';
import { AnalysisError } from '../errors.ts';

const three = z.tuple([z.number(), z.number(), z.number()]);
const name = z.string().min(1).max(200);

/**
 * How a face classifier takes its pictures and what its outputs mean: everything needed to use an ONNX file.
 * Defaults are the most common case, so that a spec names only what is special about its network.
 */
export const specSchema = z.strictObject({
	/** Which part of the frame is cropped, and to what size. */
	crop: z.strictObject({
		/** Size of the crop as a multiple of the detector's box: of its longer side if square, of each side if stretched. */
		margin: z.number().min(0.5).max(4),
		/** `square` keeps the face's proportions; `stretched` scales the box to a square. */
		shape: z.enum(['square', 'stretched']).default('square'),
		/** Side of the network's input picture, px. */
		size: z.number().int().min(32).max(1024),
		/** `roi-align` = the operator that all other crops use; `pillow` = whole pixels and Pillow's bilinear filter, bit-exact. */
		resize: z.enum(['roi-align', 'pillow']).default('roi-align'),
	}),
	/** How the pixels are passed. */
	input: z.strictObject({
		/** Name of the graph's input; null for its only input. */
		name: name.nullable().default(null),
		layout: z.enum(['nchw', 'nhwc']).default('nchw'),
		colours: z.enum(['rgb', 'bgr']).default('rgb'),
		/** Range of the pixels before `mean` and `std`: `unit` = 0..1, `bytes` = 0..255. */
		range: z.enum(['unit', 'bytes']).default('unit'),
		/** `mean` is subtracted, then the result is divided by `std`; one number per channel in the order of `colours`. */
		mean: three.default([0, 0, 0]),
		std: three.refine((std) => std.every((value) => value > 0), { message: 'std must be above 0' }).default([1, 1, 1]),
	}),
	/** How the score is computed. */
	output: z.strictObject({
		/** Name of the graph's output; null for its only output. */
		name: name.nullable().default(null),
		/** `logit` and `probability`: one number per face, [N] or [N, 1]; `two-logits` and `two-probabilities`: two, [N, 2]. */
		kind: z.enum(['logit', 'two-logits', 'probability', 'two-probabilities']),
		/** Which class is fake; with one number, 1 = high means fake, 0 = high means real. */
		fake: z.union([z.literal(0), z.literal(1)]).default(1),
	}),
	/**
	 * Output [N, 1, h, w] that shows where a score comes from; null if there is none. `share` = its mean is the logit; `gradient` = a
	 * gradient times activations, whose mean is the part of the logit that depends on the picture.
	 */
	heatMap: z
		.strictObject({ name, kind: z.enum(['share', 'gradient']).default('share') })
		.nullable()
		.default(null),
	/** Output [N, D] with a face's embedding, which a sequence model reads; null if there is none. */
	embedding: name.nullable().default(null),
	/** Test-time augmentation: whether logits and maps are averaged over the picture and its mirror image, which doubles the work. */
	mirrored: z.boolean().default(false),
	/** How a person's frames are averaged: logits without the extreme tenths, all logits, or all probabilities. */
	frames: z.enum(['trimmed-mean', 'mean', 'mean-probability']).default('trimmed-mean'),
	/** Who is judged: everybody individually, or only the person that takes up most of the frames. */
	people: z.enum(['everybody', 'main']).default('everybody'),
	/** Where these settings come from. */
	source: z.string().max(2000).default(''),
});

/** The inputs and outputs of a face classifier. */
export type Spec = Readonly<z.infer<typeof specSchema>>;

/** Parses a spec from JSON text; throws spec-invalid with every error and its path. */
export function parseSpec(text: string): Spec {
	let document: unknown;
	try {
		document = JSON.parse(text);
	} catch (cause) {
		throw new AnalysisError('spec-invalid', 'arguments', 'it is not JSON', { cause });
	}
	const parsed = specSchema.safeParse(document);
	if (parsed.success) return parsed.data;
	const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`);
	throw new AnalysisError('spec-invalid', 'arguments', faults.join('; '));
}
