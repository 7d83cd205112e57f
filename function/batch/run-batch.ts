import { mkdtemp, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Report } from '../contract/report.ts';
import { AnalysisError, toAnalysisError } from '../errors.ts';
import type { AnalyseFile } from '../eval/run-eval.ts';
import { stopsAll, workThrough } from '../eval/work-through.ts';
import { type BatchDocument, type BatchEntry, type BatchSubject, entryOf, lineOf } from './batch-document.ts';
import { type BatchInput, isObjectAddress, parseObjectAddress } from './batch-input.ts';
import type { BatchResults } from './batch-results.ts';
import type { Objects } from './objects.ts';

/** How a list is worked through. */
export type BatchOptions = {
	readonly analyseFile: AnalyseFile;
	readonly results: BatchResults;
	readonly objects: () => Promise<Objects>;
	/** All that a result depends on besides the input. */
	readonly identity: string;
	/** Inputs analysed at a time, 1.. */
	readonly jobs: number;
	readonly signal: AbortSignal;
	/** Told of every finished input in the order of finishing; `isKept` = by an earlier run. */
	readonly onResult: (result: BatchEntry, isKept: boolean) => void;
};

/** Analyses what has no final result yet. What cannot be analysed is a result; throws AnalysisError when cancelled, when results cannot be kept, or when no input could be analysed. */
export function runBatch(inputs: readonly BatchInput[], options: BatchOptions): Promise<void> {
	return workThrough(inputs, options, async (input, signal) => {
		const { results, onResult } = options;
		const subject = { ...input, ...unknownState, identity: options.identity };
		const work = await (isObjectAddress(input.path) ? objectWork(subject, options) : fileWork(subject, options));
		const kept = await results.find(work.subject);
		if (kept) return onResult(kept, true);
		const document = await resultOf(work, signal);
		await results.keep(document);
		onResult(entryOf(lineOf(document)) as BatchEntry, false);
	});
}

const unknownState = { sizeBytes: null, modifiedMs: null, generation: null };

/** An input as it is now, and how its report is made. */
type Work = { readonly subject: BatchSubject; readonly analyse: (signal: AbortSignal) => Promise<Report> };

async function fileWork(subject: BatchSubject, { analyseFile }: BatchOptions): Promise<Work> {
	const info = await stat(subject.path).catch(() => null); // why not is told by the analysis
	return {
		subject: info ? { ...subject, sizeBytes: info.size, modifiedMs: info.mtimeMs } : subject,
		analyse: (signal) => analyseFile(subject.path, signal),
	};
}

/** An object is analysed as a temporary file, which is gone afterwards, whatever happens. */
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
				await utimes(file, 0, 0); // a file changed just now is looked at twice, as one that may still be growing
				return { ...(await analyseFile(file, signal)), fileName: basename(name) };
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		},
	};
}

async function resultOf({ subject, analyse }: Work, signal: AbortSignal): Promise<BatchDocument> {
	try {
		return { ...(await analyse(signal)), batch: subject };
	} catch (thrown) {
		const error = toAnalysisError(thrown, 'judge');
		if (signal.aborted || stopsAll(error.code)) throw thrown;
		return {
			schema: 'unmask-failure/1',
			createdAt: new Date().toISOString(),
			fileName: basename(subject.path),
			error: error.toFailure(),
			batch: subject,
		};
	}
}
