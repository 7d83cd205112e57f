import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queueJobs } from './queue-jobs.ts';

/** `npm run load:jobs [-- COUNT]`: queues a thousand jobs at a service that is killed three times; exits with 1 if one is lost. */

const jobs = Number(process.argv[2] ?? 1000);
const growthAim = 10;
const begun = performance.now();
const data = await mkdtemp(join(tmpdir(), 'unmask-jobs-'));
try {
	const { growthPercent, interrupted, reports, faults } = await queueJobs(data, {
		jobs,
		killAfter: [0.1, 0.2, 0.3].map((share) => Math.ceil(share * jobs)),
		onNote: (text) =>
			process.stdout.write(`${`${Math.round((performance.now() - begun) / 1000)}`.padStart(5)} s  ${text}\n`),
	});
	const all = [
		...faults,
		...growthPercent.filter((growth) => growth > growthAim).map((growth) => `memory grew by ${growth} %`),
	];
	process.stdout.write(`jobs ${jobs}, kills 3, resubmitted ${interrupted}, reports ${reports}
growth of the HTTP process from all jobs queued to its last report, %: ${growthPercent.join(', ')} (aim: at most ${growthAim})
`);
	for (const fault of all) process.stdout.write(`FAULT ${fault}\n`);
	process.stdout.write(all.length === 0 ? 'Passed: none lost, order kept.\n' : `${all.length} faults\n`);
	process.exitCode = all.length === 0 ? 0 : 1;
} finally {
	await rm(data, { recursive: true, force: true });
}
