import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { asWriteFailed, writeWhole } from './write-whole.ts';

/** An append-only file of JSON documents, one per line. */
export type JsonLines = {
	/** Appends a line and returns its number, once the operating system has it. Throws write-failed. */
	append(document: unknown): Promise<number>;
	/** Number of lines. */
	count(): number;
	close(): Promise<void>;
};

/**
 * Opens or creates the file, and calls `onDocument` for every document in it with its line number, 0.. Lines that are not JSON are skipped; an
 * incomplete last line is cut off. Throws write-failed.
 */
export async function openJsonLines(
	file: string,
	onDocument: (document: unknown, line: number) => void,
): Promise<JsonLines> {
	let handle: FileHandle;
	let line = 0;
	try {
		await mkdir(dirname(file), { recursive: true });
		handle = await open(file, 'a');
		let wholeBytes = 0;
		for await (const { bytes, isEnded } of linesOf(file)) {
			if (!isEnded) {
				await truncate(file, wholeBytes);
				break;
			}
			wholeBytes += bytes.length + 1;
			const document = parseJson(bytes.toString());
			if (document !== undefined) onDocument(document, line);
			line++;
		}
	} catch (cause) {
		return asWriteFailed(file)(cause);
	}
	let written: Promise<unknown> = Promise.resolve();
	return {
		append(document) {
			const done = written.then(async () => {
				await handle.appendFile(`${JSON.stringify(document)}\n`);
				return line++;
			});
			written = done.catch(() => {}); // the caller gets the error from `done`; the next line is written all the same
			return done.catch(asWriteFailed(file));
		},
		count: () => line,
		async close() {
			await written;
			await handle.close();
		},
	};
}

/** Keeps only the lines of a closed file for which `isKept` is true. A concurrent reader sees either the old file or the new one. Throws write-failed. */
export async function pickLines(file: string, isKept: (line: number) => boolean): Promise<void> {
	const kept = async function* () {
		let line = 0;
		for await (const { bytes } of linesOf(file)) if (isKept(line++)) yield Buffer.concat([bytes, newline]);
	};
	await writeWhole(file, kept()).catch(asWriteFailed(file));
}

const newline = Buffer.from('\n');

/** The lines of a file without line breaks; `isEnded` is false for a last line that lacks one. */
async function* linesOf(file: string): AsyncGenerator<{ bytes: Buffer; isEnded: boolean }, void> {
	let partial: Buffer[] = [];
	for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
		let start = 0;
		for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
			yield { bytes: Buffer.concat([...partial, chunk.subarray(start, end)]), isEnded: true };
			partial = [];
			start = end + 1;
		}
		if (start < chunk.length) partial.push(chunk.subarray(start));
	}
	if (partial.length > 0) yield { bytes: Buffer.concat(partial), isEnded: false };
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
