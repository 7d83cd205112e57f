import { z } from 'zod';
import * as events from '../contract/events.ts';
import { annotatedCopySchema, jobSchema } from '../contract/job.ts';
import * as plans from '../contract/plan.ts';
import * as provenance from '../contract/provenance.ts';
import * as reports from '../contract/report.ts';
import * as service from '../contract/service.ts';
import {
	linkRequestSchema,
	uploadProgressSchema,
	uploadRequestSchema,
	uploadTicketSchema,
} from '../contract/upload.ts';

type Named = Readonly<Record<string, z.ZodType>>;

const requests = (maxBytes: number): Named => ({
	UploadRequest: uploadRequestSchema.extend({ sizeBytes: uploadRequestSchema.shape.sizeBytes.max(maxBytes) }),
	UploadLink: linkRequestSchema,
	AnalysisRequest: plans.analysisRequestSchema,
	AnalysisForm: plans.analysisFormSchema,
	RequestPlan: plans.wirePlanSchema,
	Tier: plans.tierSchema,
});

const answers: Named = {
	UploadTicket: uploadTicketSchema,
	UploadProgress: uploadProgressSchema,
	ServiceEvent: events.serviceEventSchema,
	Job: jobSchema,
	AnnotatedCopy: annotatedCopySchema,
	Video: z.string().meta({ format: 'binary' }),
	Report: reports.reportSchema,
	Failure: reports.failureSchema,
	Models: service.modelsSchema,
	Service: service.serviceSchema,
	Ready: service.readySchema,
	WebhookSecret: service.webhookSecretSchema,
	KeySet: service.keySetSchema,
	SigningKey: service.keySetSchema.shape.keys.element,
	Problem: service.problemSchema,
	Health: z.object({ status: z.literal('ok') }),
	Text: z.string(),
	Document: z.looseObject({ openapi: z.string() }),
};

/** Parts of responses, so that generated clients have names for them. */
const parts: Named = {
	Tier: plans.tierSchema,
	Plan: plans.planSchema,
	VideoInfo: reports.videoInfoSchema,
	Box: reports.boxSchema,
	Quality: reports.qualitySchema,
	Outcome: reports.outcomeSchema,
	Reason: reports.reasonSchema,
	FaceEntry: reports.faceEntrySchema,
	HeatMap: reports.heatMapSchema,
	Moment: reports.momentSchema,
	Segment: reports.segmentSchema,
	TrackReport: reports.trackReportSchema,
	FileNote: reports.fileNoteSchema,
	Coverage: reports.coverageSchema,
	Environment: reports.reportSchema.shape.environment,
	ErrorRate: reports.errorRateSchema,
	ErrorRates: reports.reportSchema.shape.errorRates,
	Thresholds: reports.reportSchema.shape.thresholds,
	Span: reports.spanSchema,
	Provenance: provenance.provenanceSchema,
	ContentCredentials: provenance.credentialsSchema,
	CredentialManifest: provenance.credentialManifestSchema,
	CredentialAction: provenance.credentialActionSchema,
	CredentialIngredient: provenance.credentialManifestSchema.shape.ingredients.element,
	ContainerFacts: provenance.containerFactsSchema,
	ProvenanceHint: provenance.provenanceHintSchema,
	ReportSignature: reports.reportSignatureSchema,
	ReportTimeStamp: reports.reportTimeStampSchema,
	PublicKey: reports.reportSignatureSchema.shape.key,
	Stability: reports.stabilitySchema,
	ChangedCopy: reports.stabilitySchema.shape.copies.element,
	Headline: reports.headlineSchema,
	Verdict: reports.verdictSchema,
	UploadTarget: uploadTicketSchema.shape.upload,
	Classifier: reports.reportSchema.shape.classifier.unwrap().unwrap(),
	Model: service.modelsSchema.shape.models.element,
	ServiceLimits: service.serviceSchema.shape.limits,
	SuspiciousSegment: reports.verdictSchema.shape.segments.unwrap().element,
	Metric: service.metricSchema,
	Speed: service.speedSchema,
	...optionsOf('type', events.serviceEventSchema, 'Event'),
	...optionsOf('key', reports.headlineSchema, 'Headline'),
};

/** All wire schemas as JSON Schema 2020-12, by name; they refer to each other by name. */
export function documentSchemas(maxBytes: number): Record<string, object> {
	return { ...jsonSchemas(requests(maxBytes), 'input'), ...jsonSchemas({ ...answers, ...parts }, 'output') };
}

/** The options of a union, named after their discriminator: `QueuedEvent`, `TooFewFramesHeadline`. */
function optionsOf(key: string, { options }: { readonly options: readonly z.ZodObject[] }, ending: string): Named {
	const nameOf = (option: z.ZodObject) => {
		const words = String((option.shape[key] as z.ZodLiteral).value).split('-');
		return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}${ending}`;
	};
	return Object.fromEntries(options.map((option) => [nameOf(option), option]));
}

function jsonSchemas(schemas: Named, io: 'input' | 'output'): Record<string, object> {
	const registry = z.registry<{ id: string }>();
	for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
	const uri = (id: string) => `#/components/schemas/${id}`;
	const made = z.toJSONSchema(registry, { io, uri, override: ({ jsonSchema }) => simplifyTuple(jsonSchema) });
	return Object.fromEntries(
		Object.entries(made.schemas).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
	);
}

/** Rewrites a tuple of identical members as an array of that length, which more programs understand than `prefixItems`. */
function simplifyTuple(schema: { prefixItems?: unknown; items?: unknown }): void {
	const members = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
	if (new Set(members.map((member) => JSON.stringify(member))).size !== 1) return;
	delete schema.prefixItems;
	schema.items = members[0];
}
