import type { FaceEntry, Moment, Outcome, Span } from '../contract/report.ts';
import type { ScoredFace } from '../values.ts';
import { rgbFromPlanes } from './rgb-from-planes.ts';

/** A picture [size, size, 3], 0..255, as a base64 JPEG. */
export type EncodePicture = (rgb: Uint8Array, size: number) => Promise<string>;

/** Keeps the most telling faces of every track during an analysis; its memory does not grow with the length of the video. */
export type MomentCollector = {
	/** Offers a face with the judge's entry for it. */
	add(face: ScoredFace, judged: Pick<FaceEntry, 'fakeProbability' | 'excluded'>): void;
	/** Returns the moments of a track in order of time, those within the deciding `stretches` first, and frees the track's pictures. */
	collect(trackId: number, outcome: Outcome, stretches?: readonly Span[]): Promise<Moment[]>;
};

type Candidate = Omit<Moment, 'cropJpegBase64'> & {
	/** Whether the judge counts this face. */
	readonly counts: boolean;
	readonly sizePx: number;
	readonly size: number;
	/** [size, size, 3], 0..255. */
	readonly rgb: Uint8Array;
};

/** The strongest face of a time span, and its first face as a typical sample. */
type Bucket = { readonly best: Candidate; readonly first: Candidate };

/** Buckets are numbered from the track's start in steps of `widthS`, which doubles when there are too many. */
type Track = {
	startS: number;
	widthS: number;
	faces: number;
	counted: number;
	logitSum: number;
	buckets: Map<number, Bucket>;
	/** The strongest faces that count, whatever their bucket: a short stretch falls into a single bucket. */
	strongest: readonly Candidate[];
};

/** Initial width of a bucket: about one frame. */
const firstWidthS = 0.04;

/** How many moments of a person are shown. */
const momentsPerTrack = 6;

/** Default limit for the pictures of all tracks together, bytes. */
const defaultMaxBytes = 64e6;

/** How moments are collected. */
type CollectorOptions = {
	encode: EncodePicture;
	perTrack?: number;
	heatMaps?: boolean;
	/** Limit for the pictures of all tracks together, bytes. */
	maxBytes?: number;
};

/** Creates a collector of up to `perTrack` (6) moments per track; without `heatMaps` their maps are null. */
export function createMomentCollector(options: CollectorOptions): MomentCollector {
	return new TrackCollector(options);
}

class TrackCollector implements MomentCollector {
	readonly #options: Required<CollectorOptions>;
	readonly #tracks = new Map<number, Track>();
	#keptBytes = 0;

	constructor({ encode, perTrack = momentsPerTrack, heatMaps = true, maxBytes = defaultMaxBytes }: CollectorOptions) {
		this.#options = { encode, perTrack, heatMaps, maxBytes };
	}

	add(face: ScoredFace, { fakeProbability, excluded }: Pick<FaceEntry, 'fakeProbability' | 'excluded'>): void {
		const { perTrack, heatMaps, maxBytes } = this.#options;
		const track = this.#tracks.get(face.trackId) ?? createTrack(face.timeS);
		this.#tracks.set(face.trackId, track);
		const counts = excluded === null;
		track.faces++;
		if (counts) {
			track.counted++;
			track.logitSum += face.logit;
		}
		const at = Math.floor((face.timeS - track.startS) / track.widthS);
		const bucket = track.buckets.get(at);
		const rival = { counts, logit: face.logit, sizePx: face.quality.sizePx };
		const isBest = !bucket || isBetter(rival, bucket.best);
		const weakest = track.strongest.length < perTrack ? null : track.strongest.at(-1);
		const isStrong = counts && (!weakest || isBetter(rival, weakest));
		if (!isBest && !isStrong) return;
		const candidate = createCandidate(face, fakeProbability, counts, heatMaps);
		this.#change(track, (own) => {
			if (isBest) own.buckets.set(at, { best: candidate, first: bucket?.first ?? candidate });
			if (isStrong) own.strongest = [...own.strongest, candidate].sort(byPreference).slice(0, perTrack);
		});
		while (track.buckets.size > 2 * perTrack) this.#change(track, halveBuckets);
		while (this.#keptBytes > maxBytes) this.#makeRoom();
	}

	async collect(trackId: number, outcome: Outcome, stretches: readonly Span[] = []): Promise<Moment[]> {
		const track = this.#tracks.get(trackId);
		if (!track) return [];
		this.#remove(trackId, track);
		const { encode, perTrack } = this.#options;
		const chosen = chooseMoments(track, outcome, perTrack, stretches);
		return Promise.all(
			chosen.map(async ({ counts: _, sizePx: _size, size, rgb, ...moment }) => ({
				...moment,
				cropJpegBase64: await encode(rgb, size),
			})),
		);
	}

	/** Changes a track's pictures and updates the count of bytes. */
	#change(track: Track, act: (track: Track) => void): void {
		this.#keptBytes -= bytesOf(track);
		act(track);
		this.#keptBytes += bytesOf(track);
	}

	#remove(trackId: number, track: Track): void {
		this.#tracks.delete(trackId);
		this.#keptBytes -= bytesOf(track);
	}

	#makeRoom() {
		const [widest] = [...this.#tracks.values()].toSorted((a, b) => b.strongest.length - a.strongest.length);
		if (widest && widest.strongest.length > 1) return this.#change(widest, halveStrongest);
		const [most] = [...this.#tracks.values()].toSorted((a, b) => b.buckets.size - a.buckets.size);
		if (most && most.buckets.size > 1) return this.#change(most, halveBuckets);
		const [fewest] = [...this.#tracks].toSorted(([, a], [, b]) => a.faces - b.faces);
		if (fewest) this.#remove(...fewest);
	}
}

function createTrack(startS: number): Track {
	return { startS, widthS: firstWidthS, faces: 0, counted: 0, logitSum: 0, buckets: new Map(), strongest: [] };
}

/** All pictures of a track, each once. */
const picturesOf = ({ buckets, strongest }: Track) =>
	new Set([...[...buckets.values()].flatMap(({ best, first }) => [best, first]), ...strongest]);

const bytesOf = (track: Track) => [...picturesOf(track)].reduce((sum, { rgb }) => sum + rgb.length, 0);

function halveStrongest(track: Track): void {
	track.strongest = track.strongest.slice(0, Math.floor(track.strongest.length / 2));
}

type Rival = Pick<Candidate, 'counts' | 'logit' | 'sizePx'>;

/** A face that counts beats one that does not. Among faces that count the more suspicious one wins, among the others the larger. */
function isBetter(a: Rival, b: Rival): boolean {
	if (a.counts !== b.counts) return a.counts;
	return a.counts ? a.logit > b.logit : a.sizePx > b.sizePx;
}

const byTime = (a: Candidate, b: Candidate) => a.timeS - b.timeS;

const byPreference = (a: Candidate, b: Candidate) => (isBetter(a, b) ? -1 : isBetter(b, a) ? 1 : a.timeS - b.timeS);

/** Merges pairs of neighbouring buckets into one of double width. */
function halveBuckets(track: Track): void {
	const halved = new Map<number, Bucket>();
	for (const [at, bucket] of track.buckets) {
		const half = Math.floor(at / 2);
		const other = halved.get(half);
		if (!other) halved.set(half, bucket);
		else
			halved.set(half, {
				best: isBetter(bucket.best, other.best) ? bucket.best : other.best,
				first: bucket.first.timeS < other.first.timeS ? bucket.first : other.first,
			});
	}
	track.buckets = halved;
	track.widthS *= 2;
}

/**
 * The strongest faces of the deciding stretches, and a typical one from the rest. Without stretches, the strongest faces spread over
 * the track's time; unless the outcome is likely-fake, one place goes to the most typical face, so that a reader sees the ordinary
 * beside the most suspicious. A track that could not be judged shows its largest face.
 */
function chooseMoments(
	track: Track,
	outcome: Outcome,
	perTrack: number,
	stretches: readonly Span[],
): readonly Candidate[] {
	const counted = [...picturesOf(track)].filter((candidate) => candidate.counts);
	const isInside = ({ timeS }: Candidate) => stretches.some(({ startS, endS }) => timeS >= startS && timeS <= endS);
	const inside = counted.filter(isInside).sort(byPreference);
	if (inside.length > 0) {
		const rest = counted.filter((candidate) => !isInside(candidate)).sort(byPreference);
		const typical = rest.slice(rest.length >> 1, (rest.length >> 1) + 1);
		return [...spread(inside, Math.max(1, perTrack - typical.length)).sort(byTime), ...typical];
	}
	const buckets = [...track.buckets.values()];
	const best = buckets.map((bucket) => bucket.best).sort(byPreference);
	const counting = best.filter((candidate) => candidate.counts);
	if (counting.length === 0) return best.slice(0, 1);
	const strongest = spread(counting, outcome === 'likely-fake' ? perTrack : Math.max(1, perTrack - 1));
	const mean = track.logitSum / track.counted;
	const typical = buckets
		.flatMap(({ best, first }) => [best, first])
		.filter((candidate) => candidate.counts && !strongest.includes(candidate))
		.toSorted((a, b) => Math.abs(a.logit - mean) - Math.abs(b.logit - mean) || a.timeS - b.timeS);
	const chosen = [...strongest, ...typical.slice(0, strongest.length < perTrack ? 1 : 0)];
	return chosen.sort(byTime);
}

/** Up to `count` candidates, best first, no two closer than half of an even spacing unless no others are left. */
function spread(ranked: readonly Candidate[], count: number): Candidate[] {
	const times = ranked.map((candidate) => candidate.timeS);
	const gapS = (Math.max(...times) - Math.min(...times)) / (2 * count);
	const chosen: Candidate[] = [];
	for (const candidate of ranked) {
		if (chosen.length === count) return chosen;
		if (chosen.every((other) => Math.abs(other.timeS - candidate.timeS) >= gapS)) chosen.push(candidate);
	}
	const rest = ranked.filter((candidate) => !chosen.includes(candidate));
	return [...chosen, ...rest.slice(0, count - chosen.length)];
}

function createCandidate(face: ScoredFace, fakeProbability: number, counts: boolean, heatMaps: boolean): Candidate {
	return {
		timeS: face.timeS,
		frameIndex: face.frameIndex,
		logit: face.logit,
		fakeProbability,
		cropBox: face.cropBox,
		heatMap: heatMaps && counts ? face.heatMap : null, // a face that was not judged is no evidence
		counts,
		sizePx: face.quality.sizePx,
		size: face.size,
		rgb: rgbFromPlanes(face.pixels, face.size),
	};
}
