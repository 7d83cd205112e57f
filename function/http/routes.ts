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
import type { Answer, Parameter, Route, SchemaName } from './route.ts';
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
	description: 'The id that POST /v1/uploads gave; an analysis has the id of its upload.',
	schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
};

const json = (status: number, schema: SchemaName, description: string, example?: unknown): Answer => ({
	status,
	description,
	content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
});

/** By `Accept`; client generators know the second type only. */
const videoContent = {
	'video/mp4': { schema: 'Video' },
	'application/octet-stream': { schema: 'Video' },
} as const;

/** How an analysis can fail once it was begun: everything but what only the wire or the arguments can be wrong with. */
const analysisFailures = (Object.keys(errorTable) as ErrorCode[]).filter(
	(code) => errorTable[code].exit >= 3 || code === 'part-outside',
);

const free = { scope: null, isLimited: false, parameters: [], body: null, problems: [] } as const;
const limited = { ...free, isLimited: true } as const;
const toAnalyse = { ...limited, scope: 'analyse' } as const;
const toRead = { ...limited, scope: 'read' } as const;

/** Every address of the API. */
export const routes: readonly Route[] = [
	{
		...toAnalyse,
		method: 'post',
		path: '/v1/uploads',
		operationId: 'createUpload',
		summary: 'Begin an upload',
		description:
			'Gives an id and a signed address; send the bytes there with PUT and the given headers, whole or in parts (see `resumable`), then ask for the analysis. With `url`, the service fetches the file itself: 202, and `Location` tells how far it got.',
		parameters: [
			{
				name: 'Idempotency-Key',
				in: 'header',
				description: 'The same key and body get the same answer as long as the upload address is valid.',
				schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
			},
		],
		body: {
			schema: 'UploadRequest',
			or: 'UploadLink',
			example: { fileName: 'interview.mp4', sizeBytes: 7340032, contentType: 'video/mp4' },
		},
		answers: [
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
			json(202, 'UploadProgress', 'The link is being fetched; `Location` tells how far', exampleProgress),
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
		summary: 'How far an upload got',
		description: 'Of a link that could not be fetched, the problem.',
		parameters: [idParameter],
		answers: [json(200, 'UploadProgress', 'It arrives, or is complete', exampleProgress)],
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
		description: `Begins the analysis of a complete upload, or joins it where it runs with the same plan. A form brings the file itself: it becomes an upload, and \`Location\` names the analysis. As a stream, the events begin with \`accepted\` and end with \`report\` or \`failed\`; a stream that ends otherwise was cut. Whoever leaves for longer than a few seconds cancels the work, unless others follow it, or it is a job (\`async\`, or \`Prefer: respond-async\`). The sentence of the verdict is in the language that \`Accept-Language\` prefers, ${languagesInEnglish()}.`,
		parameters: [
			{
				name: 'Prefer',
				in: 'header',
				description: '`respond-async` asks for 202 and a job (RFC 7240); only where JSON is accepted.',
				schema: { type: 'string' },
			},
		],
		body: {
			schema: 'AnalysisRequest',
			form: 'AnalysisForm',
			example: { uploadId: exampleId, plan: { frames: 40 } },
		},
		answers: [
			{
				status: 200,
				description:
					'The report, or by `Accept` every event as it happens: server-sent events (`event` is the type, `data` a ServiceEvent), or a ServiceEvent a line; empty lines and comments only keep the connection.',
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
			json(202, 'Job', 'It is a job, and goes on without a reader; `Location` is where its report will be', exampleJob),
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
			'A failure that trying again would meet again, or that a job ended with, is stored too and answered as its problem. A job that the service was stopped in the middle of is `analysis-interrupted`: ask for it again.',
		parameters: [idParameter],
		answers: [json(200, 'Report', 'The report'), json(202, 'Job', 'The job has not ended', exampleJob)],
		problems: analysisFailures,
		handle: readAnalysis,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/analyses/{id}/annotated',
		operationId: 'readAnnotated',
		summary: 'A copy of the video with the report drawn in',
		description:
			'Boxes, scores and a timeline in the picture, sound kept, as long as the upload is kept (`keepUpload`). It is drawn when it is first asked for, in the language of `Accept-Language`: 202 until it is there. Ranges are answered with 206.',
		parameters: [
			idParameter,
			{
				name: 'Range',
				in: 'header',
				description: 'A range of bytes (RFC 9110, section 14).',
				schema: { type: 'string' },
			},
		],
		answers: [
			{ status: 200, description: 'The copy, MP4', content: videoContent },
			json(202, 'AnnotatedCopy', 'It is being drawn', { id: exampleId, state: 'drawing', share: 0.4 }),
			{ status: 206, description: 'A range of it', content: videoContent },
		],
		problems: ['range-outside', ...analysisFailures],
		handle: readAnnotated,
	},
	{
		...toAnalyse,
		method: 'delete',
		path: '/v1/analyses/{id}',
		operationId: 'deleteAnalysis',
		summary: 'Delete a report and its upload',
		description: 'Cancels the analysis first where it runs.',
		parameters: [idParameter],
		answers: [{ status: 204, description: 'Nothing of it is left', content: null }],
		problems: ['report-not-found', 'store-failed', 'write-failed'],
		handle: deleteAnalysis,
	},
	{
		...toAnalyse,
		method: 'get',
		path: '/v1/webhooks/secret',
		operationId: 'readWebhookSecret',
		summary: 'The secret that webhooks of this API key are signed with',
		description: 'Verify every webhook with it, by the Standard Webhooks specification (standardwebhooks.com).',
		answers: [json(200, 'WebhookSecret', 'The secret')],
		problems: ['webhooks-off'],
		handle: readWebhookSecret,
	},
	{
		...toRead,
		method: 'get',
		path: '/v1/models',
		operationId: 'readModels',
		summary: 'The models and what was measured of them',
		answers: [json(200, 'Models', 'Every model file that the manifest lists')],
		problems: ['model-missing', 'model-damaged', 'model-unknown', 'tier-missing'],
		handle: readModelList,
	},
	{
		...limited,
		method: 'get',
		path: '/v1/service',
		operationId: 'readService',
		summary: 'Limits and whether a key is needed',
		answers: [json(200, 'Service', 'What a client should know before it sends anything')],
		handle: readService,
	},
	{
		...limited,
		method: 'get',
		path: '/.well-known/jwks.json',
		operationId: 'readKeySet',
		summary: 'The public keys that reports are signed with',
		description: 'A JWK set (RFC 7517); empty where reports are not signed.',
		answers: [json(200, 'KeySet', 'The keys')],
		handle: readKeySet,
	},
	{
		...free,
		method: 'get',
		path: '/healthz',
		operationId: 'readHealth',
		summary: 'Whether the process answers',
		answers: [json(200, 'Health', 'It does', { status: 'ok' })],
		handle: readHealth,
	},
	{
		...free,
		method: 'get',
		path: '/readyz',
		operationId: 'readReadiness',
		summary: 'Whether an analysis can begin',
		answers: [
			json(200, 'Ready', 'Models are loaded and tested, the store answers'),
			json(503, 'Ready', 'It is starting, stopping, or something is missing'),
		],
		handle: readReadiness,
	},
	{
		...limited,
		scope: 'admin',
		method: 'get',
		path: '/metrics',
		operationId: 'readMetrics',
		summary: "Counts and times in Prometheus' text format",
		answers: [{ status: 200, description: 'Metrics', content: { 'text/plain': { schema: 'Text' } } }],
		handle: readMetrics,
	},
	{
		...limited,
		method: 'get',
		path: '/openapi.json',
		operationId: 'readDocument',
		summary: 'This document',
		answers: [json(200, 'Document', 'OpenAPI 3.1')],
		handle: readDocument,
	},
];
