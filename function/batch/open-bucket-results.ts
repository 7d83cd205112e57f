import { entryOf, isFinal, lineOf, parseDocument } from './batch-document.ts';
import { parseObjectAddress, type Task } from './batch-input.ts';
import { type BatchResults, partName } from './batch-results.ts';
import type { Objects } from './objects.ts';

/** Results in a bucket: `reports/{key}.json` as they arrive. Objects cannot be appended to, so the part file is assembled from them at the end. */
export function openBucketResults(address: string, task: Task, objects: Objects): BatchResults {
	const { bucket, name } = parseObjectAddress(address);
	const prefix = name === '' ? '' : `${name.replace(/\/+$/, '')}/`;
	const nameOf = (key: string) => `${prefix}reports/${key}.json`;
	const read = async (key: string) => {
		const document = parseDocument(await objects.readText(bucket, nameOf(key)));
		return document && lineOf(document);
	};
	return {
		async find(subject) {
			const entry = entryOf(await read(subject.key));
			return entry && isFinal(entry, subject) ? entry : null;
		},
		keep: (document) =>
			objects.writeText(bucket, nameOf(document.batch.key), 'application/json', `${JSON.stringify(document)}\n`),
		async finish(inputs) {
			const lines = async function* () {
				for (const { key } of inputs) {
					const line = await read(key);
					if (line) yield `${JSON.stringify(line)}\n`;
				}
			};
			await objects.write(bucket, `${prefix}${partName(task)}`, 'application/x-ndjson', lines());
			return { part: `gs://${bucket}/${prefix}${partName(task)}`, reports: `gs://${bucket}/${prefix}reports/` };
		},
		async close() {},
	};
}
