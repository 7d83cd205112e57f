import { crc32, inflateRawSync } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';
import { AnalysisError } from '../errors.ts';
import { damaged } from './allowed-globals.ts';
import type { ByteFile } from './byte-file.ts';
import { printable } from './printable.ts';
import { refuseOtherArchive } from './refuse-other-file.ts';
import { itemSizes, type Storage, type TorchFile } from './torch-values.ts';
import { MAX_PICKLE_BYTES, unpickle } from './unpickle.ts';

/** Most entries of an archive; that of the legacy network has 327. */
const MAX_ENTRIES = 20_000;
/** Largest compressed storage, which is inflated into memory as a whole. torch.save does not compress, but a repacked file may be compressed. */
const MAX_INFLATED_BYTES = 256 * 1024 ** 2;
/** Bytes read at a time to verify a storage. */
const BLOCK_BYTES = 4 * 1024 ** 2;

/**
 * Opens a zip archive as torch.save writes it since 1.6: `NAME/data.pkl` holds the value, `NAME/data/KEY` a storage, `NAME/byteorder` the
 * byte order. A TorchScript archive also has `NAME/code`, which is never opened. Entries may be stored or deflated, with or without zip64.
 */
export async function openZipFile(file: ByteFile): Promise<TorchFile> {
	const { zip, entries } = await listEntries(file);
	const names = [...entries.keys()];
	const index = names.filter((name) => /(^|\/)data\.pkl$/.test(name)).sort((a, b) => a.length - b.length)[0];
	if (index === undefined) throw refuseOtherArchive(names);
	const folder = index.slice(0, -'data.pkl'.length);
	const isScript = names.some((name) => name.startsWith(`${folder}code/`) || name === `${folder}constants.pkl`);
	let inflated: { key: string; bytes: Uint8Array<ArrayBuffer> } | null = null;
	const checked = new Map<string, number>();

	const entryOf = (name: string): Entry => {
		const entry = entries.get(`${folder}${name}`);
		if (!entry) throw damaged(`${printable(name)} is missing in the archive`);
		if (entry.isEncrypted()) throw new AnalysisError('weights-unsupported', 'probe', 'an archive with a password');
		if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
			throw new AnalysisError('weights-unsupported', 'probe', `zip compression ${entry.compressionMethod}`);
		return entry;
	};
	const startOf = async (entry: Entry): Promise<number> =>
		(await zip.readLocalFileHeaderPromise(entry, { minimal: true }).catch(rethrow)).fileDataStart;
	const whole = async (name: string, limit: number): Promise<Uint8Array<ArrayBuffer>> => {
		const entry = entryOf(name);
		if (entry.uncompressedSize > limit) throw damaged(`${printable(name)} has more than ${limit} bytes`);
		const packed = await file.read(await startOf(entry), entry.compressedSize);
		const bytes = entry.compressionMethod === 0 ? packed : inflate(packed, entry.uncompressedSize, name);
		checkSum(entry, crc32(bytes), name);
		return bytes;
	};
	/** Offset of an uncompressed storage; the first call verifies its checksum. */
	const offsetOf = async (entry: Entry, name: string): Promise<number> => {
		const known = checked.get(name);
		if (known !== undefined) return known;
		const start = await startOf(entry);
		let sum = 0;
		for (let at = 0; at < entry.compressedSize; at += BLOCK_BYTES)
			sum = crc32(await file.read(start + at, Math.min(BLOCK_BYTES, entry.compressedSize - at)), sum);
		checkSum(entry, sum, name);
		checked.set(name, start);
		return start;
	};

	if (entries.has(`${folder}byteorder`) && Buffer.from(await whole('byteorder', 16)).toString('latin1') === 'big')
		throw new AnalysisError('weights-unsupported', 'probe', 'written on a big-endian machine');
	const pickle = await whole('data.pkl', MAX_PICKLE_BYTES);
	const onEnd = () => damaged('its list of tensors ends before it is complete');
	return {
		container: isScript ? 'torchscript' : 'zip',
		root: unpickle(pickle, 0, { isScript, onEnd }).value,
		async readBytes(storage, start, length) {
			const name = `data/${storage.key}`;
			const entry = entryOf(name);
			checkLength(entry, storage, name);
			if (entry.compressionMethod === 0) return file.read((await offsetOf(entry, name)) + start, length);
			if (inflated?.key !== storage.key) {
				inflated = null; // frees the previous one first
				inflated = { key: storage.key, bytes: await whole(name, MAX_INFLATED_BYTES) };
			}
			return inflated.bytes.slice(start, start + length);
		},
	};
}

/** Reads bytes for yauzl, whose own reader throws an uncaught error if an archive contains an impossible position. */
class Reader extends RandomAccessReader {
	readonly #file: ByteFile;

	constructor(file: ByteFile) {
		super();
		this.#file = file;
	}

	override read(buffer: Buffer, offset: number, length: number, position: number, done: (error: Error | null) => void) {
		this.#file.read(position, length).then((bytes) => {
			buffer.set(bytes, offset);
			done(null);
		}, done);
	}
}

/** Opens the archive and lists its entries by name; throws weights-truncated or weights-damaged. */
async function listEntries(file: ByteFile): Promise<{ zip: ZipFile; entries: Map<string, Entry> }> {
	const entries = new Map<string, Entry>();
	try {
		const zip = await fromRandomAccessReaderPromise(new Reader(file), file.size, { autoClose: false });
		if (zip.entryCount > MAX_ENTRIES) throw damaged(`an archive with ${zip.entryCount} entries`);
		for await (const entry of zip.eachEntry()) {
			if (entries.has(entry.fileName)) throw damaged(`two entries named ${printable(entry.fileName)}`);
			entries.set(entry.fileName, entry);
		}
		return { zip, entries };
	} catch (error) {
		if (error instanceof Error && error.message.startsWith('End of central directory')) throw await truncated(file);
		return rethrow(error);
	}
}

/** The error for an archive without its end, which is the directory. torch.save writes the list of tensors first, so it says how many bytes there should be. */
async function truncated(file: ByteFile): Promise<AnalysisError> {
	const bytes = await file.read(0, Math.min(file.size, MAX_PICKLE_BYTES));
	const header = new DataView(bytes.buffer);
	const start = bytes.length < 30 ? 0 : 30 + header.getUint16(26, true) + header.getUint16(28, true);
	let wanted = '';
	try {
		const { storages } = unpickle(bytes, start, { onEnd: () => new Error('ends') });
		const sizes = [...storages.values()].map(({ type, length }) => length * itemSizes[type]);
		wanted = ` of at least ${start + sizes.reduce((sum, size) => sum + size, 0)}`;
	} catch {
		// the expected size is unknown: the file ends within the list, or is another kind of archive
	}
	return new AnalysisError(
		'weights-truncated',
		'probe',
		`it ends at byte ${file.size}${wanted}, and the end of the archive is missing`,
	);
}

function inflate(packed: Uint8Array, size: number, name: string): Uint8Array<ArrayBuffer> {
	try {
		const bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
		if (bytes.length === size) return new Uint8Array(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.length);
	} catch (cause) {
		throw damaged(`${printable(name)} cannot be unpacked`, { cause });
	}
	throw damaged(`${printable(name)} does not have the length that the archive states`);
}

/** torch.serialization.set_crc32_options(False) writes 0 in place of every checksum. */
function checkSum(entry: Entry, sum: number, name: string) {
	if (entry.crc32 !== 0 && entry.crc32 !== sum) throw damaged(`${printable(name)} does not match its checksum`);
}

function checkLength(entry: Entry, storage: Storage, name: string) {
	const wanted = storage.length * itemSizes[storage.type];
	if (entry.uncompressedSize < wanted)
		throw damaged(`${printable(name)} has ${entry.uncompressedSize} bytes of ${wanted}`);
}

/** Turns yauzl's plain errors into weights-damaged. */
function rethrow(error: unknown): never {
	if (error instanceof AnalysisError) throw error;
	throw damaged((error as Error).message.slice(0, 200), { cause: error });
}
