import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJudge } from '../../../function/verdict/judge.ts';
import { SequenceReader, type SequenceRules } from '../../../function/verdict/sequence.ts';
import { calibration, scoredFace, video } from '../verdict-samples.ts';

const rules: SequenceRules = { window: 8, overlap: 4, minFrames: 3, maxGapS: 600 };

type Refine = ConstructorParameters<typeof SequenceReader>[0];

/** Adds 1 to each frame's logit and to their mean. */
const plusOne: Refine = async ({ logits }) => {
	const raised = logits.map((logit) => logit + 1);
	return { logits: raised, videoLogit: meanOf(raised) };
};
/** A model with a gate of 0. */
const unchanged: Refine = async ({ logits }) => ({ logits, videoLogit: meanOf(logits) });
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const faceAt = (frameIndex: number, timeS: number, logit = frameIndex / 10) => ({
	...{ trackId: 1, frameIndex, timeS, logit, embedding: Float32Array.of(logit) },
});

async function read(refine: Refine, times: readonly number[], some: SequenceRules = rules) {
	const reader = new SequenceReader(refine, some);
	for (const [i, timeS] of times.entries()) await reader.add(faceAt(i, timeS));
	return (await reader.finish()).get(1);
}

const steady = (count: number) => Array.from({ length: count }, (_, i) => i / 5);

describe('a sequence model over a track', () => {
	it('gives each frame one answer, however long the track, and holds at most one window', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 3, max: 60 }), fc.integer({ min: 0, max: 7 }), async (count, overlap) => {
				let longest = 0;
				const noting: Refine = (window) => {
					longest = Math.max(longest, window.embeddings.length);
					expect(window.times[0]).toBe(0);
					return plusOne(window);
				};
				const answer = await read(noting, steady(count), { ...rules, minFrames: 2, overlap });
				const skipped = overlap === 0 && count % 8 === 1 ? 1 : 0; // a single last frame is not a sequence
				expect(answer?.logits.size).toBe(count - skipped);
				for (const [index, logit] of answer?.logits ?? []) expect(logit).toBeCloseTo(index / 10 + 1, 9);
				expect(longest).toBeLessThanOrEqual(8);
			}),
		);
	});

	it('adds the joint result to every frame', async () => {
		const together: Refine = async ({ logits }) => ({ logits, videoLogit: meanOf(logits) + 2 });
		const answer = await read(together, steady(5));
		expect([...(answer?.logits.values() ?? [])]).toEqual([0, 1, 2, 3, 4].map((i) => i / 10 + 2));
	});

	it('leaves frames unchanged if they are too few for a sequence, and reports it', async () => {
		expect(await read(plusOne, [0])).toEqual({ logits: new Map(), windows: 0, skipped: 'too-few-frames' });
		expect(await read(plusOne, [0, 3600, 7200])).toMatchObject({ windows: 0, skipped: 'too-few-frames' });
		const separate = await read(plusOne, [0, 1, 2, 3602, 3603, 3604, 9000]);
		expect(separate).toMatchObject({ windows: 2, skipped: 'too-few-frames' });
		expect([...(separate?.logits.keys() ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
	});

	it('rejects results that are not finite', async () => {
		for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
			const broken: Refine = async ({ logits }) => ({ logits: [bad, ...logits.slice(1)], videoLogit: 0 });
			expect(await read(broken, steady(20))).toEqual({ logits: new Map(), windows: 0, skipped: 'not-finite' });
			const nothing: Refine = async ({ logits }) => ({ logits, videoLogit: bad });
			expect(await read(nothing, steady(20))).toMatchObject({ windows: 0, skipped: 'not-finite' });
		}
	});

	it('keeps people separate', async () => {
		const reader = new SequenceReader(plusOne, rules);
		for (const i of steady(10).keys())
			for (const trackId of [1, 2]) await reader.add({ ...faceAt(i, i, trackId), trackId });
		const answers = await reader.finish();
		expect([1, 2].map((id) => new Set(answers.get(id)?.logits.values()))).toEqual([new Set([2]), new Set([3])]);
	});
});

describe('a verdict with a sequence model', () => {
	async function judged(refine: Refine | null) {
		const judge = createJudge({ video, calibration });
		const reader = refine && new SequenceReader(refine, rules);
		for (let i = 0; i < 20; i++) {
			const face = scoredFace({ trackId: 1, frameIndex: i, timeS: i, logit: i / 10 });
			judge.add(face);
			await reader?.add({ ...face, embedding: Float32Array.of(0) });
		}
		if (reader) judge.refine(await reader.finish());
		return { tracks: judge.tracks(), verdict: judge.verdict({ framesSampled: 20, framesCorrupt: 0 }) };
	}

	it('gives bit-identical results if the gate is 0', async () => {
		const [without, zero] = [await judged(null), await judged(unchanged)];
		expect(zero.verdict).toEqual(without.verdict);
		const [track] = zero.tracks;
		expect(track?.sequence).toEqual({ windows: 5, skipped: null });
		expect(track?.faces.every(({ sequenceLogit, logit }) => sequenceLogit === logit)).toBe(true);
		const { sequence: _, faces, ...rest } = track as NonNullable<typeof track>;
		const plain = without.tracks[0] as NonNullable<typeof track>;
		expect(rest).toEqual({ ...plain, faces: undefined });
		expect(faces.map(({ sequenceLogit: _own, ...face }) => face)).toEqual(plain.faces);
	});

	it('uses the logits of the sequence model and reports both', async () => {
		const [without, raised] = [await judged(null), await judged(plusOne)];
		const [before, after] = [without.tracks[0], raised.tracks[0]];
		expect(after?.logit).toBeCloseTo((before?.logit as number) + 1, 9);
		expect(after?.faces[3]).toMatchObject({ logit: 0.3, sequenceLogit: 1.3 });
		expect(after?.faces[3]?.fakeProbability).toBeGreaterThan(before?.faces[3]?.fakeProbability as number);
	});
});
