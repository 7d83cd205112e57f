import type { IncomingMessage, ServerResponse } from 'node:http';
import { AnalysisError } from '../errors.ts';
import type { Instance } from './instance.ts';
import { analyseObject } from './object-finalized.ts';

/** Maximum size of an event's body, bytes. */
export const eventBodyBytes = 1024 ** 2;

/** Handles a CloudEvent over HTTP (JSON, binary or structured mode). Responds with 204, or with a problem, after which the event is delivered again. */
export async function handleEvent(
	instance: Instance,
	req: IncomingMessage,
	res: ServerResponse,
	body: Buffer,
): Promise<void> {
	await analyseObject(instance, eventFrom(req, body));
	res.writeHead(204).end();
}

const attributes = ['id', 'type', 'source', 'specversion'];

function eventFrom({ headers }: IncomingMessage, body: Buffer): object {
	const value = parseObject(body);
	if (attributes.every((name) => headers[`ce-${name}`]))
		return { ...Object.fromEntries(attributes.map((name) => [name, headers[`ce-${name}`]])), data: value };
	if (attributes.every((name) => name in value)) return value;
	throw new AnalysisError('usage', 'request', 'expected a CloudEvent 1.0 in binary or structured mode');
}

function parseObject(body: Buffer): object {
	try {
		const value: unknown = JSON.parse(body.toString());
		if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
	} catch {}
	throw new AnalysisError('usage', 'request', 'the body is not a JSON object');
}
