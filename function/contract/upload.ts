import { z } from 'zod';
import { wireType } from './wire-type.ts';

/** Id of an upload and of its analysis: 128 random bits, 32 hexadecimal digits. */
export const idSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** A media type per RFC 9110, section 8.3.1, or empty. White space matches in one place only: with two ways to match it, backtracking could take exponential time. */
const mediaType =
	/^$|^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*(?:;[ \t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[\t !#-[\]-~]|\\[\t -~])*")[ \t]*)?)*$/;

/** What a client states about a file before sending it. */
export const uploadRequestSchema = z.strictObject({
	/** Shown in the report; never part of a path. */
	fileName: z
		.string()
		.min(1)
		.max(255)
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are rejected here
		.regex(/^[^\u0000-\u001f\u007f/\\]+$/),
	sizeBytes: z.number().int().positive(),
	/**
	 * The media type as the sender knows it, in any case and with any parameters; empty or omitted = unknown. A type that is neither video nor
	 * image also counts as unknown, and the first bytes decide. Text is rejected at once.
	 */
	contentType: z
		.string()
		.max(255)
		.regex(mediaType, 'expected a media type such as video/mp4, or an empty string')
		.refine((type) => !/^(text|multipart)\//i.test(type), 'the file must be a video or picture')
		.default('')
		.transform(wireType),
});
export type UploadRequest = Readonly<z.infer<typeof uploadRequestSchema>>;
/** The same as a client sends it. */
export type UploadRequestInput = Readonly<z.input<typeof uploadRequestSchema>>;

/** A file for the service to fetch. */
export const linkRequestSchema = z.strictObject({
	/** http or https, on the public internet; either the file itself, or a page that shows it if the service reads pages. */
	url: z.string().min(1).max(4000),
	/** Shown in the report; defaults to the name from the link or its server. */
	fileName: uploadRequestSchema.shape.fileName.optional(),
});

export type LinkRequest = Readonly<z.infer<typeof linkRequestSchema>>;

/** The state of an upload. */
export const uploadProgressSchema = z.object({
	id: idSchema,
	fileName: z.string(),
	/** `arriving` = not complete yet. */
	state: z.enum(['arriving', 'complete']),
	/** Bytes received so far; null if the store does not report them before the end. */
	receivedBytes: z.number().int().nullable(),
	/** null = the linked server does not report the size. */
	sizeBytes: z.number().int().nullable(),
});
export type UploadProgress = Readonly<z.infer<typeof uploadProgressSchema>>;

/** Where and how to send the bytes. */
export const uploadTicketSchema = z.object({
	id: idSchema,
	upload: z.object({
		method: z.literal('PUT'),
		/** Signed: bound to the id, size, type and expiry time. */
		url: z.string(),
		/** Send these with every request to `url`. */
		headers: z.record(z.string(), z.string()),
		/**
		 * Whether the bytes may be sent in parts, using Google Cloud Storage's protocol for resumable uploads: parts are multiples of 256 KiB, sent with
		 * `Content-Range: bytes A-B/SIZE` and answered with 308 and `Range: bytes=0-B`. An asterisk in place of A-B asks how much has arrived.
		 */
		resumable: z.boolean(),
		/** ISO 8601, UTC. */
		expiresAt: z.string(),
	}),
});
export type UploadTicket = Readonly<z.infer<typeof uploadTicketSchema>>;
