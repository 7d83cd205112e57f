import { z } from 'zod';
import { wireType } from './wire-type.ts';

/** Name of an upload and of its analysis: 128 random bits, 32 hexadecimal digits. */
export const idSchema = z.string().regex(/^[0-9a-f]{32}$/);

/** A media type by RFC 9110, section 8.3.1, or nothing. White space belongs to what is before it: in two ways it would take time without end. */
const mediaType =
	/^$|^[!#$%&'*+.^_`|~0-9A-Za-z-]+\/[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*(?:;[ \t]*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+=(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[\t !#-[\]-~]|\\[\t -~])*")[ \t]*)?)*$/;

/** What a client says of a file before it sends it. */
export const uploadRequestSchema = z.strictObject({
	/** Shown in the report; never part of a path. */
	fileName: z
		.string()
		.min(1)
		.max(255)
		// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
		.regex(/^[^\u0000-\u001f\u007f/\\]+$/),
	sizeBytes: z.number().int().positive(),
	/**
	 * The media type that the sender knows, in any case and with any parameters; empty or left out = unknown. What is neither video nor picture
	 * counts as unknown, too, and the first bytes decide; a text is refused at once.
	 */
	contentType: z
		.string()
		.max(255)
		.regex(mediaType)
		.refine((type) => !/^(text|multipart)\//i.test(type), 'a video or picture is taken')
		.default('')
		.transform(wireType),
});
export type UploadRequest = Readonly<z.infer<typeof uploadRequestSchema>>;
/** The same as a client may send it. */
export type UploadRequestInput = Readonly<z.input<typeof uploadRequestSchema>>;

/** A file that the service fetches itself. */
export const linkRequestSchema = z.strictObject({
	/** http or https, in the public internet; of the file itself, or of a page that shows it where the service reads pages. */
	url: z.string().min(1).max(4000),
	/** Shown in the report; by default as the link or its server names it. */
	fileName: uploadRequestSchema.shape.fileName.optional(),
});

export type LinkRequest = Readonly<z.infer<typeof linkRequestSchema>>;

/** How far an upload got. */
export const uploadProgressSchema = z.object({
	id: idSchema,
	fileName: z.string(),
	/** `arriving` = not all of it is there. */
	state: z.enum(['arriving', 'complete']),
	/** Bytes that have arrived; null where the store does not tell before the end. */
	receivedBytes: z.number().int().nullable(),
	/** null = the server behind the link does not tell. */
	sizeBytes: z.number().int().nullable(),
});
export type UploadProgress = Readonly<z.infer<typeof uploadProgressSchema>>;

/** Where and how to send the bytes. */
export const uploadTicketSchema = z.object({
	id: idSchema,
	upload: z.object({
		method: z.literal('PUT'),
		/** Signed: bound to the id, size, type and time. */
		url: z.string(),
		/** To be sent with every request to `url`. */
		headers: z.record(z.string(), z.string()),
		/**
		 * Whether the bytes may come in parts, by the protocol of Google Cloud Storage's resumable uploads: parts of a multiple of 256 KiB with
		 * `Content-Range: bytes A-B/SIZE`, answered 308 with `Range: bytes=0-B`; and one with an asterisk in place of A-B asks how far it got.
		 */
		resumable: z.boolean(),
		/** ISO 8601, UTC. */
		expiresAt: z.string(),
	}),
});
export type UploadTicket = Readonly<z.infer<typeof uploadTicketSchema>>;
