import type { ByteFile } from './byte-file.ts';
import { openLegacyFile } from './legacy-file.ts';
import { refuseOtherFile } from './refuse-other-file.ts';
import type { TorchFile } from './torch-values.ts';
import { openZipFile } from './zip-file.ts';

/**
 * Opens a file written by torch.save and reads everything but the numbers in its storages, in each of PyTorch's formats: zip archives
 * (1.6 and later), TorchScript archives, and the format before 1.6. Throws not-weights with what the file is instead,
 * weights-truncated, weights-damaged, weights-unsafe, weights-unsupported.
 */
export async function openTorchFile(file: ByteFile): Promise<TorchFile> {
	const head = await file.read(0, Math.min(file.size, 4096));
	refuseOtherFile(head, file.size);
	const isZip = head[0] === 0x50 && head[1] === 0x4b; // 'PK'
	return isZip ? openZipFile(file) : openLegacyFile(file, head);
}
