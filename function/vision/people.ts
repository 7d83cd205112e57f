import type { Face, Frame, TrackedFace } from '../values.ts';
import { area, intersectBoxes, iou } from './geometry.ts';
import { likeness, type Thumbnail, thumbnailFromFrame } from './thumbnail.ts';

/** Describes a face so that two pictures of one person are near each other (Euclidean distance); costs a model run. */
export type Identify = (frame: Frame, box: Face['box']) => Promise<Float32Array>;

/** Where a person was seen last, and what it looked like there. */
export type Sighting = { readonly box: Face['box']; readonly thumbnail: Thumbnail };

/** A person known by now. */
type Person = {
	readonly trackId: number;
	readonly last: Sighting;
	/** Number of the detector pass that saw the person last. */
	readonly lastPass: number;
	/** When the person was last told by descriptor, seconds; null = never. */
	readonly identifiedAtS: number | null;
	/** A few descriptors that differ from each other. */
	readonly references: readonly Float32Array[];
	/** Who was in one picture with this person, and so is surely someone else. */
	readonly seenWith: ReadonlySet<number>;
};

/** What a detector pass knows about the people before it: passes since a person was seen, and how alike a face there looks. */
type Recall = {
	gapOf(person: Person): number;
	alikeOf(person: Person, candidate: Candidate): number;
};

type Candidate = Sighting & { readonly face: Face; readonly descriptor: Float32Array | null };

/** One detector pass: who is where. */
export type Assignment = TrackedFace & { readonly sighting: Sighting };

/** Everyone seen so far; `assign` says who the detected faces are, `isAt` whether a person is at a place where nobody looked. */
export type People = {
	assign(frame: Frame, faces: readonly Face[]): Promise<Assignment[]>;
	isAt(frame: Frame, trackId: number, here: Sighting, likenessToLast: number): Promise<boolean>;
};

/**
 * Descriptor distance up to which a face is a person, by how alike (-1..1) it and its surroundings look to the person's last sighting in
 * that place. Measured (models/export/README.md): .48 with 3 references merges 1 % of the strangers
 * and knows 99 % again; strangers are .73 apart in the median; two portraits of strangers reach likeness .7 in 5 %, .86 in 0.1 %.
 * A face that a fake changes from frame to frame reaches .64 from itself, so a likeness nearly sure leaves room for that.
 */
const SAME_PERSON = 0.48;
const SAME_IN_PLACE = [
	{ alike: 0.86, maxGap: 1, limit: 0.75 },
	{ alike: 0.7, maxGap: 1, limit: 0.64 },
	{ alike: 0.55, maxGap: 3, limit: 0.58 },
] as const;
/** As alike as this in the place of a pass ago needs no descriptor: one person does so .5 s later nine times in ten. */
const ALIKE = SAME_IN_PLACE[0].alike;
/** Enough where there is no descriptor to ask. */
const ALIKE_ENOUGH = SAME_IN_PLACE[1].alike;
/** A descriptor this far from all others of its person is worth keeping; at most so many are kept. */
const NEW_VIEW = 0.25;
const MAX_REFERENCES = 5;
/** Among people who were in one picture together, a returning face must be nearer to one than to the others by this. */
const CLEARLY_NEARER = 0.05;
/** Place counts as much as this much descriptor distance when several people contend. */
const PLACE_BONUS = 0.1;
/** A person is told by place and surroundings alone for at most so long, seconds. */
const REFRESH_S = 5;
/** A person missed by so many detector passes is expected at the old place no longer. */
const LIVE_PASSES = 3;
/** At most so many faces a frame are identified, the largest first: bounds the cost of a crowd. */
const MAX_IDENTIFIED = 8;
/** Smaller faces, px of the longer side, are followed by place alone: at 32 px 87 % of the people are known again, at 24 px 65 % (same README). */
const MIN_IDENTIFIED_PX = 32;

/** Starts with nobody known; track ids count from 1 in order of appearance. */
export function createPeople(identify: Identify): People {
	const people = new Map<number, Person>();
	let pass = 0;
	let lastId = 0;

	const gapOf = (person: Person) => pass - person.lastPass;
	const live = () => [...people.values()].filter((person) => gapOf(person) <= LIVE_PASSES);

	const isKnown = ({ references }: Person) => references.length > 0;

	async function assign(frame: Frame, faces: readonly Face[]): Promise<Assignment[]> {
		pass++;
		const seen = withoutDuplicates(faces).map((face): Candidate => {
			const { box } = face;
			return { face, box, thumbnail: thumbnailFromFrame(frame, box), descriptor: null };
		});
		const recall = { gapOf, alikeOf: lookBack(frame) };
		const owners = settleByPlace(seen, live(), recall, frame.timeS);
		const open = await identifyOpen(frame, seen, owners, identify);
		settleByIdentity(open, [...people.values()].filter(isKnown), recall, owners);
		settleRest(open, live(), owners);
		const ids = seen.map(({ face }) => owners.get(face)?.trackId ?? ++lastId);
		seen.forEach((candidate, at) => {
			const described = open.find(({ face }) => face === candidate.face) ?? candidate;
			remember(described, ids[at] as number, ids, frame.timeS);
		});
		return seen.map(({ face, box, thumbnail }, at) => ({
			trackId: ids[at] as number,
			box,
			score: face.score,
			sighting: { box, thumbnail },
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

	async function isAt(frame: Frame, trackId: number, here: Sighting, likenessToLast: number): Promise<boolean> {
		if (likenessToLast >= ALIKE) return true;
		const person = people.get(trackId);
		if (!person?.references.length || !isTelling(here)) return likenessToLast >= ALIKE_ENOUGH;
		const descriptor = await identify(frame, here.box);
		return nearest(person.references, descriptor) <= distanceLimit(likenessToLast, 2);
	}

	return { assign, isAt };
}

/** Whether a face may have moved from one box to the other between two looks: sizes within 1.6 times, centres within one face. */
export function isNear(a: Face['box'], b: Face['box']): boolean {
	const [sizeA, sizeB] = [Math.max(a.width, a.height), Math.max(b.width, b.height)];
	const dx = a.x + a.width / 2 - b.x - b.width / 2;
	const dy = a.y + a.height / 2 - b.y - b.height / 2;
	return Math.max(sizeA, sizeB) <= 1.6 * Math.min(sizeA, sizeB) && Math.hypot(dx, dy) <= (sizeA + sizeB) / 2;
}

/** Where one person only can be the face, was seen a pass ago, the boxes overlap and the surroundings are the same, no model is asked. */
function settleByPlace(
	seen: readonly Candidate[],
	live: readonly Person[],
	recall: Recall,
	timeS: number,
): Map<Face, Person> {
	const pairs = seen.flatMap((candidate) =>
		live.filter(({ last }) => isNear(last.box, candidate.box)).map((person) => ({ candidate, person })),
	);
	const settled = pairs.filter(
		({ candidate, person }) =>
			pairs.filter((other) => other.candidate === candidate || other.person === person).length === 1 &&
			recall.gapOf(person) === 1 &&
			isFresh(person, candidate, timeS) &&
			iou(person.last.box, candidate.box) > 0.3 &&
			recall.alikeOf(person, candidate) >= ALIKE,
	);
	return new Map(settled.map(({ candidate, person }) => [candidate.face, person]));
}

function isFresh(person: Person, candidate: Candidate, timeS: number): boolean {
	if (!isTelling(candidate)) return true;
	return person.identifiedAtS !== null && timeS - person.identifiedAtS <= REFRESH_S;
}

function isTelling({ box }: Sighting): boolean {
	return Math.max(box.width, box.height) >= MIN_IDENTIFIED_PX;
}

/** The faces still open, with descriptors for the largest of them. */
async function identifyOpen(
	frame: Frame,
	seen: readonly Candidate[],
	owners: ReadonlyMap<Face, Person>,
	identify: Identify,
): Promise<Candidate[]> {
	const open = seen.filter(({ face }) => !owners.has(face)).sort((a, b) => area(b.box) - area(a.box));
	const described: Candidate[] = [];
	for (const candidate of open) {
		const asks = described.length < MAX_IDENTIFIED && isTelling(candidate);
		described.push(asks ? { ...candidate, descriptor: await identify(frame, candidate.box) } : candidate);
	}
	return described;
}

/** Gives described faces to the people they are nearest to, the surest pair first. */
function settleByIdentity(
	open: readonly Candidate[],
	people: readonly Person[],
	recall: Recall,
	owners: Map<Face, Person>,
): void {
	const pairs = open
		.filter(({ descriptor }) => descriptor)
		.flatMap((candidate) => people.map((person) => identityPair(candidate, person, recall)))
		.filter((pair) => pair.distance <= pair.limit)
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

function identityPair(candidate: Candidate, person: Person, recall: Recall) {
	const isInPlace = recall.gapOf(person) <= LIVE_PASSES && isNear(person.last.box, candidate.box);
	const distance = candidate.descriptor ? nearest(person.references, candidate.descriptor) : Number.POSITIVE_INFINITY;
	const limit = isInPlace ? distanceLimit(recall.alikeOf(person, candidate), recall.gapOf(person)) : SAME_PERSON;
	return { candidate, person, distance, limit, isInPlace, cost: distance - (isInPlace ? PLACE_BONUS : 0) };
}

function distanceLimit(alike: number, gap: number): number {
	return SAME_IN_PLACE.find((row) => alike >= row.alike && gap <= row.maxGap)?.limit ?? SAME_PERSON;
}

/** How alike a face looks to a person's last sighting, around the face or around the old place: the detector's boxes tremble, places do not. */
function lookBack(frame: Frame): Recall['alikeOf'] {
	const stayed = new Map<Person, number>();
	return (person, { thumbnail }) => {
		const { last } = person;
		const inOldPlace = stayed.get(person) ?? likeness(last.thumbnail, thumbnailFromFrame(frame, last.box));
		stayed.set(person, inOldPlace);
		return Math.max(inOldPlace, likeness(last.thumbnail, thumbnail));
	};
}

/** Faces and people without a descriptor are matched by overlap alone. */
function settleRest(open: readonly Candidate[], live: readonly Person[], owners: Map<Face, Person>): void {
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

function withView(references: readonly Float32Array[], descriptor: Float32Array | null): readonly Float32Array[] {
	if (!descriptor || nearest(references, descriptor) < NEW_VIEW) return references;
	return [...references, descriptor].slice(-MAX_REFERENCES);
}

/** One face found twice is kept once, with its best score: overlapping boxes, or one inside of the other. */
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
