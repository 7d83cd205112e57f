import { type ErrorCode, errorTable } from '../errors.ts';
import { documentSchemas } from './document-schemas.ts';
import type { Answer, Route, SchemaName } from './route.ts';
import { toolVersion } from './tool-version.ts';

/** What differs between two services of one version. */
export type DocumentFacts = {
	/** Whether requests need an API key. */
	readonly needsKey: boolean;
	/** Largest upload, bytes. */
	readonly maxBytes: number;
};

const refTo = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });

/** The OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1) of a table of routes, its schemas those that the code checks with. */
export function createDocument(routes: readonly Route[], facts: DocumentFacts): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, facts) };
	return {
		openapi: '3.1.1',
		info: {
			title: 'Unmask',
			version: toolVersion,
			description:
				'Finds every face in a video, follows each person, and tells whether a face was manipulated and how sure that can be. Begin an upload, send the bytes to the signed address, then ask for the analysis.',
			contact: { name: 'Unmask' },
			license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
		},
		servers: [{ url: '/' }],
		security: [],
		tags,
		paths,
		components: {
			schemas: documentSchemas(facts.maxBytes),
			...(facts.needsKey && {
				securitySchemes: {
					bearer: { type: 'http', scheme: 'bearer', description: 'An API key of this service.' },
					apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key.' },
				},
			}),
		},
	};
}

const tags = [
	{ name: 'uploads', description: 'Bringing files: from their sender, or from a link.' },
	{ name: 'analyses', description: 'Analysing them, as a stream, at once, or as a job.' },
	{ name: 'webhooks', description: 'Being told when a job has ended.' },
	{ name: 'service', description: 'What the service is and how it is doing.' },
];

/** The tag of a route: the noun of its path. */
function tagOf({ path }: Route): string {
	const noun = path.split('/')[2] ?? '';
	return tags.some(({ name }) => name === noun) ? noun : 'service';
}

/** An example that this service takes. */
function exampleOf(example: unknown, maxBytes: number): unknown {
	const { sizeBytes } = example as { sizeBytes?: number };
	return sizeBytes === undefined ? example : { ...(example as object), sizeBytes: Math.min(sizeBytes, maxBytes) };
}

function operationOf(route: Route, { needsKey, maxBytes }: DocumentFacts): object {
	const { operationId, summary, description, parameters, body } = route;
	return {
		operationId,
		tags: [tagOf(route)],
		summary,
		description: description ?? `${summary}.`,
		...(route.scope !== null && needsKey && { security: [{ bearer: [] }, { apiKey: [] }], 'x-scope': route.scope }),
		...(parameters.length > 0 && {
			parameters: parameters.map((parameter) => ({ ...parameter, required: parameter.in === 'path' })),
		}),
		...(body && {
			requestBody: {
				required: true,
				content: {
					'application/json': {
						schema: body.or ? { oneOf: [refTo(body.schema), refTo(body.or)] } : refTo(body.schema),
						example: exampleOf(body.example, maxBytes),
					},
					...(body.form && { 'multipart/form-data': { schema: refTo(body.form) } }),
				},
			},
		}),
		responses: responsesOf(route),
	};
}

const requestIdHeader = {
	'x-request-id': { description: 'To find the request in the logs.', schema: { type: 'string' } },
};
const retryAfterHeader = {
	'retry-after': { description: 'Whole seconds.', schema: { type: 'string', pattern: '^[0-9]+$' } },
};

function responsesOf(route: Route): Record<string, object> {
	const codes = problemsOf(route);
	const responses: Record<string, object> = {};
	for (const status of new Set(codes.map((code) => errorTable[code].status)))
		responses[status] = problemResponse(
			status,
			codes.filter((code) => errorTable[code].status === status),
		);
	for (const answer of route.answers)
		responses[answer.status] = merged(answerResponse(answer), responses[answer.status]);
	return responses;
}

/** Codes that a route can answer with, those of every route included. */
function problemsOf({ problems, scope, isLimited }: Route): readonly ErrorCode[] {
	const common: ErrorCode[] = ['request-slow', 'body-too-large', 'host-unknown', 'internal'];
	if (scope !== null) common.push('unauthorised', 'scope-missing');
	if (isLimited) common.push('rate-limited');
	return [...new Set([...problems, ...common])].sort();
}

function problemResponse(status: number, codes: readonly ErrorCode[]): object {
	return {
		description: codes.map((code) => `\`${code}\`: ${errorTable[code].sentence}`).join('\n\n'),
		// one schema for every problem, or generated clients could read none
		'x-codes': codes,
		headers: { ...requestIdHeader, ...((status === 429 || status === 503) && retryAfterHeader) },
		content: {
			'application/problem+json': { schema: refTo('Problem') },
		},
	};
}

function answerResponse({ description, content, links }: Answer): object {
	const media = Object.entries(content ?? {}).map(([type, { schema, isStream, ...rest }]) => [
		type,
		// OpenAPI 3.1 has no word for a stream: a text, and what it is made of (JSON Schema 2020-12, validation, section 8.5)
		{
			schema: isStream ? { type: 'string', contentMediaType: type, contentSchema: refTo(schema) } : refTo(schema),
			...rest,
		},
	]);
	return {
		description,
		headers: requestIdHeader,
		...(content && { content: Object.fromEntries(media) }),
		...(links && { links }),
	};
}

/** Two answers of one status: what they may hold, together. */
function merged(
	first: { content?: object; headers?: object },
	second: { content?: object; headers?: object } | undefined,
) {
	if (!second) return first;
	return {
		...first,
		headers: { ...first.headers, ...second.headers },
		content: { ...first.content, ...second.content },
	};
}
