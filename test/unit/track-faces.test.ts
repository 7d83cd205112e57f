import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Box } from '../../function/contract/report.ts';
import type { DetectedFrame, Frame, TrackedFrame } from '../../function/values.ts';
import { interpolateBox } from '../../function/vision/geometry.ts';
import { trackFaces } from '../../function/vision/track-faces.ts';

/** What is visible at one moment: a scenery (its number determines its pattern) and people by letter. */
type Scene = { readonly scenery?: number; readonly people: Readonly<Record<string, Box>> };
type Script = (timeS: number) => Scene;
type Filming = {
	readonly count: number;
	readonly stepS?: number;
	readonly stride?: number;
	/** People that the detector misses, by frame index. */
	readonly missed?: Readonly<Record<number, string>>;
};

const WIDTH = 160;
const HEIGHT = 90;
const left: Box = { x: 20, y: 20, width: 28, height: 36 };
const right: Box = { x: 104, y: 20, width: 28, height: 36 };
const middle: Box = { x: 60, y: 20, width: 28, height: 36 };
const moved = (box: Box, dx: number): Box => ({ ...box, x: box.x + dx });

/** A number 0..255 that is always the same for the same arguments. */
function noise(...of: number[]): number {
	return of.reduce((hash, part) => Math.imul(hash ^ (part + 1), 0x9e3779b1) ^ (hash >>> 13), 7) & 255;
}

/** Draws a scene: people are rectangles, each with its own pattern, in front of a patterned scenery. */
function drawn(index: number, timeS: number, { scenery = 0, people }: Scene): Frame {
	const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
	const paint = (box: Box, seed: number, cell: number) => {
		for (let y = Math.max(0, Math.round(box.y)); y < Math.min(HEIGHT, box.y + box.height); y++)
			for (let x = Math.max(0, Math.round(box.x)); x < Math.min(WIDTH, box.x + box.width); x++) {
				const [u, v] = [Math.floor((x - Math.round(box.x)) / cell), Math.floor((y - Math.round(box.y)) / cell)];
				for (let colour = 0; colour < 3; colour++) rgb[(y * WIDTH + x) * 3 + colour] = noise(seed, u, v, colour);
			}
	};
	paint({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, scenery + 1, 20);
	for (const [name, box] of Object.entries(people)) paint(box, name.charCodeAt(0), 7);
	return { index, timeS, width: WIDTH, height: HEIGHT, rgb };
}

/** Films a script: the detector sees everybody in every `stride`-th frame and in the last; `identify` is a fake that knows the script. */
function film(script: Script, { count, stepS = 0.2, stride = 1, missed = {} }: Filming) {
	const scenes = Array.from({ length: count }, (_, index) => script(index * stepS));
	const log = { identified: 0, pulled: 0, closed: false };
	async function* frames(): AsyncGenerator<DetectedFrame, void> {
		try {
			for (const [index, scene] of scenes.entries()) {
				log.pulled++;
				const isDetected = index % stride === 0 || index === count - 1;
				const found = Object.entries(scene.people).filter(([name]) => !missed[index]?.includes(name));
				yield {
					frame: drawn(index, index * stepS, scene),
					faces: isDetected ? found.map(([, box], at) => ({ box, score: 0.9 - at / 100 })) : null,
				};
			}
		} finally {
			log.closed = true;
		}
	}
	const identify = async (frame: Frame, box: Box) => {
		log.identified++;
		return descriptorOf(nearestPerson(scenes[frame.index] as Scene, box), frame.index);
	};
	return { frames: frames(), identify, log };
}

function nearestPerson({ people }: Scene, box: Box): string {
	const far = (name: string) => Math.abs((people[name] as Box).x - box.x);
	const name = Object.keys(people).sort((a, b) => far(a) - far(b))[0];
	return name !== undefined && far(name) < box.width / 2 ? name : '';
}

/** People are .85 from each other and within .1 of themselves; anything else is 1 from everybody. */
function descriptorOf(name: string, index: number): Float32Array {
	const descriptor = new Float32Array(128);
	descriptor[name === '' ? 0 : name.charCodeAt(0)] = name === '' ? 1 : 0.6;
	descriptor[127] = 0.05 * Math.sin(index);
	return descriptor;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of items) all.push(item);
	return all;
}

async function tracked(script: Script, filming: Filming) {
	const { frames, identify, log } = film(script, filming);
	const out = await collect(trackFaces(frames, identify));
	return { out, log, ids: out.map(({ faces }) => faces.map(({ trackId }) => trackId).sort((a, b) => a - b)) };
}

const boxOf = (frame: TrackedFrame | undefined, trackId: number) =>
	frame?.faces.find((face) => face.trackId === trackId)?.box;

describe('one person', () => {
	test('keeps one id with few runs of the model', async () => {
		const { ids, log } = await tracked(() => ({ people: { a: left } }), { count: 50 });
		expect(ids).toEqual(Array(50).fill([1]));
		expect(log.identified).toBe(2);
	});

	test('is interpolated linearly in time between two detections, with a null score', async () => {
		const { out } = await tracked((timeS) => ({ people: { a: moved(left, timeS * 20) } }), { count: 9, stride: 4 });
		for (const { frame, faces } of out) {
			expect(faces).toHaveLength(1);
			expect(faces[0]?.box.x).toBeCloseTo(left.x + frame.timeS * 20, 9);
			expect(faces[0]?.score === null).toBe(frame.index % 4 !== 0);
		}
	});

	test('is interpolated by time, not by frame number', async () => {
		const { identify } = film(() => ({ people: { a: left } }), { count: 3 });
		const to = moved(left, 10);
		async function* uneven(): AsyncGenerator<DetectedFrame> {
			const at = (index: number, timeS: number, box: Box) => drawn(index, timeS, { people: { a: box } });
			yield { frame: at(0, 0, left), faces: [{ box: left, score: 0.9 }] };
			yield { frame: at(1, 0.9, moved(left, 9)), faces: null };
			yield { frame: at(2, 1, to), faces: [{ box: to, score: 0.9 }] };
		}
		const out = await collect(trackFaces(uneven(), identify));
		expect(boxOf(out[1], 1)?.x).toBeCloseTo(left.x + 9, 9);
	});

	test('keeps the id when one detector frame misses the face, which then has no box', async () => {
		const { ids } = await tracked(() => ({ people: { a: left } }), { count: 4, missed: { 2: 'a' } });
		expect(ids).toEqual([[1], [1], [], [1]]);
	});

	test('found twice by the detector is one face, with the better score', async () => {
		const { identify } = film(() => ({ people: { a: left } }), { count: 1 });
		async function* doubled(): AsyncGenerator<DetectedFrame> {
			const inner = { x: left.x + 6, y: left.y + 8, width: 16, height: 20 };
			const faces = [
				{ box: moved(left, 4), score: 0.6 },
				{ box: left, score: 0.9 },
				{ box: inner, score: 0.7 },
			];
			yield { frame: drawn(0, 0, { people: { a: left } }), faces };
		}
		const [frame] = await collect(trackFaces(doubled(), identify));
		expect(frame?.faces).toMatchObject([{ trackId: 1, box: left, score: 0.9 }]);
	});

	test('who leaves and returns gets the old id, even elsewhere', async () => {
		const script: Script = (timeS) => ({ people: timeS < 2 ? { a: left } : timeS < 20 ? {} : { a: right } });
		const { ids } = await tracked(script, { count: 30, stepS: 1 });
		expect(ids.slice(0, 2)).toEqual([[1], [1]]);
		expect(ids.slice(2, 20).flat()).toEqual([]);
		expect(ids.slice(20)).toEqual(Array(10).fill([1]));
	});
});

describe('several people', () => {
	test('who cross keep their ids', async () => {
		const script: Script = (timeS) => ({
			people: { a: moved(left, timeS * 42), b: { ...moved(right, -timeS * 42), y: 24 } },
		});
		const { out } = await tracked(script, { count: 11, stepS: 0.2, missed: { 5: 'b' } });
		expect(boxOf(out[0], 1)?.x).toBe(left.x);
		expect(boxOf(out.at(-1), 1)?.x).toBeCloseTo(left.x + 84, 6);
		expect(boxOf(out.at(-1), 2)?.x).toBeCloseTo(right.x - 84, 6);
	});

	test('a stranger at the place of one who left gets a new id', async () => {
		const script: Script = (timeS) => ({ people: timeS < 2 ? { a: left } : timeS < 4 ? {} : { b: left } });
		const { ids } = await tracked(script, { count: 6, stepS: 1 });
		expect(ids).toEqual([[1], [1], [], [], [2], [2]]);
	});

	test('one who appears in the middle has no box before the first detection', async () => {
		const script: Script = (timeS) => ({ people: timeS < 1 ? { a: left } : { a: left, b: right } });
		const { ids } = await tracked(script, { count: 13, stepS: 0.2, stride: 4 });
		expect(ids.slice(0, 8)).toEqual(Array(8).fill([1]));
		expect(ids.slice(8)).toEqual(Array(5).fill([1, 2]));
	});

	test('in an interview that cuts back and forth keep their two ids', async () => {
		const script: Script = (timeS) =>
			Math.floor(timeS / 2) % 2 === 0 ? { scenery: 1, people: { a: middle } } : { scenery: 2, people: { b: middle } };
		const { ids } = await tracked(script, { count: 40 });
		expect(ids).toEqual(Array.from({ length: 40 }, (_, i) => [1 + (Math.floor((i * 0.2) / 2 + 1e-9) % 2)]));
	});

	test('a short cut to someone else between two detections is not mistaken for the first person', async () => {
		const script: Script = (timeS) =>
			timeS > 0.3 && timeS < 0.9 ? { scenery: 2, people: { b: middle } } : { scenery: 1, people: { a: middle } };
		const { ids } = await tracked(script, { count: 9, stride: 8 });
		expect(ids).toEqual([[1], [1], [], [], [], [1], [1], [1], [1]]);
	});

	test('are distinguished by identity alone if samples are far apart', async () => {
		const places = [left, right, middle];
		const script: Script = (timeS) => {
			const shot = Math.round(timeS / 36);
			return { scenery: shot % 3, people: { [shot % 2 ? 'b' : 'a']: places[(shot * 7) % 3] as Box } };
		};
		const { ids } = await tracked(script, { count: 20, stepS: 36 });
		expect(ids).toEqual(Array.from({ length: 20 }, (_, shot) => [1 + (shot % 2)]));
	});

	test('in a crowd are all tracked, with at most eight descriptors per frame', async () => {
		const crowd = Object.fromEntries(
			Array.from({ length: 12 }, (_, at) => [
				String.fromCharCode(97 + at),
				{ x: (at % 4) * 40 + 4, y: Math.floor(at / 4) * 30, width: 36 - at / 100, height: 28 },
			]),
		);
		const { ids, log } = await tracked(() => ({ people: crowd }), { count: 3 });
		expect(ids).toEqual(Array(3).fill(Array.from({ length: 12 }, (_, at) => at + 1)));
		expect(log.identified).toBeLessThanOrEqual(3 * 8);
	});
});

describe('the stream', () => {
	test('frames after the last detection and before the first have no faces', async () => {
		async function* frames(): AsyncGenerator<DetectedFrame> {
			const frame = (index: number) => drawn(index, index, { people: { a: left } });
			yield { frame: frame(0), faces: null };
			yield { frame: frame(1), faces: [{ box: left, score: 0.9 }] };
			yield { frame: frame(2), faces: null };
		}
		const out = await collect(trackFaces(frames(), async () => new Float32Array(128)));
		expect(out.map(({ frame, faces }) => [frame.index, faces.length])).toEqual([
			[0, 0],
			[1, 1],
			[2, 0],
		]);
	});

	test('holds no more frames than there are between two detections', async () => {
		const { frames, identify, log } = film(() => ({ people: { a: left } }), { count: 40, stride: 5 });
		let given = 0;
		for await (const _ of trackFaces(frames, identify)) expect(log.pulled - ++given).toBeLessThan(5);
		expect(given).toBe(40);
	});

	test('closes its source when the reader leaves early', async () => {
		const { frames, identify, log } = film(() => ({ people: { a: left } }), { count: 40, stride: 5 });
		for await (const { frame } of trackFaces(frames, identify)) if (frame.index === 2) break;
		expect(log).toMatchObject({ closed: true, pulled: 6 });
	});

	test('passes on an error of the model and closes its source', async () => {
		const { frames, log } = film(() => ({ people: { a: left } }), { count: 40 });
		const failing = trackFaces(frames, () => Promise.reject(new Error('no memory')));
		await expect(collect(failing)).rejects.toThrow('no memory');
		expect(log.closed).toBe(true);
	});

	test('pulls nothing before it is pulled', () => {
		const { frames, identify, log } = film(() => ({ people: {} }), { count: 4 });
		trackFaces(frames, identify);
		expect(log.pulled).toBe(0);
	});
});

/** Any clip: people who move, leave, return and are cut to, and a detector that misses some. */
const anyClip = fc
	.record({
		scenes: fc.array(
			fc.record({
				scenery: fc.nat(2),
				people: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.record({ x: fc.nat(130), y: fc.nat(50) }), {
					noNullPrototype: true,
				}),
			}),
			{ minLength: 1, maxLength: 12 },
		),
		stride: fc.integer({ min: 1, max: 4 }),
		stepS: fc.constantFrom(0.04, 1, 36),
	})
	.map(({ scenes, stride, stepS }) => ({
		script: (timeS: number): Scene => {
			const { scenery, people } = scenes[Math.round(timeS / stepS)] as (typeof scenes)[number];
			const sized = Object.entries(people).map(([name, at]) => [name, { ...at, width: 28, height: 36 }] as const);
			return { scenery, people: Object.fromEntries(sized) };
		},
		filming: { count: scenes.length, stride, stepS },
	}));

describe('any clip', () => {
	test('yields each frame once and in order, one face per track, with ids in order of appearance', async () => {
		await fc.assert(
			fc.asyncProperty(anyClip, async ({ script, filming }) => {
				const { out, ids } = await tracked(script, filming);
				expect(out.map(({ frame }) => frame.index)).toEqual(Array.from(out, (_, at) => at));
				for (const frameIds of ids) expect(new Set(frameIds).size).toBe(frameIds.length);
				const firsts = [...new Set(out.flatMap(({ faces }) => faces.map(({ trackId }) => trackId)))];
				expect(firsts).toEqual(firsts.map((_, at) => at + 1));
			}),
			{ numRuns: 60 },
		);
	});

	test('gives the same tracks twice', async () => {
		const facesOf = ({ out }: { out: TrackedFrame[] }) => out.map(({ faces }) => faces);
		await fc.assert(
			fc.asyncProperty(anyClip, async ({ script, filming }) => {
				expect(facesOf(await tracked(script, filming))).toEqual(facesOf(await tracked(script, filming)));
			}),
			{ numRuns: 20 },
		);
	});

	test('has interpolated boxes only on the line between two detections of the same track', async () => {
		await fc.assert(
			fc.asyncProperty(anyClip, async ({ script, filming }) => {
				const { out } = await tracked(script, filming);
				const isPass = (index: number) => index % filming.stride === 0 || index === filming.count - 1;
				for (const { frame, faces } of out)
					for (const { trackId, box } of faces.filter(({ score }) => score === null)) {
						const before = out.findLast((other) => other.frame.index < frame.index && isPass(other.frame.index));
						const after = out.find((other) => other.frame.index > frame.index && isPass(other.frame.index));
						const [from, to] = [boxOf(before, trackId), boxOf(after, trackId)];
						const share =
							(frame.index - (before?.frame.index ?? 0)) / ((after?.frame.index ?? 0) - (before?.frame.index ?? 0));
						const expected = interpolateBox(from as Box, to as Box, share);
						expect(box.x).toBeCloseTo(expected.x, 6);
						expect(box.y).toBeCloseTo(expected.y, 6);
					}
			}),
			{ numRuns: 40 },
		);
	});
});
