/** The codes of all refusals and failures. They are stable and part of the wire format. */
export type ErrorCode = keyof typeof errorTable;

/** The stage of an analysis in which an error occurred. */
export type Stage =
	| 'arguments'
	| 'environment'
	| 'request'
	| 'upload'
	| 'queue'
	| 'probe'
	| 'decode'
	| 'detect'
	| 'crop'
	| 'score'
	| 'judge'
	| 'write'
	| 'store';

type ErrorRow = {
	/** HTTP status (RFC 9110). */
	readonly status: number;
	/** Process exit code: 2 = wrong usage, 3 = the input could not be analysed, 4 = model, 5 = environment. */
	readonly exit: 2 | 3 | 4 | 5;
	/** Whether the same request can succeed later, unchanged. */
	readonly retryable: boolean;
	/** What is wrong and what to do about it, for people. */
	readonly sentence: string;
};

/** One row per code: HTTP status, exit code and the sentence for people. */
export const errorTable = {
	usage: row(400, 2, 'The command or request is not understood.'),
	'file-not-found': row(404, 3, 'There is no such file.'),
	'path-refused': row(403, 2, 'This path is outside the folders that may be read.'),
	'file-unreadable': row(403, 3, 'The file cannot be read.'),
	'not-a-file': row(422, 3, 'This is not a regular file (a folder, pipe or device cannot be analysed).'),
	'file-empty': row(422, 3, 'The file is empty.'),
	'file-changing': row(409, 3, 'The file is still being written; try again when it is complete.', true),
	'file-too-large': row(413, 3, 'The file is larger than the limit.'),
	'not-a-video': row(422, 3, 'This is not a video or picture that can be read.'),
	'playlist-refused': row(422, 3, 'This is a playlist, not a video: it names other files, and those are never opened.'),
	'archive-refused': row(422, 3, 'The archive cannot be unpacked: it is damaged, or larger than an archive may be.'),
	truncated: row(422, 3, 'The file is incomplete: its end is missing, as after a broken download.'),
	'no-video-stream': row(422, 3, 'The file contains only sound; there is no picture to analyse.'),
	'picture-too-small': row(422, 3, 'The picture is too small to hold a face.'),
	'picture-too-large': row(422, 3, 'The picture has more pixels than the limit.'),
	'video-too-long': row(422, 3, 'The video is longer than the limit; --max-duration raises it.'),
	'part-outside': row(
		422,
		2,
		'The requested part is not within the file; its times are seconds from the start of the file.',
	),
	encrypted: row(422, 3, 'The file is encrypted (DRM); only an unencrypted copy can be analysed.'),
	'codec-unsupported': row(
		422,
		3,
		'This ffmpeg cannot decode the video: convert the file to H.264, or install an ffmpeg that has the decoder.',
	),
	'decode-failed': row(422, 3, 'The video could not be decoded: it did not yield a single complete frame.'),
	'decoder-died': row(500, 3, 'The decoder stopped in the middle of the video.', true),
	'time-limit': row(504, 3, 'The analysis took longer than its limit and was stopped.', true),
	cancelled: row(499, 3, 'The analysis was cancelled.', true),
	'write-failed': row(507, 3, 'The results could not be written; no incomplete files were left behind.', true),
	'report-invalid': row(422, 3, 'This is not a report from this program.'),
	'range-outside': row(416, 2, 'The requested range is not within the file.'),
	'precondition-failed': row(412, 2, 'The file is no longer the one that If-Match or If-Unmodified-Since names.'),
	'annotate-unfit': row(422, 3, 'This file cannot be annotated.'),
	'signature-missing': row(422, 3, 'The report is not signed.'),
	'signature-invalid': row(422, 3, 'The signature does not match: the report or its key was changed after signing.'),
	'picture-changed': row(422, 3, 'A picture in the report is not the one that was signed.'),
	'signer-unknown': row(422, 3, 'The report is not signed with any of the given keys.'),
	'timestamp-invalid': row(
		422,
		3,
		'The time stamp does not match the signature, or does not come from any of the given authorities.',
	),
	'file-differs': row(422, 3, 'This is not the file that the report is about.'),
	'model-missing': row(503, 4, 'A model file is missing.'),
	'model-unknown': row(400, 4, 'There is no model of that name.'),
	'tier-missing': row(400, 4, 'No model of that tier is installed here.'),
	'model-damaged': row(
		503,
		4,
		'A model file is not the one that the manifest lists: it is truncated, changed or replaced.',
	),
	'model-failed': row(500, 4, 'A model could not be loaded or run.'),
	'model-exists': row(
		409,
		2,
		'A model of that name already exists; remove it first, or choose another name with --id.',
	),
	'model-unfit': row(422, 4, 'The inputs or outputs of the model do not match its spec.'),
	'spec-invalid': row(422, 2, 'The spec of a model is not valid.'),
	'not-weights': row(422, 4, 'This is not a weights file saved by PyTorch.'),
	'weights-truncated': row(422, 4, 'The weights file is incomplete, as after a broken download.'),
	'weights-damaged': row(422, 4, 'The weights file is inconsistent: it was damaged or changed.'),
	'weights-unsafe': row(
		422,
		4,
		'The weights file asks for more than tensors, dicts, lists, numbers and text, as a file that runs code would. It was refused, and nothing in it was run. Save weights with torch.save(model.state_dict(), FILE).',
	),
	'weights-unsupported': row(422, 4, 'Weights files of this kind are not supported.'),
	'weights-other-network': row(422, 4, 'The weights belong to a network that cannot be imported.'),
	'ffmpeg-missing': row(503, 5, 'ffmpeg was not found; `unmask doctor` explains how to install it.'),
	'provider-missing': row(503, 5, 'The requested provider (CUDA) is not available on this machine.'),
	environment: row(500, 5, 'The environment is not set up correctly.'),
	unauthorised: row(401, 2, 'An API key is needed, and this one is missing or unknown.'),
	'scope-missing': row(403, 2, 'This API key may not do that.'),
	'not-found': row(404, 2, 'There is nothing at this address.'),
	'method-not-allowed': row(405, 2, 'This address does not support that method.'),
	'host-unknown': row(421, 2, 'This service is not known by that host name; UNMASK_HOSTS adds further names.'),
	'not-acceptable': row(406, 2, 'None of the accepted media types is available here.'),
	'request-slow': row(408, 2, 'The request did not arrive in time.', true),
	'body-too-large': row(413, 2, 'The body of the request is larger than the limit.'),
	'webhooks-off': row(403, 2, 'Webhooks are off on this service; UNMASK_WEBHOOKS turns them on.'),
	'links-off': row(403, 2, 'Links are off on this service; UNMASK_LINKS turns them on.'),
	'url-refused': row(422, 2, 'Requests to this address are not allowed.'),
	'page-unsupported': row(
		422,
		3,
		'This link leads to a page, not to a file. Pages of video sites can be read if yt-dlp is installed and UNMASK_YT_DLP=on.',
	),
	'url-unreachable': row(502, 2, 'This address did not respond.', true),
	'media-type-unsupported': row(415, 2, 'The body of the request has the wrong media type.'),
	'key-reused': row(422, 2, 'This Idempotency-Key was used for another request.'),
	'rate-limited': row(429, 2, 'Too many requests in a short time; wait a little.', true),
	'queue-full': row(429, 3, 'All slots are busy and the queue is full; try again later.', true),
	'upload-not-found': row(404, 3, 'There is no such upload: it was never started, was deleted, or has expired.'),
	'upload-incomplete': row(409, 3, 'The upload is not complete yet.', true),
	'upload-refused': row(403, 3, 'The signed address does not match this upload, was changed, or has expired.'),
	'upload-mismatch': row(422, 3, 'What arrived is not what was announced.'),
	'upload-interrupted': row(
		400,
		3,
		'The connection ended before all bytes had arrived; the upload can be resumed.',
		true,
	),
	'report-not-found': row(404, 3, 'There is no such report: it was never created, or was deleted.'),
	'analysis-running': row(409, 3, 'This upload is being analysed with other settings right now.', true),
	'analysis-interrupted': row(
		500,
		3,
		'The service was stopped in the middle of this analysis; request it again.',
		true,
	),
	'inference-died': row(500, 3, 'The program that runs the models stopped in the middle of this analysis.', true),
	'not-ready': row(503, 4, 'The models are still being loaded; try again in a few seconds.', true),
	'shutting-down': row(503, 3, 'This instance is shutting down; try again.', true),
	'store-failed': row(502, 3, 'The store of uploads and reports did not respond as expected.', true),
	internal: row(500, 3, 'Something unexpected went wrong inside the program.'),
} as const satisfies Record<string, ErrorRow>;

function row(status: number, exit: ErrorRow['exit'], sentence: string, retryable = false): ErrorRow {
	return { status, exit, sentence, retryable };
}

/** A refusal or failure: a stable code, the stage, and a sentence that names what was found. */
export class AnalysisError extends Error {
	readonly code: ErrorCode;
	readonly stage: Stage;
	readonly retryable: boolean;
	/** What was found, for people; may be empty. */
	readonly detail: string;

	constructor(code: ErrorCode, stage: Stage, detail = '', options?: ErrorOptions) {
		const sentence = errorTable[code].sentence;
		super(detail ? `${sentence} (${detail})` : sentence, options);
		this.name = 'AnalysisError';
		this.code = code;
		this.stage = stage;
		this.retryable = errorTable[code].retryable;
		this.detail = detail;
	}

	/** The form used in events, results and reports. */
	toFailure(): { code: ErrorCode; stage: Stage; message: string; retryable: boolean } {
		const { code, stage, message, retryable } = this;
		return { code, stage, message, retryable };
	}
}

/** Converts any thrown value; an abort becomes `cancelled`, anything unknown becomes `internal` with the value as its cause. */
export function toAnalysisError(thrown: unknown, stage: Stage): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (thrown instanceof Error && thrown.name === 'AbortError')
		return new AnalysisError('cancelled', stage, '', { cause: thrown });
	return new AnalysisError('internal', stage, thrown instanceof Error ? thrown.message : String(thrown), {
		cause: thrown,
	});
}

/** A refusal of the command line or of a list that it names. `sentence` is shown instead of the table's. */
export function usageError(sentence: string, options?: ErrorOptions): AnalysisError {
	return new AnalysisError('usage', 'arguments', sentence, options);
}
