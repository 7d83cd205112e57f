/** The fields of a track's face that a sequence model reads. */
export type SequenceFace = {
	readonly frameIndex: number;
	readonly timeS: number;
	readonly logit: number;
	readonly embedding: Float32Array;
};

/** A scored face; see values.ts. */
type TrackFace = Omit<SequenceFace, 'embedding'> & {
	readonly trackId: number;
	readonly embedding?: Float32Array | null;
};

/** Frames of one track in chronological order -> their logits and one logit for all of them; see model/sequence.ts. */
type Refine = (window: {
	readonly embeddings: readonly Float32Array[];
	readonly logits: readonly number[];
	readonly times: readonly number[];
}) => Promise<{ readonly logits: readonly number[]; readonly videoLogit: number }>;

/** How a track is split into windows. */
export type SequenceRules = {
	/** Frames per window. */
	readonly window: number;
	/** Frames that two windows share; each frame of the overlap is answered by the window whose middle is nearer. */
	readonly overlap: number;
	/** Fewest frames that make a sequence. */
	readonly minFrames: number;
	/** Longest pause within a window, seconds. */
	readonly maxGapS: number;
};

/** What the sequence model returned for one track. */
export type SequenceAnswer = {
	/** Logits by frameIndex; frames that are missing here keep the classifier's. */
	readonly logits: ReadonlyMap<number, number>;
	/** Number of windows read. */
	readonly windows: number;
	/** Why some or all frames keep the classifier's logit; null = none does. */
	readonly skipped: 'too-few-frames' | 'not-finite' | null;
};

/** Smaller differences of logits are float32 noise. */
const minShift = 1e-4;

/**
 * Runs a sequence model over the tracks of a video, window by window as faces arrive, so that at most one window of embeddings is held per
 * track. The faces of a track must arrive in chronological order.
 */
export class SequenceReader {
	readonly #tracks = new Map<number, TrackReader>();
	readonly #refine: Refine;
	readonly #rules: SequenceRules;

	constructor(refine: Refine, rules: SequenceRules) {
		this.#refine = refine;
		this.#rules = rules;
	}

	/** Adds the next face of a track with its embedding; rethrows the model's errors. */
	async add({ trackId, frameIndex, timeS, logit, embedding }: TrackFace): Promise<void> {
		if (!embedding) return;
		const track = this.#tracks.get(trackId) ?? new TrackReader(this.#refine, this.#rules);
		this.#tracks.set(trackId, track);
		await track.add({ frameIndex, timeS, logit, embedding }); // not the pixels
	}

	/** The result for each track; rethrows the model's errors. */
	async finish(): Promise<ReadonlyMap<number, SequenceAnswer>> {
		const answers = new Map<number, SequenceAnswer>();
		for (const [trackId, track] of this.#tracks) answers.set(trackId, await track.finish());
		return answers;
	}
}

class TrackReader {
	readonly #refine: Refine;
	readonly #rules: SequenceRules;
	readonly #logits = new Map<number, number>();
	/** Frames of the window being filled; the first `answered` of them were answered by the previous window. */
	#pending: SequenceFace[] = [];
	#answered = 0;
	#windows = 0;
	#tooFew = false;
	#notFinite = false;

	constructor(refine: Refine, rules: SequenceRules) {
		this.#refine = refine;
		this.#rules = rules;
	}

	async add(face: SequenceFace): Promise<void> {
		const { window, overlap, maxGapS } = this.#rules;
		const last = this.#pending.at(-1);
		if (last && face.timeS - last.timeS > maxGapS) await this.#endRun();
		this.#pending.push(face);
		if (this.#pending.length < window) return;
		const shared = Math.floor(overlap / 2);
		await this.#read(window - shared);
		this.#pending = this.#pending.slice(window - overlap);
		this.#answered = overlap - shared;
	}

	async finish(): Promise<SequenceAnswer> {
		await this.#endRun();
		const skipped = this.#notFinite ? 'not-finite' : this.#tooFew ? 'too-few-frames' : null;
		return { logits: this.#logits, windows: this.#windows, skipped };
	}

	/** Reads what is left before a gap or before the end. */
	async #endRun(): Promise<void> {
		if (this.#pending.length > this.#answered) {
			if (this.#pending.length >= this.#rules.minFrames) await this.#read(this.#pending.length);
			else this.#tooFew = true;
		}
		this.#pending = [];
		this.#answered = 0;
	}

	/** Reads the window and keeps its answers for the frames from `answered` to `end`. */
	async #read(end: number): Promise<void> {
		const faces = this.#pending;
		const { logits, videoLogit } = await this.#refine({
			embeddings: faces.map(({ embedding }) => embedding),
			logits: faces.map(({ logit }) => logit),
			times: faces.map(({ timeS }) => timeS - (faces[0] as SequenceFace).timeS),
		});
		if (![...logits, videoLogit].every(Number.isFinite)) {
			this.#notFinite = true;
			return;
		}
		// shift every frame by what they say together, so that their mean is the window's logit
		const difference = videoLogit - logits.reduce((sum, logit) => sum + logit, 0) / logits.length;
		const shift = Math.abs(difference) < minShift ? 0 : difference;
		for (let i = this.#answered; i < end; i++)
			this.#logits.set((faces[i] as SequenceFace).frameIndex, (logits[i] as number) + shift);
		this.#windows++;
	}
}
