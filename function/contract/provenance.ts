import { z } from 'zod';

/** What a file tells of where it comes from: facts and claims that anybody may have written, never a verdict. */

const text = z.string().nullable();

/** Something that was done to a file, as its credentials claim. */
export const credentialActionSchema = z.object({
	/** As the specification calls it: c2pa.created, c2pa.edited, c2pa.opened and so on. */
	action: z.string(),
	/** How the content came about: the last part of IPTC's address, such as trainedAlgorithmicMedia or digitalCapture. */
	sourceType: text,
	software: text,
	/** ISO 8601. */
	when: text,
});

/** One signed claim; a file that was edited by programs that keep them has several. */
export const credentialManifestSchema = z.object({
	title: text,
	/** The program or device that made the claim. */
	generator: text,
	/** Who signed, as the certificate names it; anybody can write a name into a certificate of their own. */
	signer: text,
	organisation: text,
	/** When it was signed by the clock of a time-stamp service, ISO 8601; null = no such service vouches for a time. */
	signedAt: text,
	actions: z.array(credentialActionSchema),
	/** Files that this one was made of. */
	ingredients: z.array(z.object({ title: text, relationship: text })),
});
export type CredentialManifest = Readonly<z.infer<typeof credentialManifestSchema>>;

/** Content Credentials (C2PA). */
export const credentialsSchema = z.object({
	state: z.enum([
		/** There are none, as in most files; that says nothing. */
		'none',
		/** The file names an address that has them; it was not asked. */
		'elsewhere',
		/** The signature fits, and the file is what was signed. */
		'valid',
		/** The file was changed after it was signed, or the signature does not fit; `problems` has why. */
		'invalid',
		/** They are there and cannot be read. */
		'unreadable',
		/** Reading them took longer than it may. */
		'time-limit',
	]),
	/** Whether the signer is on a list of trusted ones; no list is built in or fetched, so this was not checked. */
	trust: z.literal('not-checked'),
	/** Codes of the specification for what does not fit, such as assertion.bmffHash.mismatch. */
	problems: z.array(z.string()),
	/** The newest claim first. */
	manifests: z.array(credentialManifestSchema),
});
export type Credentials = Readonly<z.infer<typeof credentialsSchema>>;

/** What the container says; anybody can write and remove all of it. */
export const containerFactsSchema = z.object({
	/** When it was recorded or made, and last written, as the file words it. */
	createdAt: text,
	changedAt: text,
	/** The device that recorded it. */
	device: text,
	/** The program or system that wrote the file. */
	software: text,
	/** What compressed the picture. */
	encoder: text,
	/** Whether it names the place where it was recorded; the place itself is not read. */
	hasLocation: z.boolean(),
	/** How the content came about by IPTC's list, outside of credentials. */
	sourceType: text,
});
export type ContainerFacts = Readonly<z.infer<typeof containerFactsSchema>>;

/** Traces of what a file went through. */
export const provenanceHintSchema = z.object({
	code: z.enum([
		/** FFmpeg's library wrote the file: converted, cut or downloaded by a program that uses it. */
		'ffmpeg',
		/** A program compressed the picture, not the chip of a camera. */
		'software-encoder',
		/** An editing program is named. */
		'editor',
		/** IPTC's source type says that a generative model made it, or parts of it. */
		'generative-source',
		/** The parameters of an image generator are in it. */
		'generator-parameters',
		/** A generator is named as the program that made it. */
		'generator-name',
	]),
	/** What was found, for instance a program's name. */
	name: z.string(),
	from: z.enum(['container', 'credentials']),
});
export type ProvenanceHint = Readonly<z.infer<typeof provenanceHintSchema>>;

/** Everything together. */
export const provenanceSchema = z.object({
	credentials: credentialsSchema,
	/** null = the container could not be read for facts. */
	facts: containerFactsSchema.nullable(),
	hints: z.array(provenanceHintSchema),
});
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;
