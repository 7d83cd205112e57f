import { languagesInEnglish } from '../answer/languages.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { createAnalysis, deleteAnalysis, readAnalysis } from './handle-analyses.ts';
import { readAnnotated } from './handle-annotated.ts';
import {
	readDocument,
	readHealth,
	readKeySet,
	readMetrics,
	readModelList,
	readReadiness,
	readService,
	readWebhookSecret,
} from './handle-status.ts';
import type { Parameter, Route, RouteResponse, SchemaName } from './route.ts';
import { createUpload } from './uploads/create-upload.ts';
import { readUpload } from './uploads/read-upload.ts';

const exampleId = '5f0c1d7e9a3b4c6d8e2f1a0b3c4d5e6f';

const exampleJob = { id: exampleId, state: 'queued', position: 3, progress: null };

const exampleProgress = {
	...{ id: exampleId, fileName: 'interview.mp4', state: 'arriving' },
	...{ receivedBytes: 1048576, sizeBytes: 7340032 },
};

const idParameter: Parameter = {
	name: 'id',
	in: 'path',
	description: 'The id returned by POST /v1/uploads; an analysis has the id of its upload.',
	schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const json = (status: number, schema: SchemaName, description: string, example?: unknown): RouteResponse => ({
	status,
	description,
	content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
});

/** Chosen by `Accept`; client generators only know the second type. */
const videoContent = {
	'video/mp4': { schema: 'Video' },
	'application/octet-stream': { schema: 'Video' },
} as const;

/** Codes with which a started analysis can fail: all but those for faults of the request or the arguments. */
const analysisFailures = (Object.keys(errorTable) as ErrorCode[]).filter(
	(code) => errorTable[code].exit >= 3 || code === 'part-outside',
);

const free = { scope: null, isLimited: false, parameters: [], body: null, problems: [] } as const;
const limited = { ...free, isLimited: true } as const;
const toAnalyse = { ...limited, scope: 'analyse' } as const;
const toRead = { ...limited, scope: 'read' } as const;

/** Every route of the API. */
export const routes: readonly Route[] = [
	{
		...toAnalyse,
		method: 'post',
		path: '/v1/uploads',
		operationId: 'createUpload',
		summary: 'Start an upload',
		description:
			'Returns an id and a signed address. Send the bytes there with PUT and the given headers, in one request or in parts (see `resumable`), then request the analysis. With `url`, the service fetches the file itself: it responds with 202, and `Location` is the address of the progress.',
		parameters: [
			{
				name: 'Idempotency-Key',
				in: 'header',
				description: 'The same key and body get the same response for as long as the upload address is valid.',
				schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
			},
		],
		body: {
			schema: 'UploadRequest',
			or: 'UploadLink',
			example: { fileName: 'interview.mp4', sizeBytes: 7340032, contentType: 'video/mp4' },
		},
		responses: [
			{
				...json(201, 'UploadTicket', 'Where to send the bytes', {
					id: exampleId,
					upload: {
						method: 'PUT',
						url: `http://localhost:8080/store/uploads/${exampleId}?signature=...`,
						headers: { 'Content-Type': 'video/mp4' },
						resumable: true,
						expiresAt: '2026-11-25T10:00:00.000Z',
					},
				}),
				links: {
					analyse: { operationId: 'createAnalysis', requestBody: { uploadId: '$response.body#/id' } },
					delete: { operationId: 'deleteAnalysis', parameters: { id: '$response.body#/id' } },
				},
			},
			json(
				202,
				'UploadProgress',
				'The link is being fetched; `Location` is the address of the progress',
				exampleProgress,
			),
		],
		problems: [
			'usage',
			'media-type-unsupported',
			'links-off',
			'url-refused',
			'queue-full',
			'file-too-large',
			'key-reused',
			'shutting-down',
			'store-failed',
			'write-failed',
		],
		handle: createUpload,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/uploads/{id}',
		operationId: 'readUpload',
		summary: 'Read the progress of an upload',
		description: 'If a link could not be fetched, the response is the problem.',
		parameters: [idParameter],
		responses: [json(200, 'UploadProgress', 'The upload is arriving or complete', exampleProgress)],
		problems: [
			...(['upload-not-found', 'store-failed', 'write-failed', 'url-refused', 'url-unreachable', 'cancelled'] as const),
			'page-unsupported',
			...(['file-empty', 'file-too-large', 'not-a-video', 'playlist-refused', 'no-video-stream'] as const),
		],
		handle: readUpload,
	},
	{
		...toAnalyse,
		method: 'post',
		path: '/v1/analyses',
		operationId: 'createAnalysis',
		summary: 'Analyse an upload',
		description: `Starts the analysis of a complete upload, or joins it if it is already running with the same plan. A form contains the file itself: the file becomes an upload, and \`Location\` is the address of the analysis. A stream of events starts with \`accepted\` and ends with \`report\` or \`failed\`; a stream that ends otherwise was cut off. If a client disconnects for longer than a few seconds, the analysis is cancelled, unless other clients follow it or it is a job (\`async\`, or \`Prefer: respond-async\`). \`Accept-Language\` selects the language of the verdict's sentence: ${languagesInEnglish()}.`,
		parameters: [
			{
				name: 'Prefer',
				in: 'header',
				description: '`respond-async` requests 202 and a job (RFC 7240); only if JSON is accepted.',
				schema: { type: 'string' },
			},
		],
		body: {
			schema: 'AnalysisRequest',
			form: 'AnalysisForm',
			example: { uploadId: exampleId, plan: { frames: 40 } },
		},
		responses: [
			{
				status: 200,
				description:
					'The report, or, depending on `Accept`, every event as it happens: either server-sent events (`event` is the type, `data` a ServiceEvent) or one ServiceEvent per line. Empty lines and comments only keep the connection alive.',
				content: {
					'application/json': { schema: 'Report' },
					'text/event-stream': {
						schema: 'ServiceEvent',
						isStream: true,
						example: `event: accepted\ndata: {"type":"accepted","id":"${exampleId}"}\n\nevent: queued\ndata: {"type":"queued","position":1}\n\n`,
					},
					'application/x-ndjson': {
						schema: 'ServiceEvent',
						isStream: true,
						example: `{"type":"accepted","id":"${exampleId}"}\n{"type":"queued","position":1}\n`,
					},
				},
				links: {
					read: { operationId: 'readAnalysis', parameters: { id: '$request.body#/uploadId' } },
					delete: { operationId: 'deleteAnalysis', parameters: { id: '$request.body#/uploadId' } },
				},
			},
			json(
				202,
				'Job',
				'The analysis is a job and continues without a client; `Location` is the address of its report',
				exampleJob,
			),
		],
		problems: ['usage', 'not-acceptable', 'media-type-unsupported', 'webhooks-off', 'url-refused', ...analysisFailures],
		handle: createAnalysis,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/analyses/{id}',
		operationId: 'readAnalysis',
		summary: 'Read a stored report',
		description:
			'A failure is stored too if a retry would fail in the same way, or if it ended a job; the response is then its problem. If the service was stopped in the middle of a job, the problem is `analysis-interrupted`: request the analysis again.',
		parameters: [idParameter],
		responses: [json(200, 'Report', 'The report'), json(202, 'Job', 'The job has not ended', exampleJob)],
		problems: analysisFailures,
		handle: readAnalysis,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/analyses/{id}/annotated',
		operationId: 'readAnnotated',
		summary: 'Read a copy of the video with the report drawn in',
		description:
			'The copy shows boxes, scores and a timeline, and keeps the sound. It is available as long as the upload is kept (`keepUpload`). The first request starts the drawing, in the language of `Accept-Language`; the response is 202 until the copy is finished. Range requests get 206.',
		parameters: [
			idParameter,
			{
				name: 'Range',
				in: 'header',
				description: 'A byte range (RFC 9110, section 14).',
				schema: { type: 'string' },
			},
		],
		responses: [
			{ status: 200, description: 'The copy as MP4', content: videoContent },
			json(202, 'AnnotatedCopy', 'The copy is being drawn', { id: exampleId, state: 'drawing', share: 0.4 }),
			{ status: 206, description: 'A range of the copy', content: videoContent },
		],
		problems: ['range-outside', 'precondition-failed', ...analysisFailures],
		handle: readAnnotated,
	},
	{
		...toAnalyse,
		method: 'delete',
		path: '/v1/analyses/{id}',
		operationId: 'deleteAnalysis',
		summary: 'Delete a report and its upload',
		description: 'Cancels the analysis first if it is running.',
		parameters: [idParameter],
		responses: [{ status: 204, description: 'Everything has been deleted', content: null }],
		problems: ['report-not-found', 'store-failed', 'write-failed'],
		handle: deleteAnalysis,
	},
	{
		...toAnalyse,
		method: 'get',
		path: '/v1/webhooks/secret',
		operationId: 'readWebhookSecret',
		summary: 'Read the secret that signs the webhooks of this API key',
		description:
			'Use it to verify every webhook, as described by the Standard Webhooks specification (standardwebhooks.com).',
		responses: [json(200, 'WebhookSecret', 'The secret')],
		problems: ['webhooks-off'],
		handle: readWebhookSecret,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/models',
		operationId: 'readModels',
		summary: 'List the models and their measured quality',
		responses: [json(200, 'Models', 'Every model file that the manifest lists')],
		problems: ['model-missing', 'model-damaged', 'model-unknown', 'tier-missing'],
		handle: readModelList,
	},
	{
		...limited,
		method: 'get',
		path: '/v1/service',
		operationId: 'readService',
		summary: 'Read the limits, and whether a key is needed',
		responses: [json(200, 'Service', 'What a client should know before it sends a file')],
		handle: readService,
	},
	{
		...limited,
		method: 'get',
		path: '/.well-known/jwks.json',
		operationId: 'readKeySet',
		summary: 'Read the public keys of report signatures',
		description: 'A JWK set (RFC 7517); empty if reports are not signed.',
		responses: [json(200, 'KeySet', 'The keys')],
		handle: readKeySet,
	},
	{
		...free,
		method: 'get',
		path: '/healthz',
		operationId: 'readHealth',
		summary: 'Check whether the process responds',
		responses: [json(200, 'Health', 'The process responds', { status: 'ok' })],
		handle: readHealth,
	},
	{
		...free,
		method: 'get',
		path: '/readyz',
		operationId: 'readReadiness',
		summary: 'Check whether an analysis can start',
		responses: [
			json(200, 'Ready', 'The models are loaded and tested, and the store responds'),
			json(503, 'Ready', 'The service is starting or stopping, or something is missing'),
		],
		handle: readReadiness,
	},
	{
		...limited,
		scope: 'admin',
		method: 'get',
		path: '/metrics',
		operationId: 'readMetrics',
		summary: 'Read the metrics in the Prometheus text format',
		responses: [{ status: 200, description: 'Metrics', content: { 'text/plain': { schema: 'Text' } } }],
		handle: readMetrics,
	},
	{
		...limited,
		method: 'get',
		path: '/openapi.json',
		operationId: 'readDocument',
		summary: 'Read this document',
		responses: [json(200, 'Document', 'OpenAPI 3.1')],
		handle: readDocument,
	},
];
