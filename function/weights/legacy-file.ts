import { AnalysisError } from '../errors.ts';
import { damaged } from './allowed-globals.ts';
import type { ByteFile } from './byte-file.ts';
import { itemSizes, type Pickled, type Storage, type TorchFile } from './torch-values.ts';
import { MAX_PICKLE_BYTES, unpickle } from './unpickle.ts';

/** The first pickle of every file in this format (MAGIC_NUMBER of torch/serialization.py), and the second (PROTOCOL_VERSION). */
const MAGIC = 0x1950a86a20f9469cfc6cn;
const PROTOCOL = 1001;

/**
 * Opens a file in the format before PyTorch 1.6 (`_legacy_save` of torch/serialization.py): four consecutive pickles (magic number,
 * version, machine information, the value), a pickle of the storages' keys, and the storages in that order, each preceded by its length.
 */
export async function openLegacyFile(file: ByteFile, head: Uint8Array): Promise<TorchFile> {
	if (head[0] !== 0x80 || (head[1] ?? 0) > 5)
		throw new AnalysisError('not-weights', 'probe', 'an unknown kind of file');
	const bytes = await file.read(0, Math.min(file.size, MAX_PICKLE_BYTES));
	const onEnd = () =>
		bytes.length < file.size
			? damaged(`its list of tensors is longer than ${MAX_PICKLE_BYTES} bytes`)
			: new AnalysisError('weights-truncated', 'probe', `it ends at byte ${file.size}, within its list of tensors`);
	const magic = unpickle(bytes, 0, { onEnd });
	if (magic.value !== MAGIC)
		throw new AnalysisError('not-weights', 'probe', 'a Python pickle that PyTorch did not write');
	const version = unpickle(bytes, magic.end, { onEnd });
	if (version.value !== PROTOCOL)
		throw new AnalysisError('weights-unsupported', 'probe', 'an unknown version of the format before PyTorch 1.6');
	const machine = unpickle(bytes, version.end, { onEnd });
	if (machine.value instanceof Map && machine.value.get('little_endian') === false)
		throw new AnalysisError('weights-unsupported', 'probe', 'written on a big-endian machine');
	const root = unpickle(bytes, machine.end, { onEnd });
	const keys = unpickle(bytes, root.end, { onEnd });
	const places = await placeStorages(file, keys.end, keys.value, root.storages);
	return {
		container: 'legacy',
		root: root.value,
		async readBytes(storage, start, length) {
			const place = places.get(storage.key);
			if (place === undefined) throw damaged('a storage is missing');
			return file.read(place + start, length);
		},
	};
}

/** File offset of each storage's bytes, by key; throws weights-truncated if the file ends before the last storage does. */
async function placeStorages(
	file: ByteFile,
	start: number,
	keys: Pickled,
	storages: ReadonlyMap<string, Storage>,
): Promise<Map<string, number>> {
	if (!Array.isArray(keys)) throw damaged('the storages are not listed');
	const found = keys.map((key) => (typeof key === 'string' ? storages.get(key) : undefined));
	const ends = found.map((storage) => (storage ? 8 + storage.length * itemSizes[storage.type] : 0));
	const size = ends.reduce((sum, length) => sum + length, start);
	if (found.includes(undefined) || found.length !== storages.size)
		throw damaged('its storages do not match its tensors');
	if (size > file.size)
		throw new AnalysisError('weights-truncated', 'probe', `it ends at byte ${file.size} of ${size}`);
	const places = new Map<string, number>();
	let at = start;
	for (const [i, storage] of found.entries()) {
		if (!storage) continue;
		const length = new DataView((await file.read(at, 8)).buffer).getBigInt64(0, true);
		if (length !== BigInt(storage.length))
			throw damaged(`a storage of ${length} numbers where ${storage.length} are expected`);
		places.set(storage.key, at + 8);
		at += ends[i] as number;
	}
	return places;
}
