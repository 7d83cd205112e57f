/** What a run over many inputs needs of Google Cloud Storage (`store/gcs-objects.ts`); every method throws `store-failed` when it does not answer as it should. */
export type Objects = {
	/** The objects whose names begin with `prefix`, in order of name. */
	list(bucket: string, prefix: string): AsyncIterable<{ readonly name: string; readonly contentType: string }>;
	/** Null = there is none. */
	find(bucket: string, name: string): Promise<{ readonly sizeBytes: number; readonly generation: string } | null>;
	/** Writes that generation of the object to a file. */
	download(bucket: string, name: string, generation: string, file: string, signal: AbortSignal): Promise<void>;
	/** Null = there is none. */
	readText(bucket: string, name: string): Promise<string | null>;
	/** Replaces the object; a reader sees the old one or the new one, whole. */
	writeText(bucket: string, name: string, contentType: string, text: string): Promise<void>;
	/** The same of a text that need not be in memory at once: replaces the object by the joined pieces. */
	write(bucket: string, name: string, contentType: string, pieces: AsyncIterable<string>): Promise<void>;
};
