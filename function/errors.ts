/** The codes of everything that can be refused or fail; each is stable and part of the wire. */
export type ErrorCode = keyof typeof errorTable;

/** The stage of an analysis in which an error arose. */
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
	/** Process exit code: 2 wrong usage, 3 input could not be analysed, 4 model, 5 environment. */
	readonly exit: 2 | 3 | 4 | 5;
	/** Whether the same request can succeed later without a change. */
	readonly retryable: boolean;
	/** The sentence for people; says what is wrong and what to do. */
	readonly sentence: string;
};

/** One row a code: HTTP status, exit code, and the sentence that people read. */
export const errorTable = {
	usage: row(400, 2, 'The command or request is not understood.'),
	'file-not-found': row(404, 3, 'There is no such file.'),
	'path-refused': row(403, 2, 'This path is outside of the folders that may be read.'),
	'file-unreadable': row(403, 3, 'The file cannot be read.'),
	'not-a-file': row(422, 3, 'This is not a regular file (a folder, pipe or device cannot be analysed).'),
	'file-empty': row(422, 3, 'The file is empty.'),
	'file-changing': row(409, 3, 'The file is still being written; try again when it is complete.', true),
	'file-too-large': row(413, 3, 'The file is larger than the limit.'),
	'not-a-video': row(422, 3, 'This is not a video or picture that can be read.'),
	'playlist-refused': row(422, 3, 'This is a playlist, not a video: it names other files, and those are never opened.'),
	'archive-refused': row(422, 3, 'The archive cannot be unpacked: it is damaged, or larger than an archive may be.'),
	truncated: row(422, 3, 'The file is incomplete: its end is missing, as after a broken download.'),
	'no-video-stream': row(422, 3, 'The file has sound only, there is no picture to analyse.'),
	'picture-too-small': row(422, 3, 'The picture is too small to hold a face.'),
	'picture-too-large': row(422, 3, 'The picture has more pixels than the limit.'),
	'video-too-long': row(422, 3, 'The video is longer than the limit; --max-duration raises it.'),
	'part-outside': row(
		422,
		2,
		'The part that was asked for is not inside the file; its times are seconds from the start of the file.',
	),
	encrypted: row(422, 3, 'The file is encrypted (DRM): only a copy without encryption can be analysed.'),
	'codec-unsupported': row(
		422,
		3,
		'This ffmpeg cannot decode the video: convert the file to H.264, or install an ffmpeg that has the decoder.',
	),
	'decode-failed': row(422, 3, 'The video could not be decoded: no whole frame came out of it.'),
	'decoder-died': row(500, 3, 'The decoder stopped in the middle of the video.', true),
	'time-limit': row(504, 3, 'The analysis took longer than its limit and was stopped.', true),
	cancelled: row(499, 3, 'The analysis was cancelled.', true),
	'write-failed': row(507, 3, 'The results could not be written; nothing half-written was left behind.', true),
	'report-invalid': row(422, 3, 'This is not a report of this program.'),
	'range-outside': row(416, 2, 'The range that was asked for is not inside of the file.'),
	'annotate-unfit': row(422, 3, 'No annotated copy can be made of this file.'),
	'signature-missing': row(422, 3, 'The report is not signed.'),
	'signature-invalid': row(
		422,
		3,
		'The signature does not fit: the report or its key was changed after it was signed.',
	),
	'picture-changed': row(422, 3, 'A picture of the report is not the one that was signed.'),
	'signer-unknown': row(422, 3, 'The report is signed with another key than those that were given.'),
	'timestamp-invalid': row(
		422,
		3,
		'The time stamp does not fit the signature, or does not come from an authority that was given.',
	),
	'file-differs': row(422, 3, 'This is another file than the one that the report is about.'),
	'model-missing': row(503, 4, 'A model file is missing.'),
	'model-unknown': row(400, 4, 'There is no model of that name.'),
	'tier-missing': row(400, 4, 'No model of that tier is installed here.'),
	'model-damaged': row(
		503,
		4,
		'A model file is not the one that the manifest lists: it is truncated, changed or replaced.',
	),
	'model-failed': row(500, 4, 'A model could not be loaded or run.'),
	'model-exists': row(409, 2, 'There is a model of that name already; remove it first or give another name with --id.'),
	'model-unfit': row(422, 4, 'The model does not take or give what its spec says.'),
	'spec-invalid': row(422, 2, 'The spec of a model is not valid.'),
	'not-weights': row(422, 4, 'This is not a file of weights saved by PyTorch.'),
	'weights-truncated': row(422, 4, 'The file of weights is incomplete, as after a broken download.'),
	'weights-damaged': row(422, 4, 'The file of weights contradicts itself: it was damaged or changed.'),
	'weights-unsafe': row(
		422,
		4,
		'The file asks for more than tensors, dicts, lists, numbers and text, as a file that runs code would: it is refused, and nothing in it was run. Weights are saved by torch.save(model.state_dict(), FILE).',
	),
	'weights-unsupported': row(422, 4, 'The file of weights is of a kind that is not read here.'),
	'weights-other-network': row(422, 4, 'The weights are of another network than those that can be imported.'),
	'ffmpeg-missing': row(503, 5, 'ffmpeg was not found; `unmask doctor` tells how to install it.'),
	'provider-missing': row(503, 5, 'The provider asked for (CUDA) is not available on this machine.'),
	environment: row(500, 5, 'The environment is not set up as it should be.'),
	unauthorised: row(401, 2, 'An API key is needed, and this one is missing or unknown.'),
	'scope-missing': row(403, 2, 'This API key may not do that.'),
	'not-found': row(404, 2, 'There is nothing at this address.'),
	'method-not-allowed': row(405, 2, 'This address does not take that method.'),
	'host-unknown': row(421, 2, 'This service is not known by that name; UNMASK_HOSTS lists further ones.'),
	'not-acceptable': row(406, 2, 'None of the accepted media types can be given here.'),
	'request-slow': row(408, 2, 'The request did not arrive in time.', true),
	'body-too-large': row(413, 2, 'The body of the request is larger than the limit.'),
	'webhooks-off': row(403, 2, 'This service calls no webhooks; UNMASK_WEBHOOKS allows them.'),
	'links-off': row(403, 2, 'This service fetches no links; UNMASK_LINKS allows them.'),
	'url-refused': row(422, 2, 'This address is not called.'),
	'page-unsupported': row(
		422,
		3,
		'This link leads to a page, not to a file. Pages of video sites are read where yt-dlp is installed and UNMASK_YT_DLP=on.',
	),
	'url-unreachable': row(502, 2, 'There was no answer from this address.', true),
	'media-type-unsupported': row(415, 2, 'The body of the request has the wrong media type.'),
	'key-reused': row(422, 2, 'This Idempotency-Key was used for another request.'),
	'rate-limited': row(429, 2, 'Too many requests in a short time; wait a little.', true),
	'queue-full': row(429, 3, 'All places are taken and the queue is full; try again later.', true),
	'upload-not-found': row(404, 3, 'There is no such upload: it was never begun, was deleted, or has expired.'),
	'upload-incomplete': row(409, 3, 'The upload is not complete yet.', true),
	'upload-refused': row(403, 3, 'The signed address does not fit this upload, was changed, or has expired.'),
	'upload-mismatch': row(422, 3, 'What arrived is not what was announced.'),
	'upload-interrupted': row(400, 3, 'The connection ended before all bytes had arrived; the upload can go on.', true),
	'report-not-found': row(404, 3, 'There is no such report: it was never made, or was deleted.'),
	'analysis-running': row(409, 3, 'This upload is being analysed with other settings right now.', true),
	'analysis-interrupted': row(
		500,
		3,
		'The service was stopped in the middle of this analysis; ask for it again.',
		true,
	),
	'inference-died': row(500, 3, 'The program that runs the models stopped in the middle of this analysis.', true),
	'not-ready': row(503, 4, 'The models are still being loaded; try again in a few seconds.', true),
	'shutting-down': row(503, 3, 'This instance is being stopped; try again.', true),
	'store-failed': row(502, 3, 'The store of uploads and reports did not answer as it should.', true),
	internal: row(500, 3, 'Something unexpected went wrong inside the program.'),
} as const satisfies Record<string, ErrorRow>;

function row(status: number, exit: ErrorRow['exit'], sentence: string, retryable = false): ErrorRow {
	return { status, exit, sentence, retryable };
}

/** Every refusal and failure: a stable code, the stage, and a sentence that names what was found. */
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

	/** As it stands in events, results and reports. */
	toFailure(): { code: ErrorCode; stage: Stage; message: string; retryable: boolean } {
		const { code, stage, message, retryable } = this;
		return { code, stage, message, retryable };
	}
}

/** Any thrown value as an AnalysisError; an abort becomes `cancelled`, the unknown becomes `internal` with its cause kept. */
export function toAnalysisError(thrown: unknown, stage: Stage): AnalysisError {
	if (thrown instanceof AnalysisError) return thrown;
	if (thrown instanceof Error && thrown.name === 'AbortError')
		return new AnalysisError('cancelled', stage, '', { cause: thrown });
	return new AnalysisError('internal', stage, thrown instanceof Error ? thrown.message : String(thrown), {
		cause: thrown,
	});
}

/** A refusal of the command line or of a list it names; `detail` is one whole sentence, shown without the table's. */
export function usageError(sentence: string, options?: ErrorOptions): AnalysisError {
	return new AnalysisError('usage', 'arguments', sentence, options);
}
