import { hashText } from '../../function/client/hash.ts';
import type { UploadTicket } from '../../function/contract/upload.ts';
import { isRecord, readStored, writeStored } from './stored-json.ts';
import type { KeyValueStore } from './surroundings.ts';

/** Unfinished uploads, so that the same file can be resumed after the tab was closed. */
export type UploadSessions = {
	/** The ticket of an upload of this very file, if it has not expired. */
	find(fingerprint: string): UploadTicket | null;
	keep(fingerprint: string, ticket: UploadTicket): void;
	forget(fingerprint: string): void;
};

type Saved = { readonly fingerprint: string; readonly ticket: UploadTicket };

const storageKey = 'unmask.uploads';

/** Maximum number of unfinished uploads that are remembered; the oldest are dropped first. */
const maxSaved = 20;

/** Bytes at either end of a file that are part of its fingerprint. */
const edgeBytes = 64 * 1024;

/** Distinguishes files without reading them completely: name, size, modification time, and the first and last 64 KiB. */
export async function fingerprintFile(file: File): Promise<string> {
	const latin1 = new TextDecoder('latin1');
	const edges = [file.slice(0, edgeBytes), file.slice(Math.max(0, file.size - edgeBytes))];
	const [head, tail] = await Promise.all(edges.map(async (edge) => latin1.decode(await edge.arrayBuffer())));
	return hashText(
		JSON.stringify([file.name, file.size, file.lastModified, hashText(head ?? ''), hashText(tail ?? '')]),
	);
}

/** Unfinished uploads in `storage`; `now` in ms since 1970. */
export function createUploadSessions(storage: KeyValueStore, now: () => number): UploadSessions {
	const read = () =>
		(readStored(storage, storageKey, (value) => (Array.isArray(value) ? value.filter(isSaved) : null)) ?? []).filter(
			({ ticket }) => Date.parse(ticket.upload.expiresAt) > now(),
		);
	const write = (saved: readonly Saved[]) => writeStored(storage, storageKey, saved.slice(-maxSaved));
	const others = (fingerprint: string) => read().filter((saved) => saved.fingerprint !== fingerprint);
	return {
		find: (fingerprint) => read().find((saved) => saved.fingerprint === fingerprint)?.ticket ?? null,
		keep: (fingerprint, ticket) => void write([...others(fingerprint), { fingerprint, ticket }]),
		forget: (fingerprint) => void write(others(fingerprint)),
	};
}

function isSaved(value: unknown): value is Saved {
	if (!isRecord(value) || !isRecord(value.ticket) || !isRecord(value.ticket.upload)) return false;
	const { id, upload } = value.ticket;
	return typeof value.fingerprint === 'string' && typeof id === 'string' && typeof upload.url === 'string';
}
