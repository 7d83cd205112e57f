import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openJsonLines, pickLines } from '../files/json-lines.ts';
import { asWriteFailed, removeUnfinished, writeWhole } from '../files/write-whole.ts';
import { type BatchEntry, entryOf, isFinal, lineOf, parseDocument } from './batch-document.ts';
import type { Task } from './batch-input.ts';
import { type BatchResults, partName } from './batch-results.ts';

/**
 * Results in a folder: `reports/{key}.json`, then a line in the part file. If the part file is missing or was made by a different number of
 * tasks, it is rebuilt from the reports. Throws write-failed.
 */
export async function openFolderResults(folder: string, task: Task): Promise<BatchResults> {
	const part = join(folder, partName(task));
	const reports = join(folder, 'reports');
	await mkdir(reports, { recursive: true }).catch(asWriteFailed(reports));
	for (const each of [folder, reports]) await removeUnfinished(each).catch(asWriteFailed(each));
	const known = new Map<string, { entry: BatchEntry; line: number }>();
	const know = (document: unknown, line: number) => {
		const entry = entryOf(document);
		if (entry) known.set(entry.key, { entry, line });
		return entry;
	};
	const lines = await openJsonLines(part, know);
	const addLine = async (document: object) => know(document, await lines.append(document));
	const fileOf = (key: string) => join(reports, `${key}.json`);
	return {
		async find(subject) {
			const earlier = known.get(subject.key)?.entry;
			if (earlier && isFinal(earlier, subject)) return earlier;
			const document = parseDocument(await readFile(fileOf(subject.key), 'utf8').catch(() => null));
			const line = document && lineOf(document);
			const entry = line && entryOf(line);
			return line && entry && isFinal(entry, subject) ? addLine(line) : null;
		},
		async keep(document) {
			const file = fileOf(document.batch.key);
			await writeWhole(file, `${JSON.stringify(document)}\n`).catch(asWriteFailed(file));
			await addLine(lineOf(document));
		},
		/** Lines of inputs that are not in this run's list are kept. */
		async finish() {
			await lines.close();
			const latest = new Set([...known.values()].map(({ line }) => line));
			if (latest.size < lines.count()) await pickLines(part, (line) => latest.has(line));
			return { part, reports };
		},
		close: lines.close,
	};
}
