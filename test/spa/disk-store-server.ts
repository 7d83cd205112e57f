import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError } from '../../function/client/problem-error.ts';
import type { BytesRequest, SendBytes } from '../../function/client/send-bytes.ts';
import type { Api } from '../../function/client/service-api.ts';
import { uploadRequestSchema } from '../../function/contract/upload.ts';
import { createDiskStore } from '../../function/store/disk-store.ts';
import { createUploadServer } from '../tools/upload-server.ts';

/** The real disk store behind a real server on a free port, with the two service calls that an upload needs. */
export async function openDiskStoreServer() {
	const folder = await mkdtemp(join(tmpdir(), 'unmask-upload-'));
	const server = createUploadServer(() => store);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const limits = { maxBytes: 1024 ** 3, uploadTtlS: 3600, reportTtlS: 0 };
	const store = createDiskStore({ folder, secret: 'a secret of this test', ...limits });
	const api: Pick<Api, 'createUpload' | 'deleteAnalysis'> = {
		async createUpload(request) {
			const id = randomBytes(16).toString('hex');
			const upload = await store.createUpload({ ...uploadRequestSchema.parse(request), id, origin: null });
			return { id, upload: { ...upload, url: `${origin}${upload.url}` } };
		},
		async deleteAnalysis(id) {
			await store.deleteUpload(id);
		},
	};
	return {
		store,
		api,
		async close() {
			await store.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
			await rm(folder, { recursive: true });
		},
	};
}

/** A request recorded by a test's sender. */
export type Sent = { readonly range: string | null; readonly sizeBytes: number };

/**
 * Sends through Node's HTTP client, as XMLHttpRequest does in a browser. `onRequest` sees every request before it is sent; if it returns
 * a number, the connection is destroyed after that many bytes.
 */
export function nodeSend(onRequest: (sent: Sent, asked: BytesRequest) => number | null = () => null): SendBytes {
	return async (asked) => {
		const bytes = new Uint8Array(await (asked.body ?? new Blob()).arrayBuffer());
		const cutAt = onRequest({ range: asked.headers['Content-Range'] ?? null, sizeBytes: bytes.length }, asked);
		return new Promise((resolve, reject) => {
			if (asked.signal.aborted) return reject(asked.signal.reason);
			const headers = { ...asked.headers, 'Content-Length': bytes.length };
			const request = httpRequest(asked.url, { method: 'PUT', headers, signal: asked.signal }, (response) => {
				const pieces: Buffer[] = [];
				response.on('data', (piece: Buffer) => pieces.push(piece));
				response.on('end', () => {
					const header = (name: string) => (response.headers[name] as string | undefined) ?? null;
					const body = Buffer.concat(pieces).toString();
					resolve({
						status: response.statusCode ?? 0,
						range: header('range'),
						retryAfter: header('retry-after'),
						body,
					});
				});
			});
			request.on('error', (error) =>
				reject(error.name === 'AbortError' ? error : new ProblemError('service-unreachable', { retryable: true })),
			);
			if (cutAt === null) {
				request.end(bytes, () => asked.onProgress(bytes.length));
				return;
			}
			request.write(bytes.subarray(0, cutAt), () => {
				asked.onProgress(cutAt);
				setTimeout(() => request.destroy(new Error('cut by the test')), 50); // what was written still reaches the server
			});
		});
	};
}
