import { parseArgs } from 'node:util';
import { fuzzWeights } from './weights.ts';

/** `npm run fuzz:weights [-- --count N --seed N]`: runs damaged weights files through the reader; exits with 1 at the first one that breaks the rule. */

const { values } = parseArgs({
	options: { count: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
/** Limit of processor time for one file, ms. */
const MOST_MS = 5000;
/** Limit of memory of the whole process, MB: Node with TypeScript and fast-check uses 150 without a file; the limit of an import is 400. */
const MOST_MB = 400;
const start = performance.now();
const { answers, slowestMs, imports } = await fuzzWeights(Number(values.count), Number(values.seed), (done) => {
	if (done % 1000 === 0) process.stderr.write(`${done} of ${values.count} files\n`);
});
const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
const peakMb = Math.round(process.resourceUsage().maxRSS / 1000);
process.stdout.write(
	`${total} files, ${imports} of them full imports, in ${Math.round((performance.now() - start) / 1000)} s\n`,
);
for (const [answer, count] of [...answers].sort((a, b) => b[1] - a[1]))
	process.stdout.write(`  ${answer.padEnd(24)} ${count}\n`);
process.stdout.write(
	`slowest file ${Math.round(slowestMs)} ms of processor time (limit ${MOST_MS}), peak memory ${peakMb} MB (limit ${MOST_MB})\n`,
);
process.exitCode = peakMb <= MOST_MB && slowestMs <= MOST_MS ? 0 : 1;
