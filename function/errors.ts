/** The codes of everything that can be refused or fail; each is stable and part of the wire. */
export type ErrorCode = keyof typeof errorTable;

/** The stage of an analysis in which an error arose. */
export type Stage = 'arguments' | 'environment' | 'probe' | 'decode' | 'detect' | 'crop' | 'score' | 'judge' | 'write';

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
	'file-unreadable': row(403, 3, 'The file cannot be read: its permissions do not allow it.'),
	'not-a-file': row(422, 3, 'This is not a regular file (a folder, pipe or device cannot be analysed).'),
	'file-empty': row(422, 3, 'The file is empty.'),
	'file-changing': row(409, 3, 'The file is still being written; try again when it is complete.', true),
	'file-too-large': row(413, 3, 'The file is larger than the limit.'),
	'not-a-video': row(422, 3, 'This is not a video or picture that can be read.'),
	'playlist-refused': row(422, 3, 'This is a playlist, not a video: it names other files, and those are never opened.'),
	truncated: row(422, 3, 'The file is incomplete: its end is missing, as after a broken download.'),
	'no-video-stream': row(422, 3, 'The file has sound only, there is no picture to analyse.'),
	'picture-too-small': row(422, 3, 'The picture is too small to hold a face.'),
	'picture-too-large': row(422, 3, 'The picture has more pixels than the limit.'),
	'video-too-long': row(422, 3, 'The video is longer than the limit; --max-duration raises it.'),
	'decode-failed': row(422, 3, 'The video could not be decoded: no whole frame came out of it.'),
	'decoder-died': row(500, 3, 'The decoder stopped in the middle of the video.', true),
	'time-limit': row(504, 3, 'The analysis took longer than its limit and was stopped.', true),
	cancelled: row(499, 3, 'The analysis was cancelled.', true),
	'write-failed': row(507, 3, 'The results could not be written; nothing half-written was left behind.', true),
	'report-invalid': row(422, 3, 'This is not a report of this program.'),
	'model-missing': row(503, 4, 'A model file is missing.'),
	'model-unknown': row(400, 4, 'There is no model of that name.'),
	'model-damaged': row(
		503,
		4,
		'A model file is not the one that the manifest lists: it is truncated, changed or replaced.',
	),
	'model-failed': row(500, 4, 'A model could not be loaded or run.'),
	'ffmpeg-missing': row(503, 5, 'ffmpeg was not found; `unmask doctor` tells how to install it.'),
	'provider-missing': row(503, 5, 'The provider asked for (CUDA) is not available on this machine.'),
	environment: row(500, 5, 'The environment is not set up as it should be.'),
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
