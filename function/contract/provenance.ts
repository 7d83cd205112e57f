import { z } from 'zod';

/** What a file says about its origin: facts and claims that anyone may have written, never a verdict. */

const text = z.string().nullable();

/** An action on a file, as claimed by its credentials. */
export const credentialActionSchema = z.object({
	/** The specification's name: c2pa.created, c2pa.edited, c2pa.opened and so on. */
	action: z.string(),
	/** How the content was made: the last part of the IPTC address, such as trainedAlgorithmicMedia or digitalCapture. */
	sourceType: text,
	software: text,
	/** ISO 8601. */
	when: text,
});

/** One signed claim; a file edited by several programs that preserve claims has several. */
export const credentialManifestSchema = z.object({
	title: text,
	/** The program or device that made the claim. */
	generator: text,
	/** The signer, as named in the certificate; anyone can put any name into a certificate of their own. */
	signer: text,
	organisation: text,
	/** Time of signing by the clock of a time-stamp service, ISO 8601; null = no such service vouches for it. */
	signedAt: text,
	actions: z.array(credentialActionSchema),
	/** Files that this one was made from. */
	ingredients: z.array(z.object({ title: text, relationship: text })),
});
export type CredentialManifest = Readonly<z.infer<typeof credentialManifestSchema>>;

/** Content Credentials (C2PA). */
export const credentialsSchema = z.object({
	state: z.enum([
		/** There are none, as in most files; this means nothing. */
		'none',
		/** The file links to credentials stored elsewhere; the link was not followed. */
		'elsewhere',
		/** The signature is valid and the file is unchanged. */
		'valid',
		/** The file was changed after signing, or the signature does not match; see `problems`. */
		'invalid',
		/** They exist but cannot be read. */
		'unreadable',
		/** Reading them exceeded the time limit. */
		'time-limit',
	]),
	/** Whether the signer is on a trust list; no list is built in or fetched, so this was not checked. */
	trust: z.literal('not-checked'),
	/** The specification's codes for what does not match, such as assertion.bmffHash.mismatch. */
	problems: z.array(z.string()),
	/** Newest claim first. */
	manifests: z.array(credentialManifestSchema),
});
export type Credentials = Readonly<z.infer<typeof credentialsSchema>>;

/** What the container says; anyone can write or remove all of it. */
export const containerFactsSchema = z.object({
	/** When it was recorded or created, and last written, in the file's own format. */
	createdAt: text,
	changedAt: text,
	/** The device that recorded it. */
	device: text,
	/** The program or system that wrote the file. */
	software: text,
	/** What encoded the picture. */
	encoder: text,
	/** Whether the file names the place of recording; the place itself is not read. */
	hasLocation: z.boolean(),
	/** How the content was made, from the IPTC list, outside of credentials. */
	sourceType: text,
});
export type ContainerFacts = Readonly<z.infer<typeof containerFactsSchema>>;

/** Traces of how a file was processed. */
export const provenanceHintSchema = z.object({
	code: z.enum([
		/** FFmpeg's library wrote the file: a program that uses it converted, cut or downloaded the file. */
		'ffmpeg',
		/** The picture was encoded by software, not by a camera chip. */
		'software-encoder',
		/** The file names an editing program. */
		'editor',
		/** The IPTC source type says that a generative model made all or part of it. */
		'generative-source',
		/** The file contains the parameters of an image generator. */
		'generator-parameters',
		/** The file names a generator as the program that made it. */
		'generator-name',
	]),
	/** What was found, such as a program's name. */
	name: z.string(),
	from: z.enum(['container', 'credentials']),
});
export type ProvenanceHint = Readonly<z.infer<typeof provenanceHintSchema>>;

/** Credentials, container facts and hints together. */
export const provenanceSchema = z.object({
	credentials: credentialsSchema,
	/** null = the container's facts could not be read. */
	facts: containerFactsSchema.nullable(),
	hints: z.array(provenanceHintSchema),
});
export type Provenance = Readonly<z.infer<typeof provenanceSchema>>;
