import { parseArgs } from 'node:util';
import { type ChaosResult, chaosBucket, chaosDisk, chaosKills } from './chaos.ts';

/**
 * `npm run chaos [-- --count N --seed N --only kills,bucket,disk]`: runs N analyses (500) while the model process is killed, and a tenth as many with a
 * failing bucket and with a full disk; exits with 1 if one was lost or mixed up, or if something was left behind.
 */

const { values } = parseArgs({
	options: {
		count: { type: 'string', default: '500' },
		seed: { type: 'string', default: '1' },
		only: { type: 'string', default: 'kills,bucket,disk' },
	},
});
const count = Number(values.count);
const seed = Number(values.seed);
const some = Math.ceil(count / 10);
const onProgress = (done: number) => {
	if (done % 25 === 0) process.stderr.write(done > 0 ? `${done} analyses\n` : `${-done} to be repeated\n`);
};
const parts: Record<string, () => Promise<ChaosResult | null>> = {
	kills: () => chaosKills({ seed, count, clients: 6, onProgress }),
	bucket: () => chaosBucket({ seed, count: some, clients: 12, onProgress }),
	disk: () => chaosDisk({ seed, count: some, clients: 8, onProgress }),
};
const text = (counts: Readonly<Record<string, number>>) =>
	Object.entries(counts)
		.map(([word, number]) => `${word} ${number}`)
		.join(', ');
let found = 0;
for (const [name, part] of Object.entries(parts)) {
	if (!values.only.split(',').includes(name)) continue;
	const begun = performance.now();
	const result = await part();
	if (result === null) {
		process.stdout.write(`${name}: not run, this user may not mount a disk\n`);
		continue;
	}
	const { answers, recovered, trouble, faults } = result;
	const analyses = Object.values(answers).reduce((sum, number) => sum + number, 0);
	const seconds = Math.round((performance.now() - begun) / 1000);
	process.stdout.write(`${name}: ${analyses} analyses in ${seconds} s; ${text(answers)}; then reports for ${recovered} of ${analyses - (answers.report ?? 0)}
    trouble: ${text(trouble)}
`);
	for (const fault of faults) process.stdout.write(`    FAULT ${fault}\n`);
	found += faults.length;
}
process.stdout.write(found === 0 ? 'Passed.\n' : `${found} faults\n`);
process.exitCode = found === 0 ? 0 : 1;
