import { seededRandom } from '../../function/statistics.ts';

/** Ways to damage a file. Each depends only on the bytes and on random numbers, so that a seed always gives the same files. */

type Random = () => number;
/** Damages a copy of `bytes`; `other` is a whole file of any kind. */
type Mutation = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const whole = (random: Random, below: number) => Math.floor(random() * below);
/** A position; half of the time within the first kilobyte, where headers are. */
const place = (random: Random, length: number) => whole(random, random() < 0.5 ? Math.min(1024, length) : length);

/** The mutations, by name. */
export const mutations = {
	'bit-flips'(bytes, random) {
		const copy = Buffer.from(bytes);
		for (let left = 1 + whole(random, 40); left > 0; left--) {
			const at = place(random, copy.length);
			copy[at] = (copy[at] ?? 0) ^ (1 << whole(random, 8));
		}
		return copy;
	},
	truncation: (bytes, random) => Buffer.from(bytes.subarray(0, place(random, bytes.length))),
	/** The head of one file on the body of another. */
	'spliced-header'(bytes, random, other) {
		const head = other.subarray(0, 4 + whole(random, Math.min(1020, other.length)));
		return Buffer.concat([head, bytes.subarray(random() < 0.5 ? head.length : place(random, bytes.length))]);
	},
	/** Swaps two boxes (ISO/IEC 14496-12), chunks (RIFF) or blocks. */
	'swapped-boxes'(bytes, random) {
		const parts = partsOf(bytes, random);
		const [a, b] = [whole(random, parts.length), whole(random, parts.length)];
		const swapped = parts.map((part, at) => (at === a ? parts[b] : at === b ? parts[a] : part));
		return Buffer.concat(swapped.map((part) => part as Buffer));
	},
	/** Makes some numbers (sizes, counts, times) very large, negative or zero. */
	'wild-numbers'(bytes, random) {
		const copy = Buffer.from(bytes);
		const wild = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
		for (let left = 1 + whole(random, 6); left > 0 && copy.length > 4; left--)
			copy.writeUInt32BE(wild[whole(random, wild.length)] as number, place(random, copy.length - 4));
		return copy;
	},
	/** Repeats, removes or zeroes a block. */
	'moved-block'(bytes, random) {
		const from = place(random, bytes.length);
		const to = Math.min(bytes.length, from + 1 + whole(random, 2048));
		const block = bytes.subarray(from, to);
		const middle = [Buffer.concat([block, block]), Buffer.alloc(0), Buffer.alloc(block.length)][whole(random, 3)];
		return Buffer.concat([bytes.subarray(0, from), middle as Buffer, bytes.subarray(to)]);
	},
} satisfies Record<string, Mutation>;

/** The name of a mutation. */
export type MutationName = keyof typeof mutations;

/** The file for one number of a seed; it is the same every time. */
export type Mutant = { readonly from: string; readonly mutation: MutationName; readonly bytes: Buffer };

/** The mutant with this number (0..) of a seed; every fifth is damaged twice. */
export function mutantOf(
	seed: number,
	number: number,
	clips: readonly { readonly name: string; readonly bytes: Buffer }[],
): Mutant {
	const random = seededRandom(seed * 1_000_003 + number);
	const names = Object.keys(mutations) as MutationName[];
	// in turn, so that every mutation meets every file
	const clip = clips[number % clips.length] as (typeof clips)[number];
	const mutation = names[Math.floor(number / clips.length) % names.length] as MutationName;
	const other = clips[whole(random, clips.length)]?.bytes as Buffer;
	let bytes: Buffer = mutations[mutation](clip.bytes, random, other);
	if (number % 5 === 4 && bytes.length > 0)
		bytes = mutations[names[whole(random, names.length)] as MutationName](bytes, random, other);
	return { from: clip.name, mutation, bytes };
}

/** Cuts the file where its boxes or chunks begin, or into some pieces if it has none. */
function partsOf(bytes: Buffer, random: Random): readonly Buffer[] {
	const isRiff = bytes.subarray(0, 4).toString('latin1') === 'RIFF';
	const cuts = isRiff ? riffCuts(bytes) : boxCuts(bytes);
	if (cuts.length < 3) for (let i = 0; i < 6; i++) cuts.push(whole(random, bytes.length));
	const sorted = [0, ...cuts, bytes.length].sort((a, b) => a - b);
	return sorted.slice(1).map((cut, i) => bytes.subarray(sorted[i], cut));
}

/** The positions where boxes begin, including those inside `moov`, `trak` and the like. */
function boxCuts(bytes: Buffer, from = 0, to = bytes.length): number[] {
	const cuts: number[] = [];
	for (let at = from; at + 8 <= to; ) {
		const size = bytes.readUInt32BE(at);
		const type = bytes.toString('latin1', at + 4, at + 8);
		if (size < 8 || at + size > to || !/^[a-z0-9]{4}$/i.test(type)) break;
		cuts.push(at);
		if (/^(moov|trak|mdia|minf|stbl|moof|traf)$/.test(type)) cuts.push(...boxCuts(bytes, at + 8, at + size));
		at += size;
	}
	return cuts;
}

function riffCuts(bytes: Buffer): number[] {
	const cuts: number[] = [];
	for (let at = 12; at + 8 <= bytes.length; ) {
		const size = bytes.readUInt32LE(at + 4);
		cuts.push(at);
		const isList = bytes.toString('latin1', at, at + 4) === 'LIST';
		at += isList ? 12 : 8 + size + (size % 2);
	}
	return cuts;
}
