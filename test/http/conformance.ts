import { z } from 'zod';
import { createDocument } from '../../function/http/openapi.ts';
import { routes } from '../../function/http/routes.ts';

type Media = { readonly schema: object };
type Documented = {
	readonly content?: Readonly<Record<string, Media>>;
	readonly 'x-codes'?: readonly string[];
};
type Operation = {
	readonly security?: object;
	readonly responses: Readonly<Record<string, Documented>>;
};

/** The OpenAPI document as clients see it. */
export const document: {
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
	readonly components: { readonly schemas: Readonly<Record<string, object>> };
} = JSON.parse(JSON.stringify(createDocument(routes, { needsKey: false, maxBytes: 8 * 1024 ** 3 })));

/** A response as received. */
export type Answer = { readonly status: number; readonly type: string | null; readonly text: string };

/** How a response violates the document; null = it conforms. Unknown paths and methods may respond with any problem. */
export function faultOfAnswer(method: string, path: string, { status, type, text }: Answer): string | null {
	const operation = operationAt(path)?.[method === 'HEAD' ? 'get' : method.toLowerCase()];
	if (!operation) return type === 'application/problem+json' ? faultOfBody(schemaNamed('Problem'), text) : null;
	const documented = operation.responses[status];
	if (!documented) return `status ${status} is not documented`;
	if (!documented.content) return text === '' ? null : 'a body that is not documented';
	const mediaType = (type ?? '').split(';')[0] ?? '';
	const media = documented.content[mediaType];
	if (!media) return `${mediaType || 'no media type'} is not documented for ${status}`;
	if (method === 'HEAD' || !mediaType.endsWith('json')) return null;
	if (mediaType === 'application/problem+json') {
		const { code, status: reported } = JSON.parse(text);
		if (reported !== status || !documented['x-codes']?.includes(code)) return `${code} is not documented for ${status}`;
	}
	return mediaType === 'application/x-ndjson' ? null : faultOfBody(media.schema, text);
}

/** How an event violates the document; null = it conforms. */
export const faultOfEvent = (text: string) => faultOfBody(schemaNamed('ServiceEvent'), text);

function operationAt(path: string) {
	const isAt = (pattern: string) => new RegExp(`^${pattern.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);
	return Object.entries(document.paths).find(([pattern]) => isAt(pattern))?.[1];
}

const schemaNamed = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function faultOfBody(schema: object, text: string): string | null {
	const key = JSON.stringify(schema);
	const checked = checks.get(key) ?? checkOf(schema);
	checks.set(key, checked);
	const parsed = checked.safeParse(JSON.parse(text));
	return parsed.success ? null : `${parsed.error.message} in ${text.slice(0, 500)}`;
}

const checks = new Map<string, z.ZodType>();

/** Follows only references to `$defs`. */
function checkOf(schema: object): z.ZodType {
	const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
	return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')));
}
