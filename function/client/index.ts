/** `unmask/client`: the client library for programs and web pages. It only needs `fetch`. */
export type { AnalysisEvent, ServiceEvent } from '../contract/events.ts';
export type { Job } from '../contract/job.ts';
export type { AnalysisRequestInput, WirePlan, WirePlanInput } from '../contract/plan.ts';
export type { FaceEntry, Failure, Headline, Moment, Report, TrackReport, Verdict } from '../contract/report.ts';
export type { Models, Problem, Ready, Service } from '../contract/service.ts';
export type { LinkRequest, UploadProgress, UploadTicket } from '../contract/upload.ts';
export {
	type CallOptions,
	type Client,
	type ClientOptions,
	createClient,
	type FileEvent,
	type FileOptions,
	type SentFile,
} from './create-client.ts';
export type { SendProgress, SendState, TicketMemory } from './file-sender.ts';
export type { FollowEvent } from './follow-analysis.ts';
export type { Machine } from './machine.ts';
export { type Fault, type ProblemCode, ProblemError } from './problem-error.ts';
export type { BytesAnswer, BytesRequest, SendBytes } from './send-bytes.ts';
