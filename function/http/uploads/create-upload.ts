import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { z } from 'zod';
import { linkRequestSchema, type UploadTicket, uploadRequestSchema } from '../../contract/upload.ts';
import { AnalysisError } from '../../errors.ts';
import { allowedOrigin } from '../cors.ts';
import { parseAs, parseBody } from '../parse-body.ts';
import type { Exchange } from '../route.ts';

/** POST /v1/uploads: returns a new id and a signed address for the bytes. */
export async function createUpload({ instance, req, res, client, record }: Exchange): Promise<void> {
	const { config, store, tickets } = instance;
	const body = parseBody(req, z.looseObject({}));
	if ('url' in body) return importLink({ instance, res, client, record }, parseAs(linkRequestSchema, body));
	const request = parseAs(uploadRequestSchema, body);
	const key = parseKey(req.headers['idempotency-key']);
	if (instance.isStopping()) throw new AnalysisError('shutting-down', 'request');
	if (request.sizeBytes > config.UNMASK_MAX_BYTES)
		throw new AnalysisError('file-too-large', 'request', `the limit is ${config.UNMASK_MAX_BYTES} bytes`);
	const make = async (): Promise<UploadTicket> => {
		const id = randomBytes(16).toString('hex');
		const origin = allowedOrigin(req, config.UNMASK_ORIGINS);
		const upload = await store.createUpload({ ...request, fileName: wellFormed(request.fileName), id, origin });
		return { id, upload: { ...upload, url: new URL(upload.url, ownAddress(req)).href } };
	};
	const ticket = await (key === null ? make() : tickets.getOrCreate(client.id, key, request, make));
	record.analysisId = ticket.id;
	res.set('cache-control', 'no-store').status(201).json(ticket);
}

/** Has the service fetch the file itself; responds with 202 at once. */
async function importLink(
	{ instance, res, client, record }: Pick<Exchange, 'instance' | 'res' | 'client' | 'record'>,
	link: z.infer<typeof linkRequestSchema>,
): Promise<void> {
	if (instance.links === null) throw new AnalysisError('links-off', 'request');
	if (instance.isStopping()) throw new AnalysisError('shutting-down', 'request');
	const id = randomBytes(16).toString('hex');
	record.analysisId = id;
	const progress = instance.links.start(id, link, client.id);
	res
		.set({ location: `/v1/uploads/${id}`, 'retry-after': '1', 'cache-control': 'no-store' })
		.status(202)
		.json(progress);
}

/** The service's address as the sender sees it (localhost, another name, a proxy); only the sender gets to see it. Throws `usage`. */
function ownAddress({ protocol, host }: Request): string {
	const address = `${protocol}://${host}`;
	if (URL.canParse(address)) return address;
	throw new AnalysisError('usage', 'request', 'the Host header is not an address');
}

/** Parses an Idempotency-Key of visible ASCII (draft-ietf-httpapi-idempotency-key-header); throws `usage`. */
function parseKey(header: string | string[] | undefined): string | null {
	if (header === undefined) return null;
	if (typeof header === 'string' && /^[\x21-\x7e]{1,255}$/.test(header)) return header;
	throw new AnalysisError('usage', 'request', 'Idempotency-Key: 1 to 255 visible ASCII characters without spaces');
}

/** Replaces lone surrogates, which are valid in JSON but not in UTF-8, by U+FFFD. */
const wellFormed = (text: string) => Buffer.from(text).toString();
