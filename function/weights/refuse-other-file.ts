import { AnalysisError } from '../errors.ts';
import { printable } from './printable.ts';

const starts = (head: Uint8Array, ...bytes: number[]) => bytes.every((byte, i) => head[i] === byte);
const latin = (head: Uint8Array, from = 0, to = head.length) => Buffer.from(head.subarray(from, to)).toString('latin1');

/** A kind of file that is mistaken for weights: a test of its first bytes, and the detail of the error. */
type Kind = { readonly is: (head: Uint8Array) => boolean; readonly says: string };

const kinds: readonly Kind[] = [
	{
		is: (head) => starts(head, 0xef, 0xbb, 0xbf),
		says: 'it begins with a byte-order mark: a program saved it as text, which destroyed it; download it again',
	},
	{
		is: (head) => starts(head, 0xff, 0xfe) || starts(head, 0xfe, 0xff),
		says: 'it begins with a UTF-16 byte-order mark, so it is text',
	},
	{
		is: (head) => starts(head, 0x89, 0x48, 0x44, 0x46),
		says: 'an HDF5 file, as Keras and TensorFlow write weights (.h5)',
	},
	{ is: isSafetensors, says: 'a safetensors file; only files written by torch.save can be read' },
	{ is: (head) => starts(head, 0x47, 0x47, 0x55, 0x46), says: 'a GGUF file, which holds a language model' },
	{ is: (head) => latin(head, 4, 8) === 'TFL3', says: 'a TensorFlow Lite model' },
	{ is: (head) => starts(head, 0x08, 0x01, 0x12), says: 'a TensorFlow saved model (.pb)' },
	{ is: isOnnx, says: 'an ONNX model; `unmask models add` takes those' },
	{ is: (head) => starts(head, 0x93, 0x4e, 0x55, 0x4d), says: 'a NumPy array (.npy)' },
	{
		is: (head) => latin(head, 257, 262) === 'ustar',
		says: 'a tar archive, as PyTorch wrote until 0.1.10 and as archives of several files are; unpack it first, or save the weights again',
	},
	{ is: isCompressed, says: 'a compressed archive; unpack it first' },
	{ is: (head) => latin(head, 0, 5) === '%PDF-', says: 'a PDF document' },
	{
		is: (head) => latin(head, 4, 8) === 'ftyp' || starts(head, 0x1a, 0x45, 0xdf, 0xa3) || latin(head, 0, 4) === 'RIFF',
		says: 'a video or audio file',
	},
	{ is: (head) => starts(head, 0x89, 0x50, 0x4e, 0x47) || starts(head, 0xff, 0xd8, 0xff), says: 'a picture' },
];

/** Throws not-weights with what the file is, if its first bytes (at most 4096) show that; `size` is the size of the whole file, bytes. */
export function refuseOtherFile(head: Uint8Array, size: number): void {
	const text = latin(head).replace(/^(\xef\xbb\xbf)?\s+/, '$1');
	const plain = text.replace(/^\xef\xbb\xbf/, '');
	if (/^<(!doctype html|html|head|\?xml|!--)/i.test(plain)) throw refused(pageText(plain));
	if (plain.startsWith('version https://git-lfs')) throw refused(pointerText(plain));
	if (plain.startsWith('{"error') || plain.startsWith('{"message'))
		throw refused(`an error message from a server: ${printable(plain)}`);
	const kind = kinds.find(({ is }) => is(head));
	if (kind) throw refused(kind.says);
	if (head.every((byte) => byte === 0))
		throw refused('it begins with nothing but zeros, like a download that was never completed');
	if (/^[\t\n\r\x20-\x7e]+$/.test(text)) throw refused(`a text file of ${size} bytes: ${printable(plain)}`);
}

/** The error for a zip archive without PyTorch's list of tensors; `names` are its entry names. */
export function refuseOtherArchive(names: readonly string[]): AnalysisError {
	const has = (pattern: RegExp) => names.find((name) => pattern.test(name));
	const inner = has(/\.(pt|pth|bin|ckpt)$/i);
	if (inner) return refused(`an archive that contains ${printable(inner)}; unpack it first`);
	if (has(/(^|\/)model\.weights\.h5$/)) return refused('a Keras model (.keras)');
	if (has(/saved_model\.pb$/)) return refused('an archive with a TensorFlow saved model');
	if (has(/\.npy$/)) return refused('an archive of NumPy arrays (.npz)');
	if (has(/^\[Content_Types\]\.xml$/)) return refused('an office document');
	if (has(/(^|\/)tensors$|(^|\/)model\.json$/)) return refused('an archive that torch.save did not write');
	return refused(`an archive without data.pkl; its first entry is ${printable(names[0] ?? 'none')}`);
}

/** A safetensors header: 8 bytes of length, then JSON (github.com/huggingface/safetensors, Format). */
function isSafetensors(head: Uint8Array): boolean {
	if (head.length < 10 || head[8] !== 0x7b) return false;
	return head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0;
}

/** ModelProto of onnx.proto: ir_version first, then the producer's name or version, the operator set or the graph. */
function isOnnx(head: Uint8Array): boolean {
	return (
		head[0] === 0x08 && (head[1] ?? 0) >= 2 && (head[1] ?? 99) <= 20 && [0x12, 0x1a, 0x3a, 0x42].includes(head[2] ?? 0)
	);
}

function isCompressed(head: Uint8Array): boolean {
	const signatures = ['\x1f\x8b', 'BZh', '\xfd7zXZ', '7z\xbc\xaf', 'Rar!', '\x28\xb5\x2f\xfd'];
	return signatures.some((signature) => latin(head, 0, signature.length) === signature);
}

function pageText(text: string): string {
	const title = /<title>([^<]{1,120})/i.exec(text)?.[1]?.trim();
	const why = /virus/i.test(text)
		? ', on which a cloud drive says that it cannot scan the file for viruses; confirm the download there'
		: ', not the file itself; download it again';
	return `an HTML page${title ? ` with the title "${printable(title)}"` : ''}${why}`;
}

function pointerText(text: string): string {
	const bytes = /^size (\d{1,15})$/m.exec(text)?.[1];
	return `a Git LFS pointer${bytes ? ` to a file of ${bytes} bytes` : ''}; \`git lfs pull\` fetches the file itself`;
}

const refused = (what: string) => new AnalysisError('not-weights', 'probe', what);
