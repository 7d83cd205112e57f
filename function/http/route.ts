import type { Request, Response } from 'express';
import type { ErrorCode } from '../errors.ts';
import type { Scope } from './api-keys.ts';
import type { Client } from './client.ts';
import type { Instance } from './instance.ts';
import type { RequestRecord } from './request-record.ts';
import type { UploadLimits } from './uploads/handle-upload.ts';

/** A request and everything that a handler needs to answer it. */
export type Exchange = {
	readonly instance: Instance;
	readonly req: Request & { rawBody?: Buffer };
	readonly res: Response;
	readonly client: Client;
	readonly record: RequestRecord;
	readonly limits: UploadLimits;
	/** The OpenAPI document as text. */
	readonly document: string;
};

/** Answers a request; an error becomes a problem. */
export type Handler = (exchange: Exchange) => Promise<void>;

/** Names of the schemas in the OpenAPI document. */
export type SchemaName =
	| 'UploadRequest'
	| 'UploadTicket'
	| 'UploadLink'
	| 'UploadProgress'
	| 'AnalysisRequest'
	| 'AnalysisForm'
	| 'ServiceEvent'
	| 'Job'
	| 'AnnotatedCopy'
	| 'Video'
	| 'Report'
	| 'Models'
	| 'Service'
	| 'Health'
	| 'Ready'
	| 'WebhookSecret'
	| 'KeySet'
	| 'Problem'
	| 'Text'
	| 'Document';

/** A response other than a problem. */
export type RouteResponse = {
	readonly status: number;
	readonly description: string;
	/** By media type; null = no body. */
	readonly content: Readonly<Record<string, ResponseContent>> | null;
	/** Operations that can use values of this response (spec.openapis.org/oas/v3.1.1, section 4.8.20). */
	readonly links?: Readonly<Record<string, object>>;
};

/** A response body, or a stream of items, with that schema. */
type ResponseContent = { readonly schema: SchemaName; readonly isStream?: true; readonly example?: unknown };

/** A header or path parameter. */
export type Parameter = {
	readonly name: string;
	readonly in: 'path' | 'header';
	readonly description: string;
	readonly schema: Readonly<Record<string, unknown>>;
};

/** A row of the table behind the router, the OpenAPI document and the 405 responses. */
export type Route = {
	readonly method: 'get' | 'post' | 'delete';
	/** Parts in braces are parameters. */
	readonly path: `/${string}`;
	readonly operationId: string;
	readonly summary: string;
	readonly description?: string;
	/** Scope that an API key needs; null = no key needed. */
	readonly scope: Scope | null;
	/** Whether requests count towards the rate limit. */
	readonly isLimited: boolean;
	readonly parameters: readonly Parameter[];
	readonly body: {
		readonly schema: SchemaName;
		/** Alternative schema. */
		readonly or?: SchemaName;
		readonly example: unknown;
		readonly form?: SchemaName;
	} | null;
	readonly responses: readonly RouteResponse[];
	/** The route's own codes; those common to every route are added. */
	readonly problems: readonly ErrorCode[];
	readonly handle: Handler;
};
