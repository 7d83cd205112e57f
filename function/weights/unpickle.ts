import { build, damaged, parseGlobal, storageFromId } from './allowed-globals.ts';
import { Global, type Pickled, type Storage } from './torch-values.ts';

/** Longest pickle that is read (the list of tensors, without their numbers); that of the legacy network has 40 kB. */
export const MAX_PICKLE_BYTES = 16 * 1024 ** 2;
/** Most steps that a pickle may take; the legacy network's state dict takes 14,000, a checkpoint with its optimiser a few times that. */
const MAX_STEPS = 200_000;
/** Deepest nesting of marks. */
const MAX_MARKS = 1000;

/**
 * Interprets the pickle at `start` and returns its value, where it ends, and all its storages by key. Supports the opcodes that pickle
 * protocols 0 to 5 use for plain data (Python's Lib/pickletools.py). It cannot run code: names are looked up in one list
 * (allowed-globals.ts), which contains only functions of ours. Throws weights-unsafe with a name that is not in the list,
 * weights-unsupported, weights-damaged, and `onEnd()` if the bytes end before the pickle does.
 */
export function unpickle(
	bytes: Uint8Array<ArrayBuffer>,
	start: number,
	{ isScript = false, onEnd }: { isScript?: boolean; onEnd: () => Error },
): { value: Pickled; end: number; storages: ReadonlyMap<string, Storage> } {
	const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const memo = new Map<number, Pickled>();
	const storages = new Map<string, Storage>();
	const outer: Pickled[][] = [];
	/** TorchScript objects: unlike for other dicts, BUILD sets their attributes. */
	const objects = new WeakSet<Map<Pickled, Pickled>>();
	let stack: Pickled[] = [];
	let at = start;
	let count = 0;

	function take(count: number): number {
		if (count < 0 || at + count > bytes.length) throw onEnd();
		at += count;
		return at - count;
	}
	const u1 = () => data.getUint8(take(1));
	const u2 = () => data.getUint16(take(2), true);
	const u4 = () => data.getUint32(take(4), true);
	const u8 = () => Number(data.getBigUint64(take(8), true));
	function textOf(length: number, encoding: 'utf8' | 'latin1' = 'utf8'): string {
		const from = take(length);
		return Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString(encoding);
	}
	function line(): string {
		const end = bytes.indexOf(10, at);
		if (end < 0) throw onEnd();
		const text = textOf(end - at);
		take(1);
		return text;
	}
	function bytesOf(length: number): Uint8Array {
		const from = take(length);
		return bytes.slice(from, from + length);
	}
	function long(length: number): number | bigint {
		if (length > 16) throw damaged('a number of more than 16 bytes');
		let value = 0n;
		for (const [i, byte] of bytesOf(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
		value = length === 0 ? 0n : BigInt.asIntN(8 * length, value);
		return Number.isSafeInteger(Number(value)) ? Number(value) : value;
	}
	function push(value: Pickled) {
		stack.push(value);
	}
	function pop(): Pickled {
		const value = stack.pop();
		if (value === undefined) throw damaged('the pickle pops an empty stack');
		return value;
	}
	function top(): Pickled {
		const value = stack.at(-1);
		if (value === undefined) throw damaged('the pickle reads an empty stack');
		return value;
	}
	function popMark(): Pickled[] {
		const items = stack;
		const before = outer.pop();
		if (!before) throw damaged('the pickle pops a mark that is not there');
		stack = before;
		return items;
	}
	function popLast(count: number): Pickled[] {
		if (stack.length < count) throw damaged('the pickle pops an empty stack');
		return stack.splice(stack.length - count, count);
	}
	function recall(slot: number): Pickled {
		const value = memo.get(slot);
		if (value === undefined) throw damaged('the pickle reads a memo entry that it has not written');
		return value;
	}
	function append(items: readonly Pickled[]) {
		const list = top();
		if (!Array.isArray(list)) throw damaged('the pickle appends to a value that is not a list');
		for (const item of items) list.push(item);
	}
	function setItems(items: readonly Pickled[]) {
		const dict = top();
		if (!(dict instanceof Map) || items.length % 2 !== 0)
			throw damaged('the pickle sets items of a value that is not a dict');
		for (let i = 0; i < items.length; i += 2) dict.set(items[i] as Pickled, items[i + 1] as Pickled);
	}
	function newObject(): Pickled {
		const args = pop();
		const kind = pop();
		if (!(kind instanceof Global) || !kind.name.startsWith('__torch__.')) return build(kind, args);
		const object = new Map<Pickled, Pickled>();
		objects.add(object);
		return object;
	}
	/** The state of a TorchScript object is its attributes; that of a dict is torch's `_metadata`, which is not needed. */
	function setState() {
		const state = pop();
		const object = top();
		if (!(object instanceof Map) || !objects.has(object)) return;
		if (!(state instanceof Map)) throw damaged('a TorchScript object without attributes');
		count += state.size;
		for (const [name, value] of state) object.set(name, value);
	}

	/** Returns the same storage object for the same key. */
	function knownStorage(storage: Storage): Storage {
		const known = storages.get(storage.key) ?? storage;
		if (known.type !== storage.type || known.length !== storage.length)
			throw damaged('two different storages with the same key');
		storages.set(storage.key, known);
		return known;
	}

	/** One row per opcode of Lib/pickletools.py; the missing ones do not occur in plain data. */
	const steps: Record<number, () => void> = {
		128: () => {
			if (u1() > 5) throw damaged('an unknown pickle protocol');
		}, // PROTO
		149: () => void take(8), // FRAME
		40: () => {
			if (outer.push(stack) > MAX_MARKS) throw damaged('a pickle that is nested too deeply');
			stack = [];
		}, // MARK
		48: () => void pop(), // POP
		49: () => void popMark(), // POP_MARK
		50: () => push(top()), // DUP
		78: () => push(null), // NONE
		136: () => push(true), // NEWTRUE
		137: () => push(false), // NEWFALSE
		73: () => push(parseInteger(line())), // INT
		76: () => push(parseInteger(line().replace(/L$/, ''))), // LONG
		74: () => push(data.getInt32(take(4), true)), // BININT
		75: () => push(u1()), // BININT1
		77: () => push(u2()), // BININT2
		138: () => push(long(u1())), // LONG1
		139: () => push(long(u4())), // LONG4
		70: () => push(Number(line())), // FLOAT
		71: () => push(data.getFloat64(take(8), false)), // BINFLOAT
		83: () => push(line().replace(/^(['"])(.*)\1$/, '$2')), // STRING
		86: () => push(line()), // UNICODE
		84: () => push(textOf(u4(), 'latin1')), // BINSTRING (Python 2)
		85: () => push(textOf(u1(), 'latin1')), // SHORT_BINSTRING (Python 2)
		140: () => push(textOf(u1())), // SHORT_BINUNICODE
		88: () => push(textOf(u4())), // BINUNICODE
		141: () => push(textOf(u8())), // BINUNICODE8
		67: () => push(bytesOf(u1())), // SHORT_BINBYTES
		66: () => push(bytesOf(u4())), // BINBYTES
		142: () => push(bytesOf(u8())), // BINBYTES8
		93: () => push([]), // EMPTY_LIST
		108: () => push(popMark()), // LIST
		97: () => append([pop()]), // APPEND
		101: () => append(popMark()), // APPENDS
		41: () => push([]), // EMPTY_TUPLE
		116: () => push(popMark()), // TUPLE
		133: () => push(popLast(1)), // TUPLE1
		134: () => push(popLast(2)), // TUPLE2
		135: () => push(popLast(3)), // TUPLE3
		125: () => push(new Map()), // EMPTY_DICT
		100: () => {
			const items = popMark();
			push(new Map());
			setItems(items);
		}, // DICT
		115: () => setItems(popLast(2)), // SETITEM
		117: () => setItems(popMark()), // SETITEMS
		112: () => void memo.set(parseInteger(line()) as number, top()), // PUT
		113: () => void memo.set(u1(), top()), // BINPUT
		114: () => void memo.set(u4(), top()), // LONG_BINPUT
		148: () => void memo.set(memo.size, top()), // MEMOIZE
		103: () => push(recall(parseInteger(line()) as number)), // GET
		104: () => push(recall(u1())), // BINGET
		106: () => push(recall(u4())), // LONG_BINGET
		99: () => {
			const module = line();
			push(parseGlobal(`${module}.${line()}`, isScript));
		}, // GLOBAL
		147: () => {
			const [module, name] = popLast(2);
			if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name that is not text');
			push(parseGlobal(`${module}.${name}`, isScript));
		}, // STACK_GLOBAL
		82: () => {
			const args = pop();
			count += sizeOf(args);
			push(build(pop(), args));
		}, // REDUCE
		129: () => push(newObject()), // NEWOBJ
		98: setState, // BUILD
		81: () => push(knownStorage(storageFromId(pop()))), // BINPERSID
	};

	for (;;) {
		if (++count > MAX_STEPS) throw damaged(`a pickle of more than ${MAX_STEPS} steps`);
		const code = u1();
		if (code === 46) return { value: pop(), end: at, storages }; // STOP
		// instantiates a class by name, which plain data never does
		if (code === 105) parseGlobal(`${line()}.${line()}`, false); // INST
		const step = steps[code];
		if (!step) throw damaged(`a pickle with the unexpected opcode ${code}`);
		step();
	}
}

/** Steps that a call counts for, so that turning the same list of pairs into a dict again and again reaches the limit. */
const sizeOf = (args: Pickled) => (Array.isArray(args) && Array.isArray(args[0]) ? args[0].length : 0);

function parseInteger(text: string): number | boolean {
	if (text === '00' || text === '01') return text === '01'; // False and True in protocol 0
	const value = Number(text);
	if (text === '' || !Number.isSafeInteger(value)) throw damaged('an invalid integer');
	return value;
}
