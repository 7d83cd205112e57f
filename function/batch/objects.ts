/** The parts of Google Cloud Storage that batch runs use (`store/gcs-objects.ts`); every method throws `store-failed` if the service does not respond as expected. */
export type Objects = {
	/** The objects whose names begin with `prefix`, in name order. */
	list(bucket: string, prefix: string): AsyncIterable<{ readonly name: string; readonly contentType: string }>;
	/** null = it does not exist. */
	find(bucket: string, name: string): Promise<{ readonly sizeBytes: number; readonly generation: string } | null>;
	/** Downloads that generation of the object to a file. */
	download(bucket: string, name: string, generation: string, file: string, signal: AbortSignal): Promise<void>;
	/** null = it does not exist. */
	readText(bucket: string, name: string): Promise<string | null>;
	/** Replaces the object; readers see either the complete old one or the complete new one. */
	writeText(bucket: string, name: string, contentType: string, text: string): Promise<void>;
	/** The same for a text that need not fit in memory: replaces the object with the joined pieces. */
	write(bucket: string, name: string, contentType: string, pieces: AsyncIterable<string>): Promise<void>;
};
