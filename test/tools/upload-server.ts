import { createServer, type Server } from 'node:http';
import { createCors } from '../../function/http/cors.ts';
import { refuse } from '../../function/http/problem.ts';
import { handleUpload } from '../../function/http/uploads/handle-upload.ts';
import type { DiskStore } from '../../function/store/disk-store.ts';

/** A server that only accepts uploads for a store; it is not listening yet. */
export function createUploadServer(
	store: () => DiskStore,
	{ idleMs = 60_000, origins = null }: { idleMs?: number; origins?: string | null } = {},
): Server {
	const allowOrigins = createCors(origins);
	const server = createServer((req, res) => {
		const record = { requestId: 'of-a-test', code: null, fault: null };
		res.on('error', () => {});
		if (allowOrigins(req, res)) return;
		handleUpload(store(), req, res, { idleMs }).catch((thrown: unknown) => refuse(req, res, record, thrown));
	});
	server.requestTimeout = 0;
	return server;
}
