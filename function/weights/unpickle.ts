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
	const machine = new PickleMachine(bytes, start, isScript, onEnd);
	const value = machine.run();
	return { value, end: machine.at, storages: machine.storages };
}

class PickleMachine {
	readonly storages = new Map<string, Storage>();
	/** Position of the next byte. */
	at: number;
	readonly #bytes: Uint8Array<ArrayBuffer>;
	readonly #data: DataView;
	readonly #isScript: boolean;
	readonly #onEnd: () => Error;
	readonly #memo = new Map<number, Pickled>();
	readonly #outer: Pickled[][] = [];
	/** TorchScript objects: unlike for other dicts, BUILD sets their attributes. */
	readonly #objects = new WeakSet<Map<Pickled, Pickled>>();
	#stack: Pickled[] = [];
	#count = 0;

	constructor(bytes: Uint8Array<ArrayBuffer>, start: number, isScript: boolean, onEnd: () => Error) {
		this.#bytes = bytes;
		this.#data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		this.at = start;
		this.#isScript = isScript;
		this.#onEnd = onEnd;
	}

	run(): Pickled {
		for (;;) {
			if (++this.#count > MAX_STEPS) throw damaged(`a pickle of more than ${MAX_STEPS} steps`);
			const code = this.u1();
			if (code === 46) return this.pop(); // STOP
			// instantiates a class by name, which plain data never does
			if (code === 105) parseGlobal(`${this.line()}.${this.line()}`, false); // INST
			const step = steps[code];
			if (!step) throw damaged(`a pickle with the unexpected opcode ${code}`);
			step(this);
		}
	}

	take(count: number): number {
		if (count < 0 || this.at + count > this.#bytes.length) throw this.#onEnd();
		this.at += count;
		return this.at - count;
	}
	u1 = () => this.#data.getUint8(this.take(1));
	u2 = () => this.#data.getUint16(this.take(2), true);
	u4 = () => this.#data.getUint32(this.take(4), true);
	u8 = () => Number(this.#data.getBigUint64(this.take(8), true));
	i4 = () => this.#data.getInt32(this.take(4), true);
	f8 = () => this.#data.getFloat64(this.take(8), false);
	textOf(length: number, encoding: 'utf8' | 'latin1' = 'utf8'): string {
		const from = this.take(length);
		return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + from, length).toString(encoding);
	}
	line(): string {
		const end = this.#bytes.indexOf(10, this.at);
		if (end < 0) throw this.#onEnd();
		const text = this.textOf(end - this.at);
		this.take(1);
		return text;
	}
	bytesOf(length: number): Uint8Array {
		const from = this.take(length);
		return this.#bytes.slice(from, from + length);
	}
	long(length: number): number | bigint {
		if (length > 16) throw damaged('a number of more than 16 bytes');
		let value = 0n;
		for (const [i, byte] of this.bytesOf(length).entries()) value |= BigInt(byte) << BigInt(8 * i);
		value = length === 0 ? 0n : BigInt.asIntN(8 * length, value);
		return Number.isSafeInteger(Number(value)) ? Number(value) : value;
	}

	push(value: Pickled) {
		this.#stack.push(value);
	}
	pop(): Pickled {
		const value = this.#stack.pop();
		if (value === undefined) throw damaged('the pickle pops an empty stack');
		return value;
	}
	top(): Pickled {
		const value = this.#stack.at(-1);
		if (value === undefined) throw damaged('the pickle reads an empty stack');
		return value;
	}
	mark() {
		if (this.#outer.push(this.#stack) > MAX_MARKS) throw damaged('a pickle that is nested too deeply');
		this.#stack = [];
	}
	popMark(): Pickled[] {
		const items = this.#stack;
		const before = this.#outer.pop();
		if (!before) throw damaged('the pickle pops a mark that is not there');
		this.#stack = before;
		return items;
	}
	popLast(count: number): Pickled[] {
		if (this.#stack.length < count) throw damaged('the pickle pops an empty stack');
		return this.#stack.splice(this.#stack.length - count, count);
	}
	memoize(slot = this.#memo.size) {
		this.#memo.set(slot, this.top());
	}
	recall(slot: number) {
		const value = this.#memo.get(slot);
		if (value === undefined) throw damaged('the pickle reads a memo entry that it has not written');
		this.push(value);
	}

	append(items: readonly Pickled[]) {
		const list = this.top();
		if (!Array.isArray(list)) throw damaged('the pickle appends to a value that is not a list');
		for (const item of items) list.push(item);
	}
	setItems(items: readonly Pickled[]) {
		const dict = this.top();
		if (!(dict instanceof Map) || items.length % 2 !== 0)
			throw damaged('the pickle sets items of a value that is not a dict');
		for (let i = 0; i < items.length; i += 2) dict.set(items[i] as Pickled, items[i + 1] as Pickled);
	}
	pushGlobal([module, name]: readonly Pickled[]) {
		if (typeof module !== 'string' || typeof name !== 'string') throw damaged('a name that is not text');
		this.push(parseGlobal(`${module}.${name}`, this.#isScript));
	}
	call() {
		const args = this.pop();
		this.#count += sizeOf(args);
		this.push(build(this.pop(), args));
	}
	newObject(): Pickled {
		const args = this.pop();
		const kind = this.pop();
		if (!(kind instanceof Global) || !kind.name.startsWith('__torch__.')) return build(kind, args);
		const object = new Map<Pickled, Pickled>();
		this.#objects.add(object);
		return object;
	}
	/** The state of a TorchScript object is its attributes; that of a dict is torch's `_metadata`, which is not needed. */
	setState() {
		const state = this.pop();
		const object = this.top();
		if (!(object instanceof Map) || !this.#objects.has(object)) return;
		if (!(state instanceof Map)) throw damaged('a TorchScript object without attributes');
		this.#count += state.size;
		for (const [name, value] of state) object.set(name, value);
	}
	/** Returns the same storage object for the same key. */
	knownStorage(storage: Storage): Storage {
		const known = this.storages.get(storage.key) ?? storage;
		if (known.type !== storage.type || known.length !== storage.length)
			throw damaged('two different storages with the same key');
		this.storages.set(storage.key, known);
		return known;
	}
}

/** One row per opcode of Lib/pickletools.py; the missing ones do not occur in plain data. */
const steps: Record<number, (machine: PickleMachine) => void> = {
	128: (m) => {
		if (m.u1() > 5) throw damaged('an unknown pickle protocol');
	}, // PROTO
	149: (m) => void m.take(8), // FRAME
	40: (m) => m.mark(), // MARK
	48: (m) => void m.pop(), // POP
	49: (m) => void m.popMark(), // POP_MARK
	50: (m) => m.push(m.top()), // DUP
	78: (m) => m.push(null), // NONE
	136: (m) => m.push(true), // NEWTRUE
	137: (m) => m.push(false), // NEWFALSE
	73: (m) => m.push(parseInteger(m.line())), // INT
	76: (m) => m.push(parseInteger(m.line().replace(/L$/, ''))), // LONG
	74: (m) => m.push(m.i4()), // BININT
	75: (m) => m.push(m.u1()), // BININT1
	77: (m) => m.push(m.u2()), // BININT2
	138: (m) => m.push(m.long(m.u1())), // LONG1
	139: (m) => m.push(m.long(m.u4())), // LONG4
	70: (m) => m.push(Number(m.line())), // FLOAT
	71: (m) => m.push(m.f8()), // BINFLOAT
	83: (m) => m.push(m.line().replace(/^(['"])(.*)\1$/, '$2')), // STRING
	86: (m) => m.push(m.line()), // UNICODE
	84: (m) => m.push(m.textOf(m.u4(), 'latin1')), // BINSTRING (Python 2)
	85: (m) => m.push(m.textOf(m.u1(), 'latin1')), // SHORT_BINSTRING (Python 2)
	140: (m) => m.push(m.textOf(m.u1())), // SHORT_BINUNICODE
	88: (m) => m.push(m.textOf(m.u4())), // BINUNICODE
	141: (m) => m.push(m.textOf(m.u8())), // BINUNICODE8
	67: (m) => m.push(m.bytesOf(m.u1())), // SHORT_BINBYTES
	66: (m) => m.push(m.bytesOf(m.u4())), // BINBYTES
	142: (m) => m.push(m.bytesOf(m.u8())), // BINBYTES8
	93: (m) => m.push([]), // EMPTY_LIST
	108: (m) => m.push(m.popMark()), // LIST
	97: (m) => m.append([m.pop()]), // APPEND
	101: (m) => m.append(m.popMark()), // APPENDS
	41: (m) => m.push([]), // EMPTY_TUPLE
	116: (m) => m.push(m.popMark()), // TUPLE
	133: (m) => m.push(m.popLast(1)), // TUPLE1
	134: (m) => m.push(m.popLast(2)), // TUPLE2
	135: (m) => m.push(m.popLast(3)), // TUPLE3
	125: (m) => m.push(new Map()), // EMPTY_DICT
	100: (m) => {
		const items = m.popMark();
		m.push(new Map());
		m.setItems(items);
	}, // DICT
	115: (m) => m.setItems(m.popLast(2)), // SETITEM
	117: (m) => m.setItems(m.popMark()), // SETITEMS
	112: (m) => m.memoize(parseInteger(m.line()) as number), // PUT
	113: (m) => m.memoize(m.u1()), // BINPUT
	114: (m) => m.memoize(m.u4()), // LONG_BINPUT
	148: (m) => m.memoize(), // MEMOIZE
	103: (m) => m.recall(parseInteger(m.line()) as number), // GET
	104: (m) => m.recall(m.u1()), // BINGET
	106: (m) => m.recall(m.u4()), // LONG_BINGET
	99: (m) => m.pushGlobal([m.line(), m.line()]), // GLOBAL
	147: (m) => m.pushGlobal(m.popLast(2)), // STACK_GLOBAL
	82: (m) => m.call(), // REDUCE
	129: (m) => m.push(m.newObject()), // NEWOBJ
	98: (m) => m.setState(), // BUILD
	81: (m) => m.push(m.knownStorage(storageFromId(m.pop()))), // BINPERSID
};

/** Steps that a call counts for, so that turning the same list of pairs into a dict again and again reaches the limit. */
const sizeOf = (args: Pickled) => (Array.isArray(args) && Array.isArray(args[0]) ? args[0].length : 0);

function parseInteger(text: string): number | boolean {
	if (text === '00' || text === '01') return text === '01'; // False and True in protocol 0
	const value = Number(text);
	if (text === '' || !Number.isSafeInteger(value)) throw damaged('an invalid integer');
	return value;
}
