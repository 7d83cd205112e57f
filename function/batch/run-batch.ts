import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Report } from '../contract/report.ts';
import { AnalysisError } from '../errors.ts';
import type { AnalyseFile } from '../jobs/analyse-file.ts';
import { type Job, type RunOptions, runResumable } from '../jobs/run-resumable.ts';
import { type BatchDocument, type BatchEntry, type BatchSubject, entryOf, lineOf } from './batch-document.ts';
import { type BatchInput, isObjectAddress, parseObjectAddress } from './batch-input.ts';
import type { BatchResults } from './batch-results.ts';
import type { Objects } from './objects.ts';

/** How a list of inputs is processed. */
export type BatchOptions = RunOptions<BatchEntry> & {
	readonly analyseFile: AnalyseFile;
	readonly results: BatchResults;
	readonly objects: () => Promise<Objects>;
	/** Everything a result depends on besides the input. */
	readonly identity: string;
};

/** Analyses every input without a final result; throws what `runResumable` throws. */
export function runBatch(inputs: readonly BatchInput[], options: BatchOptions): Promise<void> {
	const { results, identity } = options;
	const jobOf = async (input: BatchInput): Promise<Job<BatchEntry>> => {
		const { key, path, entry } = input;
		const asked = { key, path, ...unknownState, identity };
		const { subject, analyse } = await (entry
			? entryWork(asked, entry, options)
			: isObjectAddress(path)
				? objectWork(asked, options)
				: fileWork(asked, options));
		return {
			kept: await results.find(subject),
			analyse,
			async keep(end) {
				const document = documentOf(subject, end);
				await results.keep(document);
				return entryOf(lineOf(document)) as BatchEntry;
			},
		};
	};
	return runResumable(inputs, jobOf, options);
}

function documentOf(subject: BatchSubject, end: Report | AnalysisError): BatchDocument {
	if (!(end instanceof AnalysisError)) return { ...end, batch: subject };
	const failure = { schema: 'unmask-failure/1', createdAt: new Date().toISOString() } as const;
	return { ...failure, fileName: basename(subject.path), error: end.toFailure(), batch: subject };
}

const unknownState = { sizeBytes: null, modifiedMs: null, generation: null };

/** The current state of an input, and how to make its report. */
type Work = { readonly subject: BatchSubject; readonly analyse: (signal: AbortSignal) => Promise<Report> };

async function fileWork(subject: BatchSubject, { analyseFile }: BatchOptions): Promise<Work> {
	const info = await stat(subject.path).catch(() => null); // the analysis reports why
	return {
		subject: info ? { ...subject, sizeBytes: info.size, modifiedMs: info.mtimeMs } : subject,
		analyse: (signal) => analyseFile(subject.path, signal),
	};
}

/** Analyses an entry of an archive as a temporary file; it counts as changed if the archive has changed. */
async function entryWork(
	subject: BatchSubject,
	{ archive, open }: NonNullable<BatchInput['entry']>,
	{ analyseFile }: BatchOptions,
): Promise<Work> {
	const info = await stat(archive).catch(() => null); // the analysis reports why
	return {
		subject: info ? { ...subject, sizeBytes: info.size, modifiedMs: info.mtimeMs } : subject,
		async analyse(signal) {
			const { path, close } = await open(signal);
			try {
				await utimes(path, 0, 0); // see objectWork
				return { ...(await analyseFile(path, signal)), fileName: basename(subject.path) };
			} finally {
				await close();
			}
		},
	};
}

/** Analyses an object as a temporary file, which is always removed afterwards. */
async function objectWork(subject: BatchSubject, { analyseFile, objects: open }: BatchOptions): Promise<Work> {
	const { bucket, name } = parseObjectAddress(subject.path);
	const objects = await open();
	const found = await objects.find(bucket, name).catch((thrown: Error) => thrown);
	return {
		subject:
			found === null || found instanceof Error
				? subject
				: { ...subject, sizeBytes: found.sizeBytes, generation: found.generation },
		async analyse(signal) {
			if (found instanceof Error) throw found;
			if (!found) throw new AnalysisError('file-not-found', 'store');
			const folder = await mkdtemp(join(tmpdir(), 'unmask-batch-'));
			try {
				const file = join(folder, 'input');
				await objects.download(bucket, name, found.generation, file, signal);
				await utimes(file, 0, 0); // a recently changed file is checked twice, because it may still be growing
				return { ...(await analyseFile(file, signal)), fileName: basename(name) };
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		},
	};
}
