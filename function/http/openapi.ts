import { type ErrorCode, errorTable } from '../errors.ts';
import { documentSchemas } from './document-schemas.ts';
import type { Route, RouteResponse, SchemaName } from './route.ts';
import { toolVersion } from './tool-version.ts';

/** What differs between services of the same version. */
export type DocumentFacts = {
	/** Whether an API key is required. */
	readonly needsKey: boolean;
	/** Maximum upload size, bytes. */
	readonly maxBytes: number;
};

const refTo = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });

/** Creates the OpenAPI 3.1 document (spec.openapis.org/oas/v3.1.1) from the table of routes and the schemas that validate the wire. */
export function createDocument(routes: readonly Route[], facts: DocumentFacts): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, facts) };
	return {
		openapi: '3.1.1',
		info: {
			title: 'Unmask',
			version: toolVersion,
			description:
				'Finds every face in a video, tracks each person, and estimates whether a face was manipulated and how certain that is. Start an upload, send the bytes to the signed address, then request the analysis.',
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
					bearer: { type: 'http', scheme: 'bearer', description: 'An API key for this service.' },
					apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'The same key.' },
				},
			}),
		},
	};
}

const tags = [
	{ name: 'uploads', description: 'Upload files, or import them from a link.' },
	{ name: 'analyses', description: 'Analyse files: as a stream of events, as a single response, or as a job.' },
	{ name: 'webhooks', description: 'Get notified when a job has ended.' },
	{ name: 'service', description: 'Information about the service and its health.' },
];

/** The tag of a route: the noun in its path. */
function tagOf({ path }: Route): string {
	const noun = path.split('/')[2] ?? '';
	return tags.some(({ name }) => name === noun) ? noun : 'service';
}

/** Adapts an example so that this service accepts it. */
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
	'x-request-id': { description: 'Identifies the request in the logs.', schema: { type: 'string' } },
};
const retryAfterHeader = {
	'retry-after': {
		description: 'Whole seconds to wait before the next request.',
		schema: { type: 'string', pattern: '^[0-9]+$' },
	},
};

function responsesOf(route: Route): Record<string, object> {
	const codes = problemsOf(route);
	const responses: Record<string, object> = {};
	for (const status of new Set(codes.map((code) => errorTable[code].status)))
		responses[status] = problemResponse(
			status,
			codes.filter((code) => errorTable[code].status === status),
		);
	for (const response of route.responses)
		responses[response.status] = merged(contentResponse(response), responses[response.status]);
	return responses;
}

/** All problem codes that a route can return, including those common to every route. */
function problemsOf({ problems, scope, isLimited }: Route): readonly ErrorCode[] {
	const common: ErrorCode[] = ['request-slow', 'body-too-large', 'host-unknown', 'internal'];
	if (scope !== null) common.push('unauthorised', 'scope-missing');
	if (isLimited) common.push('rate-limited');
	return [...new Set([...problems, ...common])].sort();
}

function problemResponse(status: number, codes: readonly ErrorCode[]): object {
	return {
		description: codes.map((code) => `\`${code}\`: ${errorTable[code].sentence}`).join('\n\n'),
		// one schema for all problems, because generated clients cannot read several
		'x-codes': codes,
		headers: { ...requestIdHeader, ...((status === 429 || status === 503) && retryAfterHeader) },
		content: {
			'application/problem+json': { schema: refTo('Problem') },
		},
	};
}

function contentResponse({ description, content, links }: RouteResponse): object {
	const media = Object.entries(content ?? {}).map(([type, { schema, isStream, ...rest }]) => [
		type,
		// OpenAPI 3.1 cannot express a stream, so this is a string with a content schema (JSON Schema 2020-12, validation, section 8.5)
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

/** Merges two responses with the same status. */
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
