import { expect, it } from 'vitest';
import { samePerson, stabilitySection } from '../../function/verdict/stability.ts';
import { judged, video } from './verdict-samples.ts';

const flat = (level: number, n: number) => Array.from({ length: n }, () => level);
const trackOf = (logits: readonly number[]) => {
	const [track] = judged([{ logits }]).tracks;
	if (!track) throw new Error('no track');
	return track;
};

it("the section lies within the deciding stretch, or in the middle of the person's time", () => {
	expect(stabilitySection(trackOf([...flat(-2, 40), ...flat(4, 20), ...flat(-2, 10)]))).toMatchObject({
		startS: 47,
		lengthS: 6,
	});
	expect(stabilitySection(trackOf([...flat(-2, 56), ...flat(4, 5)]))).toMatchObject({ startS: 56, lengthS: 4 });
	expect(stabilitySection(trackOf(flat(-2, 61)))).toMatchObject({ startS: 27, lengthS: 6, blurPx: 2 });
});

it('there is no section for a single face, or if no face counted', () => {
	expect(stabilitySection(trackOf([3]))).toBeNull();
	const [poor] = judged([{ logits: flat(3, 10), quality: { sizePx: 20 } }]).tracks;
	expect(poor && stabilitySection(poor)).toBeNull();
});

it('finds the same person in a half-size copy, and nobody if everyone is elsewhere', () => {
	const track = trackOf(flat(3, 60));
	const half = { ...video, width: video.width / 2, height: video.height / 2 };
	const copyOf = (x: number, trackId: number) => ({
		...track,
		trackId,
		moments: [],
		faces: track.faces
			.slice(0, 6)
			.map((face) => ({ ...face, box: { x, y: 5, width: face.box.width / 2, height: face.box.height / 2 } })),
	});
	const found = (...copies: ReturnType<typeof copyOf>[]) =>
		samePerson({ tracks: copies, video: half }, { track, video, startS: 27 })?.trackId ?? null;
	expect(found(copyOf(400, 1), copyOf(6, 2))).toBe(2);
	expect(found(copyOf(400, 1))).toBeNull();
	expect(found()).toBeNull();
});
