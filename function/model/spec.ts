import { z } from 'zod';
import { AnalysisError } from '../errors.ts';

const three = z.tuple([z.number(), z.number(), z.number()]);
const name = z.string().min(1).max(200);

/**
 * How a face classifier wants its pictures and what its numbers mean: all that stands between "an ONNX file" and an answer.
 * What a field does not say is the commonest case, so that a spec names what is special about its network.
 */
export const specSchema = z.strictObject({
	/** Which part of the frame is cut and to what size. */
	crop: z.strictObject({
		/** Size of the part as a multiple of the detector's box: of its longer side where square, of each side where stretched. */
		margin: z.number().min(0.5).max(4),
		/** `square` keeps the face's proportions; `stretched` squeezes box into square. */
		shape: z.enum(['square', 'stretched']).default('square'),
		/** Side of the picture that the network takes, px. */
		size: z.number().int().min(32).max(1024),
		/** `roi-align` = the operator that every other model's crop is; `pillow` = whole pixels and Pillow's bilinear filter, to the bit. */
		resize: z.enum(['roi-align', 'pillow']).default('roi-align'),
	}),
	/** How its pixels are handed over. */
	input: z.strictObject({
		/** Name of the graph's input; null = its only one. */
		name: name.nullable().default(null),
		layout: z.enum(['nchw', 'nhwc']).default('nchw'),
		colours: z.enum(['rgb', 'bgr']).default('rgb'),
		/** What the pixels are before `mean` and `std`: `unit` = 0..1, `bytes` = 0..255. */
		range: z.enum(['unit', 'bytes']).default('unit'),
		/** Subtracted and then divided by, a number a channel in the order of `colours`. */
		mean: three.default([0, 0, 0]),
		std: three.refine((std) => std.every((value) => value > 0), { message: 'std must be above 0' }).default([1, 1, 1]),
	}),
	/** What the score is made of. */
	output: z.strictObject({
		/** Name of the graph's output; null = its only one. */
		name: name.nullable().default(null),
		/** `logit` and `probability`: a number a face, [N] or [N, 1]; `two-logits` and `two-probabilities`: two, [N, 2]. */
		kind: z.enum(['logit', 'two-logits', 'probability', 'two-probabilities']),
		/** Which class is the manipulated one: of one number 1 = high means fake, 0 = high means real. */
		fake: z.union([z.literal(0), z.literal(1)]).default(1),
	}),
	/**
	 * Output [N, 1, h, w] that shows where a score comes from; null = it has none. `share` = its mean is the logit; `gradient` = a gradient
	 * times activations, whose mean is the part of the logit that hangs on the picture.
	 */
	heatMap: z
		.strictObject({ name, kind: z.enum(['share', 'gradient']).default('share') })
		.nullable()
		.default(null),
	/** Output [N, D] with a face's features, which a sequence model reads; null = it has none. */
	embedding: name.nullable().default(null),
	/** Whether a face's score is the mean of the logits of its picture and of the mirror image, and the map that of both maps: twice the work. */
	mirrored: z.boolean().default(false),
	/** How the frames of a person become a score: of logits without the extreme tenths, of all logits, or of all probabilities. */
	frames: z.enum(['trimmed-mean', 'mean', 'mean-probability']).default('trimmed-mean'),
	/** Who is judged: everybody alone, or only the person that fills most of the pictures. */
	people: z.enum(['everybody', 'main']).default('everybody'),
	/** Where these settings are from. */
	source: z.string().max(2000).default(''),
});

/** What a face classifier takes and gives. */
export type Spec = Readonly<z.infer<typeof specSchema>>;

/** A spec from a document's text; throws spec-invalid with every fault by its place. */
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
