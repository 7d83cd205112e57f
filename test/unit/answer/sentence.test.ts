import { expect, test } from 'vitest';
import { around, image, judged, type Person, video } from '../verdict-samples.ts';

const fake = (startS: number, n = 8): Person => ({ logits: around(5, n), startS });
const real = (startS: number, n = 8): Person => ({ logits: around(-5, n), startS });
const unclear = (startS: number, n = 8): Person => ({ logits: around(0, n), startS });
const small = (px: number): Person => ({ logits: around(0, 8), quality: { sizePx: px } });
const blurred: Person = { logits: around(0, 8), quality: { sharpness: 0 } };
const cut: Person = { logits: around(0, 8), quality: { outside: 0.5 } };
const still = (mean: number): Person => ({ logits: [mean] });

test('every kind of answer as a sentence', () => {
	const say = (...people: Person[]) => judged(people).verdict.sentence;
	const picture = (...people: Person[]) =>
		judged(people, image, { framesSampled: 1, framesCorrupt: 0 }).verdict.sentence;
	expect({
		'fake, one face': say(fake(12)),
		'fake, one of two': say(real(0), fake(12)),
		'fake, two of three': say(fake(30), real(0), fake(12)),
		'fake, all five': say(...[0, 10, 20, 30, 40].map((s) => fake(s))),
		'real, one face': say(real(0)),
		'real, three': say(real(0), real(5), real(9)),
		'real, others not judged': say(real(0), small(20), blurred),
		'real, one other not judged': say(real(0), small(20)),
		'unclear, one face': say(unclear(12)),
		'unclear next to one real': say(unclear(12), real(0)),
		'unclear next to two real': say(unclear(12), real(0), real(3)),
		'frames contradict': say({ logits: [-9, -9, 9, 9, 9, 9] }),
		'brief fake next to a long real': say(real(0, 95), { logits: [3, 3, 3, 0.5, 0.5, 1.7], startS: 61 }),
		'too few frames, one': say(fake(3, 1)),
		'too few frames, three': say(fake(3, 3)),
		'too few frames, two people': say(fake(3, 3), real(9, 2)),
		'most frames damaged': judged([fake(0)], video, { framesSampled: 8, framesCorrupt: 32 }).verdict.sentence,
		'no face': say(),
		'too small, one': say(small(41.7)),
		'too small, three': say(small(20), small(41), small(30)),
		'too blurred, one': say(blurred),
		'cut off, two': say(cut, cut),
		'mixed reasons': say(small(20), blurred, cut),
		'picture, fake': picture(still(5)),
		'picture, fake among three': picture(still(5), still(-5), still(-4)),
		'picture, two fakes among three': picture(still(5), still(6), still(-4)),
		'picture, real': picture(still(-5)),
		'picture, real three': picture(still(-5), still(-5), still(-4)),
		'picture, unclear': picture(still(0)),
		'picture, unclear among two': picture(still(0), still(-5)),
		'picture, no face': picture(),
	}).toMatchInlineSnapshot(`
		{
		  "brief fake next to a long real": "Inconclusive: the face at 1:01–1:06 shows strong signs but appears only briefly, while no signs were found in another face.",
		  "cut off, two": "No verdict: both faces are cut off by the edge of the picture.",
		  "fake, all five": "Strong signs that all 5 faces were manipulated: at 0:00–0:07, 0:10–0:17, 0:20–0:27 and other times.",
		  "fake, one face": "Strong signs that the face at 0:12–0:19 was manipulated.",
		  "fake, one of two": "Strong signs that the face at 0:12–0:19 was manipulated.",
		  "fake, two of three": "Strong signs that 2 of 3 faces were manipulated: at 0:12–0:19 and 0:30–0:37.",
		  "frames contradict": "Inconclusive: the frames of the face at 0:00–0:05 disagree.",
		  "mixed reasons": "No verdict: all 3 faces are too small, too blurred or cut off by the edge of the picture.",
		  "most frames damaged": "Inconclusive: most of the frames read from this video are damaged.",
		  "no face": "No verdict: no face was found in this video.",
		  "picture, fake": "Strong signs that the face in this picture was manipulated; a single picture tells less than a video.",
		  "picture, fake among three": "Strong signs that one of the 3 faces in this picture was manipulated; a single picture tells less than a video.",
		  "picture, no face": "No verdict: no face was found in this picture.",
		  "picture, real": "No signs of manipulation found in the face in this picture; this does not prove that the picture is genuine.",
		  "picture, real three": "No signs of manipulation found in 3 faces in this picture; this does not prove that the picture is genuine.",
		  "picture, two fakes among three": "Strong signs that 2 of 3 faces in this picture were manipulated; a single picture tells less than a video.",
		  "picture, unclear": "Inconclusive: the score of the face in this picture falls between the two thresholds.",
		  "picture, unclear among two": "Inconclusive: the score of one face in this picture falls between the two thresholds, while no signs were found in another face.",
		  "real, one face": "No signs of manipulation found in the face at 0:00–0:07; this does not prove that the video is genuine.",
		  "real, one other not judged": "No signs of manipulation found in 1 of 2 faces (the other could not be assessed); this does not prove that the video is genuine.",
		  "real, others not judged": "No signs of manipulation found in 1 of 3 faces (the other 2 could not be assessed); this does not prove that the video is genuine.",
		  "real, three": "No signs of manipulation found in 3 faces; this does not prove that the video is genuine.",
		  "too blurred, one": "No verdict: the only face is too blurred.",
		  "too few frames, one": "Inconclusive: the only face can be assessed in 1 frame, which is too few.",
		  "too few frames, three": "Inconclusive: the only face can be assessed in 3 frames, which is too few.",
		  "too few frames, two people": "Inconclusive: no face can be assessed in enough frames.",
		  "too small, one": "No verdict: the only face is 41 px high, which is too small.",
		  "too small, three": "No verdict: all 3 faces are too small; the largest is 41 px high.",
		  "unclear next to one real": "Inconclusive: the score of the face at 0:12–0:19 falls between the two thresholds, while no signs were found in another face.",
		  "unclear next to two real": "Inconclusive: the score of the face at 0:12–0:19 falls between the two thresholds, while no signs were found in 2 other faces.",
		  "unclear, one face": "Inconclusive: the score of the face at 0:12–0:19 falls between the two thresholds.",
		}
	`);
});
