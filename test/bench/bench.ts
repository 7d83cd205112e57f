import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBrowser } from './browser.ts';
import { type Figure, note, rowOf } from './figure.ts';
import { benchLegacy } from './legacy.ts';
import { benchPackets } from './packets.ts';
import { benchPage } from './page.ts';
import { benchPipeline } from './pipeline.ts';
import { benchPrograms } from './programs.ts';
import { benchProviders } from './provider.ts';
import { benchRefine } from './refine.ts';
import { benchSequence } from './sequence.ts';
import { benchService } from './service.ts';
import { benchStages } from './stages.ts';
import { benchTiers } from './tiers.ts';
import { benchWeights } from './weights.ts';

/**
 * `npm run bench [-- pipeline|programs|legacy|stages|refine|tiers|sequence|service|packets|weights|provider|browser|page|all] [--quick] [--upload-mb N]
 * [--only PART,...] [--python PATH] [FILE...]`: prints a table on stderr as the figures come in, and all of them as one JSON document on stdout.
 *
 * FILEs are timed together with the clips that the pipeline bench makes. --only selects PARTs of the service bench: first-event, overhead, load,
 * growth, readers, upload and import. --python names a Python with torch, for imported weights and for the legacy application's steps (`legacy`),
 * which also need dlib. `provider` compares CPU and GPU, `browser` compares FILEs in the service and in Chromium, `page` follows
 * 10,000 faces in Chromium, `stages` shows where the time of an analysis goes, and `refine` what the second pass costs; `all` does not include these
 * five or `legacy`.
 */

const { values, positionals } = parseArgs({
	options: {
		quick: { type: 'boolean' },
		'upload-mb': { type: 'string' },
		only: { type: 'string' },
		python: { type: 'string', default: 'python3' },
	},
	allowPositionals: true,
});
const parts = [
	'pipeline',
	'programs',
	'legacy',
	'stages',
	'refine',
	'tiers',
	'sequence',
	'service',
	'packets',
	'weights',
	'provider',
	'browser',
	'page',
	'all',
] as const;
const isPart = (word: string | undefined): word is (typeof parts)[number] => parts.includes(word as never);
const [first] = positionals;
const part = isPart(first) ? first : 'all';
const files = isPart(first) ? positionals.slice(1) : positionals;
const quick = values.quick === true;
const uploadMb = Number(values['upload-mb'] ?? (quick ? 256 : 4096));
if (!(uploadMb >= 1)) throw new Error('--upload-mb takes a number of megabytes, 1 or more.');

const folder = join(tmpdir(), 'unmask-bench');
const machine = { cores: availableParallelism(), cpu: cpus()[0]?.model, node: process.version, quick };
note(`${machine.cores} cores, ${machine.cpu}, Node ${machine.node}${quick ? ', quick: few runs' : ''}`);
const figures: Figure[] = [];
const report = (figure: Figure) => {
	figures.push(figure);
	note(rowOf(figure));
};
let ownFiles: Record<string, unknown> = {};
if (part === 'provider')
	for (const figure of await benchProviders({ folder, quick, threads: machine.cores })) report(figure);
if (part === 'browser') for await (const figure of benchBrowser(files)) report(figure);
if (part === 'page') for await (const figure of benchPage()) report(figure);
const runs = (name: (typeof parts)[number]) => part === name || part === 'all';
if (runs('pipeline')) {
	const pipeline = await benchPipeline({ folder, quick, files });
	pipeline.figures.forEach(report);
	ownFiles = pipeline.ownFiles;
}
if (runs('programs')) for (const one of await benchPrograms({ folder, quick })) report(one);
if (part === 'legacy') for (const one of await benchLegacy({ folder, quick, python: values.python })) report(one);
if (part === 'stages') for (const one of await benchStages({ folder, quick, files })) report(one);
if (part === 'refine') for (const one of await benchRefine({ folder, quick, files })) report(one);
if (runs('tiers')) for (const one of await benchTiers({ quick, cores: machine.cores })) report(one);
if (runs('sequence')) for (const one of await benchSequence({ quick, cores: machine.cores })) report(one);
if (runs('service')) await benchService({ folder, quick, uploadMb, only: values.only?.split(',') ?? null, report });
if (runs('packets')) for (const one of await benchPackets({ folder, quick })) report(one);
if (runs('weights')) await benchWeights({ folder, quick, python: values.python, report });
const missed = figures.filter(({ met }) => !met).map(({ what }) => what);
note(missed.length === 0 ? 'Every aim is met.' : `Missed: ${missed.join('; ')}`);
process.stdout.write(`${JSON.stringify({ machine, figures, missed, ownFiles }, null, '\t')}\n`);
