import type { IncomingMessage } from 'node:http';
import { MIMEType } from 'node:util';
import type { z } from 'zod';
import { AnalysisError } from '../errors.ts';
import { apiBodyBytes } from './read-body.ts';

/** Parses the JSON body of a request by a schema; throws media-type-unsupported, body-too-large, and `usage` with every fault. */
export function parseBody<S extends z.ZodType>(req: IncomingMessage & { rawBody?: Buffer }, schema: S): z.output<S> {
	if (!isJson(req.headers['content-type'] ?? ''))
		throw new AnalysisError('media-type-unsupported', 'request', 'expected application/json');
	const body = req.rawBody ?? Buffer.alloc(0);
	if (body.length > apiBodyBytes)
		throw new AnalysisError('body-too-large', 'request', `the limit is ${apiBodyBytes} bytes`);
	return parseAs(schema, parseJson(body));
}

/** Parses a value by a schema; throws `usage` with every fault. */
export function parseAs<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
	const parsed = schema.safeParse(value);
	if (parsed.success) return parsed.data;
	throw new AnalysisError('usage', 'request', parsed.error.issues.map(faultOf).join('; ').slice(0, 1000));
}

/** Whether a media type, in any spelling of RFC 9110, is JSON in UTF-8. */
function isJson(type: string): boolean {
	try {
		const { essence, params } = new MIMEType(type);
		return essence === 'application/json' && (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8';
	} catch {
		return false;
	}
}

function parseJson(body: Buffer): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	} catch (cause) {
		throw new AnalysisError('usage', 'request', 'the body is not JSON in UTF-8', { cause });
	}
}

const faultOf = ({ path, message }: z.core.$ZodIssue) => `${path.map(String).join('.') || 'body'}: ${message}`;
