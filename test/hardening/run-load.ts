import { loadService, memoryLimitMb } from './load.ts';

/** `npm run load`: puts a service under waiting analyses, uploads, slow connections and a flood at once; exits with 1 if it does not withstand them. */

const aimMs = 100;
const begun = performance.now();
const result = await loadService({
	onEnd: (part) => process.stderr.write(`${part}: over after ${Math.round((performance.now() - begun) / 1000)} s\n`),
	...{ waiting: 20, uploads: 200, uploadMb: 2, slow: 100 },
	...{ flooding: 20, overLimit: 5000, requestsAMinute: 600, seconds: 30 },
});
const { health, serviceMb, modelsMb, flood, slow, uploads, analyses, faults } = result;
const all = [...faults, ...(health.p99Ms <= aimMs ? [] : [`health: 99 % within ${health.p99Ms} ms, aim ${aimMs}`])];
const text = (counts: Readonly<Record<string, number>>) =>
	Object.entries(counts)
		.map(([word, count]) => `${word} ${count}`)
		.join(', ');
process.stdout.write(`health, requested ${health.requests} times meanwhile: median ${health.p50Ms} ms, 99 % ${health.p99Ms} ms, longest ${health.maxMs} ms, errors ${health.errors}
peak memory: service ${serviceMb} MB (limit ${memoryLimitMb.service}), model process ${modelsMb} MB (limit ${memoryLimitMb.models})
21 analyses and one too many: ${text(analyses)}
200 uploads of 2 MB at once: ${text(uploads)}
200 slow connections: ${text(slow)}
flood over the limit: ${text(flood)}
`);
for (const fault of all) process.stdout.write(`FAULT ${fault}\n`);
process.stdout.write(all.length === 0 ? 'Passed.\n' : `${all.length} faults\n`);
process.exitCode = all.length === 0 ? 0 : 1;
