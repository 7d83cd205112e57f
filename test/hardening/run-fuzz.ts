import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageRoot } from '../../function/config.ts';
import { type FuzzResult, fuzzMedia } from './fuzz-media.ts';

/**
 * `npm run fuzz:media [-- --count N --seed N --workers N]`: sends damaged files of every format through a service. It resumes a run of the same seed
 * (bench-results/fuzz), prints a table, and exits with 1 if something was found.
 */

const { values } = parseArgs({
	options: {
		count: { type: 'string', default: '5000' },
		seed: { type: 'string', default: '1' },
		workers: { type: 'string', default: '4' },
	},
});
const folder = join(packageRoot(), 'bench-results', 'fuzz');
const begun = performance.now();
const result = await fuzzMedia({
	seed: Number(values.seed),
	count: Number(values.count),
	workers: Number(values.workers),
	folder,
	onProgress: (done) => {
		if (done % 100 === 0) process.stderr.write(`${done} of ${values.count} files\n`);
	},
});
process.stdout.write(
	`${tableOf(result)}\n${Math.round((performance.now() - begun) / 1000)} s for this part of the run\n`,
);
for (const fault of result.faults) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(result.faults.length === 0 ? 'Passed.\n' : `${result.faults.length} faults; files in ${folder}\n`);
process.exitCode = result.faults.length === 0 ? 0 : 1;

function tableOf({ lines, footprints, died }: FuzzResult): string {
	const times = lines.map(({ ms }) => ms).sort((a, b) => a - b);
	const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
	const rows = [
		`${lines.length} files of ${new Set(lines.map(({ from }) => from)).size} formats`,
		`results: ${counts(lines.map(({ answer }) => answer))}`,
		...[...new Set(lines.map(({ mutation }) => mutation))].map(
			(name) =>
				`  ${name.padEnd(16)} ${counts(lines.filter(({ mutation }) => mutation === name).map(({ answer }) => answer))}`,
		),
		`ms to the result: median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)}`,
		`deaths of the model process: ${died}`,
	];
	for (const [when, { processes, serviceMb, modelsMb, openFiles, files }] of Object.entries(footprints ?? {}))
		rows.push(
			`${when.padEnd(6)} service ${serviceMb} MB, models ${modelsMb} MB, ${processes.length} processes below it, ${openFiles} open files, ${files.length} files on disk`,
		);
	return rows.join('\n');
}

function counts(words: readonly string[]): string {
	const byWord = new Map<string, number>();
	for (const word of words) byWord.set(word, (byWord.get(word) ?? 0) + 1);
	return [...byWord]
		.sort((a, b) => b[1] - a[1])
		.map(([word, count]) => `${word} ${count}`)
		.join(', ');
}
