import type { Face, Frame, TrackedFace } from '../values.ts';
import { area, intersectBoxes, iou } from './geometry.ts';
import { similarity, type Thumbnail, thumbnailFromFrame } from './thumbnail.ts';

/** Computes the identity descriptor of a face; descriptors of the same person are close (Euclidean distance). Costs a model run. */
export type Identify = (frame: Frame, box: Face['box']) => Promise<Float32Array>;

/** Where a person was seen, and a thumbnail of it there. */
export type Observation = { readonly box: Face['box']; readonly thumbnail: Thumbnail };

/** A person seen so far. */
type Person = {
	readonly trackId: number;
	readonly last: Observation;
	/** Number of the last detector pass that saw the person. */
	readonly lastPass: number;
	/** When the person was last identified by descriptor, seconds; null if never. */
	readonly identifiedAtS: number | null;
	/** A few descriptors that differ from one another. */
	readonly references: readonly Float32Array[];
	/** Track ids that appeared in one picture with this person and are therefore other people. */
	readonly seenWith: ReadonlySet<number>;
};

/** What a detector pass knows about people seen before: passes since the last observation, and a face's similarity to it. */
type History = {
	gapOf(person: Person): number;
	similarityOf(person: Person, candidate: Candidate): number;
};

type Candidate = Observation & { readonly face: Face; readonly descriptor: Float32Array | null };

/** A detected face with the track that it was assigned to. */
export type Assignment = TrackedFace & { readonly observation: Observation };

/** Everyone seen so far. `assign` gives detected faces their tracks; `isAt` says whether a person is at a place where no detection ran. */
export type People = {
	assign(frame: Frame, faces: readonly Face[]): Promise<Assignment[]>;
	isAt(frame: Frame, trackId: number, here: Observation, similarity: number): Promise<boolean>;
};

/**
 * Largest descriptor distance at which a face is a known person. It is larger in the person's last place, by the similarity (-1..1) of
 * the face and its surroundings to the last observation there. Measured (models/export/README.md): .48 with 3 references merges 1 %
 * of strangers and recognises 99 % of people; the median distance of strangers is .73; two portraits of strangers reach similarity
 * .7 in 5 %, .86 in 0.1 % of cases. A face that a fake changes from frame to frame reaches a distance of .64 from itself, so a near-certain
 * similarity allows for that.
 */
const SAME_PERSON = 0.48;
const SAME_IN_PLACE = [
	{ minSimilarity: 0.86, maxGap: 1, maxDistance: 0.75 },
	{ minSimilarity: 0.7, maxGap: 1, maxDistance: 0.64 },
	{ minSimilarity: 0.55, maxGap: 3, maxDistance: 0.58 },
] as const;
/** At this similarity, in the place of the previous pass, no descriptor is needed: the same person reaches it .5 s later nine times in ten. */
const SIMILAR = SAME_IN_PLACE[0].minSimilarity;
/** Similarity that is enough if there is no descriptor. */
const SIMILAR_ENOUGH = SAME_IN_PLACE[1].minSimilarity;
/** A descriptor at least this far from all others of its person is kept as a reference, up to this many. */
const NEW_VIEW = 0.25;
const MAX_REFERENCES = 5;
/** Among people who appeared in one picture together, a returning face must be nearer to one than to the others by this much. */
const CLEARLY_NEARER = 0.05;
/** Descriptor distance that being in the same place is worth when several people compete for a face. */
const PLACE_BONUS = 0.1;
/** Longest time for which a person is tracked by place and surroundings without a descriptor, seconds. */
const REFRESH_S = 5;
/** After this many missed detector passes, a person is no longer expected in the old place. */
const LIVE_PASSES = 3;
/** Most faces per frame that are identified, the largest first, to bound the cost of a crowd. */
const MAX_IDENTIFIED = 8;
/** Smaller faces, px of the longer side, are tracked by place alone: at 32 px 87 % of people are recognised, at 24 px 65 % (same README). */
const MIN_IDENTIFIED_PX = 32;

/** Starts without people; track ids count from 1 in order of appearance. */
export function createPeople(identify: Identify): People {
	const people = new Map<number, Person>();
	let pass = 0;
	let lastId = 0;

	const gapOf = (person: Person) => pass - person.lastPass;
	const live = () => [...people.values()].filter((person) => gapOf(person) <= LIVE_PASSES);

	const isKnown = ({ references }: Person) => references.length > 0;

	async function assign(frame: Frame, faces: readonly Face[]): Promise<Assignment[]> {
		pass++;
		const candidates = withoutDuplicates(faces).map((face): Candidate => {
			const { box } = face;
			return { face, box, thumbnail: thumbnailFromFrame(frame, box), descriptor: null };
		});
		const history = { gapOf, similarityOf: similarityIn(frame) };
		const owners = assignByPlace(candidates, live(), history, frame.timeS);
		const open = await identifyOpen(frame, candidates, owners, identify);
		assignByIdentity(open, [...people.values()].filter(isKnown), history, owners);
		assignByOverlap(open, live(), owners);
		const ids = candidates.map(({ face }) => owners.get(face)?.trackId ?? ++lastId);
		const described = candidates.map((candidate) => open.find(({ face }) => face === candidate.face) ?? candidate);
		described.forEach((candidate, at) => {
			remember(candidate, ids[at] as number, ids, frame.timeS);
		});
		return described.map(({ face, box, thumbnail, descriptor }, at) => ({
			trackId: ids[at] as number,
			box,
			score: face.score,
			...(descriptor && { descriptor }),
			observation: { box, thumbnail },
		}));
	}

	function remember({ box, thumbnail, descriptor }: Candidate, trackId: number, ids: number[], timeS: number): void {
		const known = people.get(trackId);
		people.set(trackId, {
			trackId,
			last: { box, thumbnail },
			lastPass: pass,
			identifiedAtS: descriptor ? timeS : (known?.identifiedAtS ?? null),
			references: withView(known?.references ?? [], descriptor),
			seenWith: new Set([...(known?.seenWith ?? []), ...ids.filter((id) => id !== trackId)]),
		});
	}

	async function isAt(frame: Frame, trackId: number, here: Observation, similarity: number): Promise<boolean> {
		if (similarity >= SIMILAR) return true;
		const person = people.get(trackId);
		if (!person?.references.length || !canBeIdentified(here)) return similarity >= SIMILAR_ENOUGH;
		const descriptor = await identify(frame, here.box);
		return nearest(person.references, descriptor) <= maxDistanceFor(similarity, 2);
	}

	return { assign, isAt };
}

/** Whether a face may have moved from one box to the other between two detections: sizes within a factor of 1.6, centres within one face. */
export function isNear(a: Face['box'], b: Face['box']): boolean {
	const [sizeA, sizeB] = [Math.max(a.width, a.height), Math.max(b.width, b.height)];
	const dx = a.x + a.width / 2 - b.x - b.width / 2;
	const dy = a.y + a.height / 2 - b.y - b.height / 2;
	return Math.max(sizeA, sizeB) <= 1.6 * Math.min(sizeA, sizeB) && Math.hypot(dx, dy) <= (sizeA + sizeB) / 2;
}

/** Assigns faces without a model run: only one person is near, was seen in the previous pass, overlaps the face and has the same surroundings. */
function assignByPlace(
	candidates: readonly Candidate[],
	live: readonly Person[],
	history: History,
	timeS: number,
): Map<Face, Person> {
	const pairs = candidates.flatMap((candidate) =>
		live.filter(({ last }) => isNear(last.box, candidate.box)).map((person) => ({ candidate, person })),
	);
	const settled = pairs.filter(
		({ candidate, person }) =>
			pairs.filter((other) => other.candidate === candidate || other.person === person).length === 1 &&
			history.gapOf(person) === 1 &&
			isFresh(person, candidate, timeS) &&
			iou(person.last.box, candidate.box) > 0.3 &&
			history.similarityOf(person, candidate) >= SIMILAR,
	);
	return new Map(settled.map(({ candidate, person }) => [candidate.face, person]));
}

function isFresh(person: Person, candidate: Candidate, timeS: number): boolean {
	if (!canBeIdentified(candidate)) return true;
	return person.identifiedAtS !== null && timeS - person.identifiedAtS <= REFRESH_S;
}

function canBeIdentified({ box }: Observation): boolean {
	return Math.max(box.width, box.height) >= MIN_IDENTIFIED_PX;
}

/** The faces without a track yet, with descriptors for the largest of them. */
async function identifyOpen(
	frame: Frame,
	candidates: readonly Candidate[],
	owners: ReadonlyMap<Face, Person>,
	identify: Identify,
): Promise<Candidate[]> {
	const open = candidates.filter(({ face }) => !owners.has(face)).sort((a, b) => area(b.box) - area(a.box));
	const described: Candidate[] = [];
	for (const candidate of open) {
		const isIdentified = described.length < MAX_IDENTIFIED && canBeIdentified(candidate);
		described.push(isIdentified ? { ...candidate, descriptor: await identify(frame, candidate.box) } : candidate);
	}
	return described;
}

/** Assigns faces with descriptors to the nearest people, the surest pairs first. */
function assignByIdentity(
	open: readonly Candidate[],
	people: readonly Person[],
	history: History,
	owners: Map<Face, Person>,
): void {
	const pairs = open
		.filter(({ descriptor }) => descriptor)
		.flatMap((candidate) => people.map((person) => identityPair(candidate, person, history)))
		.filter((pair) => pair.distance <= pair.maxDistance)
		.sort((a, b) => a.cost - b.cost);
	const taken = new Set([...owners.values()].map(({ trackId }) => trackId));
	for (const { candidate, person, distance, isInPlace } of pairs) {
		if (owners.has(candidate.face) || taken.has(person.trackId)) continue;
		const rivals = pairs.filter((other) => other.candidate === candidate && person.seenWith.has(other.person.trackId));
		const isDoubtful = rivals.some(
			(rival) => !taken.has(rival.person.trackId) && rival.distance < distance + CLEARLY_NEARER,
		);
		if (isDoubtful && !isInPlace) continue;
		owners.set(candidate.face, person);
		taken.add(person.trackId);
	}
}

function identityPair(candidate: Candidate, person: Person, history: History) {
	const isInPlace = history.gapOf(person) <= LIVE_PASSES && isNear(person.last.box, candidate.box);
	const distance = candidate.descriptor ? nearest(person.references, candidate.descriptor) : Number.POSITIVE_INFINITY;
	const maxDistance = isInPlace
		? maxDistanceFor(history.similarityOf(person, candidate), history.gapOf(person))
		: SAME_PERSON;
	return { candidate, person, distance, maxDistance, isInPlace, cost: distance - (isInPlace ? PLACE_BONUS : 0) };
}

function maxDistanceFor(similarity: number, gap: number): number {
	return SAME_IN_PLACE.find((row) => similarity >= row.minSimilarity && gap <= row.maxGap)?.maxDistance ?? SAME_PERSON;
}

/** Similarity to a person's last observation, around the face or around the old place, whichever is higher: the detector's boxes jitter, places do not. */
function similarityIn(frame: Frame): History['similarityOf'] {
	const atOldPlace = new Map<Person, number>();
	return (person, { thumbnail }) => {
		const { last } = person;
		const stayed = atOldPlace.get(person) ?? similarity(last.thumbnail, thumbnailFromFrame(frame, last.box));
		atOldPlace.set(person, stayed);
		return Math.max(stayed, similarity(last.thumbnail, thumbnail));
	};
}

/** Assigns faces by overlap alone if the face or the person has no descriptor. */
function assignByOverlap(open: readonly Candidate[], live: readonly Person[], owners: Map<Face, Person>): void {
	const taken = new Set([...owners.values()].map(({ trackId }) => trackId));
	const pairs = open
		.filter(({ face }) => !owners.has(face))
		.flatMap((candidate) => live.map((person) => ({ candidate, person, overlap: iou(person.last.box, candidate.box) })))
		.filter(({ candidate, person }) => !candidate.descriptor || person.references.length === 0)
		.filter(({ overlap }) => overlap > 0.3)
		.sort((a, b) => b.overlap - a.overlap);
	for (const { candidate, person } of pairs) {
		if (owners.has(candidate.face) || taken.has(person.trackId)) continue;
		owners.set(candidate.face, person);
		taken.add(person.trackId);
	}
}

function nearest(references: readonly Float32Array[], descriptor: Float32Array): number {
	return Math.min(...references.map((reference) => distance(reference, descriptor)));
}

function distance(a: Float32Array, b: Float32Array): number {
	return Math.sqrt(a.reduce((sum, value, at) => sum + (value - (b[at] as number)) ** 2, 0));
}

/** Whether a face is surely not the person of these descriptors: further away than a fake that changes from frame to frame is from itself. */
export function isSomeoneElse(references: readonly Float32Array[], descriptor: Float32Array): boolean {
	return references.length > 0 && nearest(references, descriptor) > SAME_IN_PLACE[1].maxDistance;
}

/** A person's references with a descriptor, if it shows a new view. */
export function withView(
	references: readonly Float32Array[],
	descriptor: Float32Array | null,
): readonly Float32Array[] {
	if (!descriptor || nearest(references, descriptor) < NEW_VIEW) return references;
	return [...references, descriptor].slice(-MAX_REFERENCES);
}

/** Keeps the best-scoring box of a face that was found more than once: overlapping boxes, or one inside the other. */
function withoutDuplicates(faces: readonly Face[]): Face[] {
	const kept: Face[] = [];
	for (const face of [...faces].sort((a, b) => b.score - a.score))
		if (!kept.some((other) => isSameFace(other, face))) kept.push(face);
	return kept;
}

function isSameFace(a: Face, b: Face): boolean {
	const inside = area(intersectBoxes(a.box, b.box)) / Math.min(area(a.box), area(b.box));
	return iou(a.box, b.box) > 0.4 || inside > 0.8;
}
