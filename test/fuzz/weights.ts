import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { fromBufferPromise } from 'yauzl';
import { AnalysisError } from '../../function/errors.ts';
import { importWeights } from '../../function/weights/import-weights.ts';
import { readAllFloats, storedZip, weightsFolder } from '../unit/weights-files.ts';

/** Damaged weights files, made from real ones: whatever the damage, the reader returns their numbers or an error with a known code. */

/** The result of a run; fast-check throws on a file that breaks the rule. */
export type WeightsFuzz = {
	/** How often each result came: a code, or `read`. */
	readonly answers: ReadonlyMap<string, number>;
	/** Highest processor time of a file, ms, which is the elapsed time on an idle machine. */
	readonly slowestMs: number;
	/** Full imports among the files. */
	readonly imports: number;
};

/** The codes that a weights file may get if it is not read. */
const codes = new Set([
	'file-empty',
	'not-weights',
	'weights-truncated',
	'weights-damaged',
	'weights-unsafe',
	'weights-unsupported',
	'weights-other-network',
]);

type Edit =
	| { kind: 'flip'; at: number; bit: number }
	| { kind: 'write'; at: number; bytes: Uint8Array }
	| { kind: 'insert'; at: number; bytes: Uint8Array }
	| { kind: 'remove'; at: number; length: number }
	| { kind: 'repeat'; at: number; length: number; times: number }
	| { kind: 'cut'; at: number };

/** A position as a share of the length, 0..1, so that it fits every file. */
const place = fc.integer({ min: 0, max: 999_999 }).map((millionths) => millionths / 1e6);
/** Bytes that lengths, offsets and opcodes are sensitive to. */
const bytes = fc.oneof(
	fc.uint8Array({ minLength: 1, maxLength: 16 }),
	fc.constantFrom(
		...[
			'ff',
			'ffffffff',
			'ffffffffffffffff',
			'00000000',
			'ffffff7f',
			'00000080',
			'0000000000000080',
			'504b0506',
			'504b0102',
			'504b0607',
		].map((hex) => Uint8Array.from(Buffer.from(hex, 'hex'))),
	),
);
/** Pickle opcodes with valid arguments, so that long programs can arise. */
const opcodes = fc
	.array(
		fc.constantFrom(
			...[
				'(',
				'0',
				'1',
				'2',
				'N',
				'\x88',
				'\x89',
				'K\x05',
				'M\x00\x10',
				'J\xff\xff\xff\x7f',
				'\x8a\x01\x80',
				'X\x01\x00\x00\x00a',
				']',
				')',
				'}',
			],
			...[
				'a',
				'e',
				't',
				'\x85',
				'\x86',
				'\x87',
				's',
				'u',
				'q\x01',
				'h\x01',
				'r\x01\x00\x00\x00',
				'\x94',
				'R',
				'\x81',
				'b',
				'Q',
				'.',
			],
			...[
				'ccollections\nOrderedDict\n',
				'ctorch\nFloatStorage\n',
				'ctorch._utils\n_rebuild_tensor_v2\n',
				'X\x07\x00\x00\x00storage',
				'cos\nsystem\n',
			],
		),
		{ maxLength: 200 },
	)
	.map((codes) => Uint8Array.from(Buffer.from(codes.join(''), 'latin1')));
const edit: fc.Arbitrary<Edit> = fc.oneof(
	fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
	fc.record({ kind: fc.constant('write' as const), at: place, bytes }),
	fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.oneof(bytes, opcodes) }),
	fc.record({ kind: fc.constant('remove' as const), at: place, length: fc.integer({ min: 1, max: 64 }) }),
	fc.record({
		kind: fc.constant('repeat' as const),
		at: place,
		length: fc.integer({ min: 1, max: 200 }),
		times: fc.integer({ min: 1, max: 50 }),
	}),
	fc.record({ kind: fc.constant('cut' as const), at: place }),
);

function apply(before: Uint8Array, change: Edit): Uint8Array {
	const at = Math.min(before.length - 1, Math.floor(change.at * before.length));
	if (before.length === 0) return before;
	const [head, tail] = [before.subarray(0, at), before.subarray(at)];
	if (change.kind === 'cut') return head;
	if (change.kind === 'insert') return Buffer.concat([head, change.bytes, tail]);
	if (change.kind === 'remove') return Buffer.concat([head, tail.subarray(change.length)]);
	if (change.kind === 'write') return Buffer.concat([head, change.bytes, tail.subarray(change.bytes.length)]);
	if (change.kind === 'repeat')
		return Buffer.concat([head, ...Array.from({ length: change.times }, () => tail.subarray(0, change.length)), tail]);
	const flipped = Buffer.from(before);
	flipped[at] = (flipped[at] as number) ^ (1 << change.bit);
	return flipped;
}

/** The entries of an archive. */
async function entriesOf(archive: Buffer): Promise<Record<string, Buffer>> {
	const zip = await fromBufferPromise(archive);
	const entries: Record<string, Buffer> = {};
	for await (const entry of zip.eachEntry()) {
		const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
		const packed = archive.subarray(fileDataStart, fileDataStart + entry.compressedSize);
		entries[entry.fileName] = entry.compressionMethod === 8 ? inflateRawSync(packed) : packed;
	}
	return entries;
}

/** Tries `count` files; throws with the smallest one that broke the rule. */
export async function fuzzWeights(
	count: number,
	seed: number,
	onProgress: (done: number) => void = () => {},
): Promise<WeightsFuzz> {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-fuzz-'));
	const models = join(folder, 'models');
	const names = (await readdir(weightsFolder)).filter((name) => name.endsWith('.pt')).sort();
	const files = await Promise.all(
		names.map(async (name) => ({ name: basename(name, '.pt'), content: await readFile(join(weightsFolder, name)) })),
	);
	const archives = await Promise.all(
		files
			.filter(({ content }) => content.toString('latin1', 0, 2) === 'PK')
			.map(async ({ name, content }) => ({ name, entries: await entriesOf(content) })),
	);
	const answers = new Map<string, number>();
	let [done, imports, slowestMs] = [0, 0, 0];

	const edits = fc.array(edit, { minLength: 1, maxLength: 4 });
	/** A file that is damaged anywhere; an archive in which only the list of tensors is damaged, packed without checksums; a program of opcodes. */
	const damaged = fc.oneof(
		{
			weight: 5,
			arbitrary: fc.record({ from: fc.constantFrom(...files), edits: edits }),
		},
		{
			weight: 5,
			arbitrary: fc.record({
				from: fc.constantFrom(...archives),
				edits: edits,
			}),
		},
		{ weight: 1, arbitrary: fc.record({ program: opcodes }) },
	);
	const property = fc.asyncProperty(damaged, async (made) => {
		const path = join(folder, 'model.pt');
		await rm(models, { recursive: true, force: true });
		await mkdir(models);
		await writeFile(path, contentOf(made));
		// the full network is imported only now and then, because that takes most of a second if it succeeds
		const isWhole = 'from' in made && made.from.name === 'seed-constant' && done % 4 === 0;
		const before = process.cpuUsage();
		const work = isWhole ? importWeights(path, join(models, 'model.onnx')) : readAllFloats(path);
		const answer = await work.then(
			() => 'read',
			(thrown: unknown) => {
				if (thrown instanceof AnalysisError && codes.has(thrown.code)) return thrown.code;
				throw thrown;
			},
		);
		const { user, system } = process.cpuUsage(before);
		const left = await readdir(models);
		if (left.length > (isWhole && answer === 'read' ? 1 : 0)) throw new Error(`left behind: ${left.join()}`);
		if (isWhole) imports++;
		slowestMs = Math.max(slowestMs, (user + system) / 1000);
		answers.set(answer, (answers.get(answer) ?? 0) + 1);
		onProgress(++done);
	});
	try {
		await fc.assert(property, { numRuns: count, seed });
	} finally {
		await rm(folder, { recursive: true });
	}
	return { answers, slowestMs, imports };
}

type Made =
	| { from: { content: Buffer }; edits: Edit[] }
	| { from: { entries: Record<string, Buffer> }; edits: Edit[] }
	| { program: Uint8Array };

function contentOf(made: Made): Uint8Array {
	if ('program' in made) return storedZip({ 'a/data.pkl': Buffer.from(made.program), 'a/data/0': Buffer.alloc(64) });
	if ('content' in made.from) return made.edits.reduce(apply, made.from.content as Uint8Array);
	const entries = Object.entries(made.from.entries).map(([name, content]) => [
		name,
		name.endsWith('data.pkl') ? Buffer.from(made.edits.reduce(apply, content as Uint8Array)) : content,
	]);
	return storedZip(Object.fromEntries(entries));
}
